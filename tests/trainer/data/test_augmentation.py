"""Augmented batches: shuffling, each kind of augmentation, and the same result after resuming."""

from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageEnhance
from torch import Tensor
from torch.nn import functional as F

from trainer.config.augmentation import Augmentation
from trainer.data.augmentation import Batches, jitter_colors

COUNT = 40
VARIED: dict[str, Any] = {
    "flip": "random",
    "translate": 2,
    "cutout": 4,
    "zoom": 0.2,
    "color_jitter": 0.2,
}


def numbered() -> Tensor:
    """Images without symmetry, all different."""
    generator = torch.Generator().manual_seed(3)
    return torch.randint(0, 256, (COUNT, 3, 32, 32), generator=generator, dtype=torch.uint8)


def batches(seed: int = 0, batch_size: int = 10, **augmentation: Any) -> Batches:
    settings = Augmentation(**{"flip": "none", "translate": 0, **augmentation})
    labels = torch.arange(COUNT)
    return Batches(
        numbered(), labels, settings, batch_size=batch_size, seed=seed, device=torch.device("cpu")
    )


def epoch(source: Batches, number: int, first: int = 0) -> tuple[Tensor, Tensor]:
    images, labels = zip(*source.epoch(number, first), strict=True)
    return torch.cat(images), torch.cat(labels)


def test_every_image_comes_once_per_epoch_in_a_new_order_with_its_label() -> None:
    source, originals = batches(), numbered()
    orders = []
    for number in range(2):
        images, labels = epoch(source, number)
        assert sorted(labels.tolist()) == list(range(COUNT))
        assert images.equal(originals[labels])
        orders.append(labels.tolist())
    assert orders[0] != orders[1]


def test_an_incomplete_batch_is_dropped() -> None:
    source = batches(batch_size=12)
    assert len(source) == 3
    assert len(epoch(source, 0)[1]) == 36


def test_alternating_flip_shows_each_side_in_turn() -> None:
    source, originals = batches(flip="alternating"), numbered()
    sides = []
    for number in range(3):
        images, labels = epoch(source, number)
        mirrored = (images == originals[labels].flip(-1)).all((1, 2, 3))
        upright = (images == originals[labels]).all((1, 2, 3))
        assert (mirrored ^ upright).all()
        sides.append(mirrored[labels.argsort()])
    assert sides[0].any()
    assert not sides[0].all()
    assert sides[1].equal(~sides[0])
    assert sides[2].equal(sides[0])


def test_translations_stay_in_range_and_reflect_the_border() -> None:
    padded = F.pad(numbered().float(), (2,) * 4, mode="reflect").to(torch.uint8)
    seen = set()
    for number in range(4):
        for image, label in zip(*epoch(batches(translate=2), number), strict=True):
            places = [(y, x) for y in range(5) for x in range(5)
                      if image.equal(padded[label, :, y : y + 32, x : x + 32])]  # fmt: skip
            assert len(places) == 1
            seen.add(places[0])
    assert len(seen) > 20


def test_cutout_masks_one_square() -> None:
    images, labels = epoch(batches(cutout=8), 0)
    changed = (images != numbered()[labels]).any(1)
    rows, columns = changed.any(2).sum(1), changed.any(1).sum(1)
    assert (rows <= 8).all()
    assert (columns <= 8).all()
    assert changed.sum((1, 2)).max() > 55


def test_zoom_enlarges_some_images_and_shrinks_others_about_their_centers() -> None:
    disc = (torch.arange(32) - 15.5).square()
    pictures = ((disc[:, None] + disc) < 8**2).to(torch.uint8).mul(255).expand(60, 3, 32, 32)
    settings = Augmentation(flip="none", translate=0, zoom=0.5)
    source = Batches(
        pictures, torch.arange(60), settings, batch_size=60, seed=0, device=torch.device("cpu")
    )
    images, _ = epoch(source, 0)
    radii = ((images[:, 0] > 127).sum((1, 2)) / torch.pi).sqrt()
    assert 4 <= radii.min() < 6
    assert 10 < radii.max() < 12.5
    rows = torch.arange(32) - 15.5
    middles = (images[:, 0].float() * rows[:, None]).sum((1, 2)) / images[:, 0].float().sum((1, 2))
    assert middles.abs().max() < 0.1


def test_color_jitter_agrees_with_pillow() -> None:
    pixels = numbered()[0]
    picture = Image.fromarray(pixels.permute(1, 2, 0).numpy())
    enhancers = (ImageEnhance.Color, ImageEnhance.Contrast, ImageEnhance.Brightness)
    for place, enhancer in enumerate(enhancers):
        factors = torch.ones(1, 3)
        factors[0, place] = 0.7
        ours = jitter_colors(pixels[None], factors)[0].permute(1, 2, 0)
        theirs = torch.from_numpy(np.array(enhancer(picture).enhance(0.7)))
        # Pillow rounds the gray level of a pixel before it blends.
        assert (ours.int() - theirs.int()).abs().max() <= 1


def test_color_jitter_differs_between_images() -> None:
    images, labels = epoch(batches(color_jitter=0.3), 0)
    ratios = images.float().mean((1, 2, 3)) / numbered()[labels].float().mean((1, 2, 3))
    assert 0.65 < ratios.min() < 0.85
    assert 1.05 < ratios.max() < 1.35


def test_an_epoch_resumed_in_the_middle_continues_identically() -> None:
    source = batches(**VARIED)
    whole, part = epoch(source, 5), epoch(batches(**VARIED), 5, 2)
    assert whole[0][20:].equal(part[0])
    assert whole[1][20:].equal(part[1])


@pytest.mark.parametrize("other", [{"seed": 1}, {"seed": 2}])
def test_neighboring_seeds_share_no_epoch(other: dict[str, int]) -> None:
    mine = [epoch(batches(), number)[1].tolist() for number in range(4)]
    theirs = [epoch(batches(**other), number)[1].tolist() for number in range(4)]
    assert not any(order in theirs for order in mine)


def test_batches_come_channels_last() -> None:
    images, _ = next(batches(**VARIED).epoch(0))
    assert images.is_contiguous(memory_format=torch.channels_last)
