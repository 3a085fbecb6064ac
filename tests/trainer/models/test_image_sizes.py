"""Networks for images of every size that a run may have."""

from itertools import product

import pytest
import torch
from torch.nn import functional as F

from trainer.config.image_size import LARGEST_SIDE, SMALLEST_SIDE, images_of_size
from trainer.config.recipes import RECIPES, recipe
from trainer.models.registry import MODELS, build
from trainer.models.sprint_net import SprintNet

NARROW = {name: (4, 8, 8, 8)[: len(recipe(name).widths)] for name in RECIPES}
SIDES = (SMALLEST_SIDE, 17, 31, 33, 48, 64, LARGEST_SIDE)


@pytest.mark.parametrize(("name", "side"), list(product(RECIPES, SIDES)))
def test_every_network_learns_from_images_of_every_size(name: str, side: int) -> None:
    torch.manual_seed(0)
    network = build(recipe(name).architecture, 5, NARROW[name])
    images = torch.randn(4, 3, side, side)
    network.prepare(images)
    logits = network(images)
    logits.logsumexp(1).sum().backward()
    assert logits.shape == (4, 5)
    trained = [each for each in network.parameters() if each.requires_grad]
    gradients = [each.grad for each in trained if each.grad is not None]
    assert len(gradients) == len(trained)
    assert all(each.isfinite().all() for each in gradients)
    assert gradients[0].any()
    assert network.eval()(images[:1]).shape == (1, 5)


def test_every_architecture_is_tried() -> None:
    assert {recipe(name).architecture for name in RECIPES} == set(MODELS)


def test_at_the_usual_size_the_last_pooling_is_that_of_three_by_three() -> None:
    torch.manual_seed(0)
    network = SprintNet(10, (8, 16, 16)).to(memory_format=torch.channels_last)
    images = torch.randn(8, 3, 32, 32).round()  # with equal values, of which the first counts
    weights = [each for each in network.parameters() if each.requires_grad]

    def pooled_by_three() -> torch.Tensor:
        features = F.gelu(network.whitening(images))
        for group in network.groups:
            features = group(features)
        pooled = F.max_pool2d(features, 3).flatten(1)
        logits: torch.Tensor = network.head(pooled) / pooled.size(1)
        return logits

    expected, logits = pooled_by_three(), network(images)
    assert logits.equal(expected)
    gradients = zip(
        torch.autograd.grad(logits.square().sum(), weights),
        torch.autograd.grad(expected.square().sum(), weights),
        strict=True,
    )
    assert all(first.equal(second) for first, second in gradients)


def test_larger_images_come_in_smaller_batches() -> None:
    assert [images_of_size(500, side) for side in (16, 32, 64, 128)] == [500, 500, 125, 31]
    assert images_of_size(3, 128) == 1
