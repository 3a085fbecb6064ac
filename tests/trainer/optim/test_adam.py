"""Adam for the classic networks: compared with torch on mean losses; schedule and state."""

import pytest
import torch
from torch.nn import functional as F

from trainer.config.train_config import AdamSettings, MuonSettings
from trainer.errors import ConfigError
from trainer.models.registry import build
from trainer.models.simple_cnn import SimpleCnn
from trainer.optim.adam import AdamOptimizer
from trainer.optim.factory import make_optimizer


def network() -> SimpleCnn:
    torch.manual_seed(0)
    return SimpleCnn(3, (4, 4, 4))


def batch(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(seed)
    return torch.randn(16, 3, 32, 32), torch.randint(3, (16,))


def test_summed_losses_train_like_mean_losses() -> None:
    ours, theirs = network().eval(), network().eval()
    optimizer = AdamOptimizer(ours, AdamSettings(), steps=1_000_000)
    reference = torch.optim.Adam(theirs.parameters(), lr=0.001)
    for step in range(5):
        images, labels = batch(step)
        optimizer.schedule(step, 1.0)
        F.cross_entropy(ours(images), labels, reduction="sum").backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        F.cross_entropy(theirs(images), labels).backward()  # type: ignore[no-untyped-call]
        reference.step()
        reference.zero_grad()
    weights = zip(ours.parameters(), theirs.parameters(), network().parameters(), strict=True)
    for own, other, initial in weights:
        assert own.grad is None
        # For tiny gradients, Adam's epsilon makes a difference between sums and means.
        assert (own - other).norm() < 0.05 * (own - initial).norm()


def test_the_learning_rate_decays_linearly_or_is_scaled_on_plateaus() -> None:
    optimizer = AdamOptimizer(network(), AdamSettings(learning_rate=0.01), steps=10)
    optimizer.schedule(0)
    assert optimizer.learning_rate == 0.01
    optimizer.schedule(5)
    assert optimizer.learning_rate == pytest.approx(0.005)
    optimizer.schedule(5, 0.25)
    assert optimizer.learning_rate == pytest.approx(0.0025)
    optimizer.schedule(10)
    assert optimizer.learning_rate == 0


def test_the_settings_reach_torch() -> None:
    settings = AdamSettings(learning_rate=0.5, beta1=0.1, beta2=0.2)
    state = AdamOptimizer(network(), settings, steps=1).state_dict()
    assert state["param_groups"][0]["betas"] == (0.1, 0.2)
    assert state["param_groups"][0]["lr"] == 0.5


def test_weight_decay_applies_to_filters_and_matrices_only() -> None:
    ours, theirs = network().eval(), network().eval()
    decaying = AdamOptimizer(ours, AdamSettings(weight_decay=0.25), steps=1_000_000)
    steady = AdamOptimizer(theirs, AdamSettings(), steps=1_000_000)
    for each, optimizer in ((ours, decaying), (theirs, steady)):
        images, labels = batch(0)
        optimizer.schedule(0, 1.0)
        F.cross_entropy(each(images), labels, reduction="sum").backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    weights = zip(ours.parameters(), theirs.parameters(), network().parameters(), strict=True)
    for own, other, initial in weights:
        share = 0.25 * 0.001 if initial.ndim > 1 else 0.0
        torch.testing.assert_close(own, other - share * initial)


def test_muon_refuses_other_networks() -> None:
    with pytest.raises(ConfigError, match="Adam"):
        make_optimizer(
            build("vgg-bn", 3, (4, 4, 4)),
            MuonSettings(),
            batch_size=8,
            epochs=1,
            steps_per_epoch=2,
        )
