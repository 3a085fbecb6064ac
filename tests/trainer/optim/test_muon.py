"""Muon and its schedule, compared with the mathematics."""

import pytest
import torch

from trainer.config.train_config import MuonSettings
from trainer.models.sprint_net import SprintNet
from trainer.optim.muon import Muon, orthogonalize, orthogonalize_all
from trainer.optim.sprint_optimizer import SprintOptimizer


@pytest.mark.parametrize("shape", [(16, 40), (40, 16), (24, 24)])
def test_orthogonalization_brings_singular_values_near_one(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    matrices = torch.randn(3, *shape)
    values = torch.linalg.svdvals(orthogonalize(matrices, steps=6))
    assert values.min() > 0.5
    assert values.max() < 1.35


def test_orthogonalization_keeps_the_singular_vectors() -> None:
    torch.manual_seed(0)
    left, _, right = torch.linalg.svd(torch.randn(12, 12))
    matrix = left @ torch.diag(torch.linspace(1, 2, 12)) @ right
    product = left.T @ orthogonalize(matrix[None], steps=6)[0] @ right.T
    off_diagonal = product - product.diag().diag()
    assert off_diagonal.abs().max() < 0.05


def test_matrices_of_several_shapes_are_returned_in_order() -> None:
    torch.manual_seed(0)
    matrices = [torch.randn(shape) for shape in [(4, 9), (8, 9), (4, 9), (9, 4)]]
    results = orthogonalize_all(matrices)
    for matrix, result in zip(matrices, results, strict=True):
        alone = orthogonalize(matrix[None])[0]
        assert torch.allclose(result, alone, atol=0.02)


def test_muon_converges_to_given_filters() -> None:
    torch.manual_seed(0)
    truth = torch.randn(8, 4, 3, 3)
    truth *= 8**0.5 / truth.norm()
    weight = torch.randn(8, 4, 3, 3, requires_grad=True)
    optimizer = Muon([weight], lr=0.05, momentum=0.6)
    for step in range(200):
        optimizer.param_groups[0]["lr"] = 0.05 * (1 - step / 200)
        optimizer.zero_grad()
        (weight - truth).square().sum().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    assert (weight - truth).norm() < 0.05 * truth.norm()


def test_the_schedule_ends_at_zero_and_freezes_the_whitening_biases() -> None:
    network = SprintNet(3, (4, 4, 4))
    pair = SprintOptimizer(network, MuonSettings(), batch_size=10, steps=10, whitening_steps=4)
    pair.schedule(0)
    assert pair.learning_rate == MuonSettings().learning_rate
    assert network.whitening_bias.requires_grad
    pair.schedule(5)
    assert pair.learning_rate == pytest.approx(MuonSettings().learning_rate / 2)
    assert not network.whitening_bias.requires_grad
    pair.schedule(10)
    assert pair.learning_rate == 0


def test_whitening_makes_patches_uncorrelated() -> None:
    torch.manual_seed(0)
    images = torch.randn(200, 3, 32, 32).cumsum(-1) / 4
    network = SprintNet(3, (4, 4, 4))
    network.prepare(images)
    with torch.no_grad():
        outputs = network.whitening(images)[:, :12]
    channels = outputs.transpose(0, 1).flatten(1)
    correlation = torch.corrcoef(channels)
    assert (correlation - torch.eye(12)).abs().max() < 0.15
