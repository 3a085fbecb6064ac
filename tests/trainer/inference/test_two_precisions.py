"""Half precision where it is enough: no class may differ, and no probability much."""

import pytest
import torch
from torch import Tensor

from trainer.devices.compute_mode import ComputeMode
from trainer.devices.device import PLAIN_CPU, Device
from trainer.inference.two_precisions import CERTAIN, TwoPrecisions
from trainer.inference.views import predict_both
from trainer.models.registry import build

HALF = PLAIN_CPU.in_mode(ComputeMode("bfloat16", channels_last=True))


@pytest.fixture
def images() -> Tensor:
    return torch.randn(230, 3, 32, 32, generator=torch.Generator().manual_seed(0))


def logits(
    images: Tensor, temperature: float, device: Device, count: int = 10_000
) -> tuple[Tensor, Tensor, Tensor]:
    torch.manual_seed(0)
    network = build("simple-cnn", 10, (8, 8, 16)).eval()
    found = TwoPrecisions(network, device, temperature, images=count).predict(images)
    exact = predict_both(network, images)[1]
    return *found, exact


@pytest.mark.parametrize(("device", "count"), [(PLAIN_CPU, 10_000), (HALF, 230)])
def test_in_float32_nothing_changes(images: Tensor, device: Device, count: int) -> None:
    _single, mirrored, exact = logits(images, 0.001, device, count)
    assert torch.allclose(mirrored, exact, atol=1e-5)


@pytest.mark.parametrize("temperature", [1.0, 0.05, 0.01, 0.001])
def test_uncertain_images_are_computed_exactly(images: Tensor, temperature: float) -> None:
    _single, mirrored, exact = logits(images, temperature, HALF)
    shares, wanted = (each.div(temperature).softmax(1) for each in (mirrored, exact))
    uncertain = wanted.amax(1) < CERTAIN - 0.03
    assert torch.allclose(mirrored[uncertain], exact[uncertain], atol=1e-5)
    assert (shares.argmax(1) == wanted.argmax(1)).all()
    assert (shares - wanted).abs().max() < 0.03


def test_some_images_are_certain_and_some_are_not(images: Tensor) -> None:
    """Otherwise the test above would say nothing."""
    _single, mirrored, exact = logits(images, 0.001, HALF)
    certain = exact.div(0.001).softmax(1).amax(1) > CERTAIN
    assert 0 < certain.sum() < len(images)
    assert not torch.equal(mirrored[certain], exact[certain])
