"""Augmented batches: shuffling, each kind of augmentation, and the same result after resuming."""

import hashlib
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageEnhance
from torch import Tensor
from torch.nn import functional as F

from trainer.config.augmentation import Augmentation
from trainer.data.augment.colors import jitter_colors
from trainer.data.augmentation import Batches

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


CROPS: dict[str, Any] = {"crop_scale": 0.3, "crop_aspect": 4 / 3}
PHOTOGRAPHIC = [
    CROPS, {"grayscale": 0.5}, {"blur": 1.5}, {"noise": 0.1}, {"jpeg": 0.5}, {"jpeg": 1.0},
]  # fmt: skip
ALL: dict[str, Any] = {
    **VARIED, **CROPS, "grayscale": 0.3, "blur": 1.0, "noise": 0.05, "jpeg": 0.6,
}  # fmt: skip


def checksum(source: Batches) -> str:
    seen = hashlib.sha256()
    for number in range(2):
        for each in epoch(source, number):
            seen.update(each.contiguous().numpy().tobytes())
    return seen.hexdigest()[:16]


def test_seeds_give_the_batches_that_they_always_gave() -> None:
    # Of the version before random crops: checkpoints of that time are resumed with these batches.
    assert checksum(batches(7, flip="alternating", translate=3)) == "24f38ea40840dfcc"
    assert checksum(batches(8, flip="random", translate=2, cutout=6)) == "31eb39e556eff576"


@pytest.mark.parametrize("settings", PHOTOGRAPHIC)
def test_crops_and_effects_change_nothing_else(settings: dict[str, Any]) -> None:
    plain, changed = batches(flip="random"), batches(flip="random", **settings)
    assert epoch(plain, 1)[1].equal(epoch(changed, 1)[1])
    assert not epoch(plain, 1)[0].equal(epoch(changed, 1)[0])


@pytest.mark.parametrize("settings", PHOTOGRAPHIC)
def test_each_image_is_changed_by_itself(settings: dict[str, Any]) -> None:
    same = numbered()[:1].expand(COUNT, -1, -1, -1).contiguous()
    source = Batches(
        same, torch.arange(COUNT), Augmentation(flip="none", translate=0, **settings),
        batch_size=COUNT, seed=0, device=torch.device("cpu"),
    )  # fmt: skip
    images, _ = epoch(source, 0)
    again, _ = epoch(source, 1)
    versions = {image.numpy().tobytes() for image in images}
    assert len(versions) == 2 if "grayscale" in settings else len(versions) > COUNT // 4
    assert not images.equal(again)


def test_half_of_the_images_become_gray() -> None:
    images, labels = epoch(batches(grayscale=0.5), 0)
    gray = (images == images[:, :1]).all((1, 2, 3))
    assert 8 < gray.sum() < 32
    assert images[~gray].equal(numbered()[labels][~gray])


def test_jpeg_leaves_the_rest_of_the_images_untouched() -> None:
    images, labels = epoch(batches(jpeg=0.5), 0)
    kept = (images == numbered()[labels]).all((1, 2, 3))
    assert 8 < kept.sum() < 32


def test_with_everything_an_epoch_resumed_in_the_middle_continues_identically() -> None:
    whole, part = epoch(batches(**ALL), 5), epoch(batches(**ALL), 5, 2)
    assert whole[0][20:].equal(part[0])
    assert whole[1][20:].equal(part[1])


def test_processes_share_the_images_of_one_process() -> None:
    settings = Augmentation(**{**ALL, "cutout": 0})
    alone, *shared = (
        Batches(
            numbered(), torch.arange(COUNT), settings, batch_size=20, seed=3,
            device=torch.device("cpu"), rank=rank, world_size=size,
        )
        for rank, size in ((0, 1), (0, 3), (1, 3), (2, 3))
    )  # fmt: skip
    for (images, labels), *parts in zip(
        *(each.epoch(2) for each in (alone, *shared)), strict=True
    ):  # fmt: skip
        assert torch.cat([part[1] for part in parts]).equal(labels)
        # Sums in another order may round another way, and JPEG may then take another step.
        assert (torch.cat([part[0] for part in parts]) != images).float().mean() < 0.01


@pytest.mark.parametrize(("stored", "shown"), [(32, 32), (28, 28), (33, 33), (17, 30), (48, 32)])
@pytest.mark.parametrize("rare", [True, False])
def test_any_size_and_effects_that_hit_no_image_or_all(
    stored: int, shown: int, *, rare: bool
) -> None:
    settings: dict[str, Any] = {"jpeg": 1.0, "grayscale": 1.0, "blur": 4, "noise": 0.5}
    if rare:
        settings = {"jpeg": 1e-9, "grayscale": 1e-9}
    pixels = torch.randint(0, 256, (130, 3, stored, stored), dtype=torch.uint8)
    source = Batches(
        pixels, torch.arange(130), Augmentation(flip="none", translate=0, **settings),
        batch_size=130, seed=0, device=torch.device("cpu"), output_size=shown,
    )  # fmt: skip
    images, labels = epoch(source, 0)
    assert images.shape == (130, 3, shown, shown)
    if rare and stored == shown:
        assert images.equal(pixels[labels])
    assert rare or not images.equal(images.flip(0))


def larger(count: int = COUNT) -> Tensor:
    generator = torch.Generator().manual_seed(9)
    return torch.randint(0, 256, (count, 3, 64, 64), generator=generator, dtype=torch.uint8)


def smaller_batches(images: Tensor, **augmentation: Any) -> Batches:
    return Batches(
        images, torch.arange(len(images)), Augmentation(**augmentation), batch_size=len(images),
        seed=0, device=torch.device("cpu"), output_size=32,
    )  # fmt: skip


def test_larger_images_are_reduced_before_all_else() -> None:
    settings: dict[str, Any] = {"flip": "random", "translate": 2, "cutout": 5, "zoom": 0.1}
    means = F.avg_pool2d(larger().float(), 2).round().to(torch.uint8)
    images, labels = epoch(smaller_batches(larger(), **settings), 0)
    expected, expected_labels = epoch(smaller_batches(means, **settings), 0)
    assert labels.equal(expected_labels)
    assert (images.int() - expected.int()).abs().max() <= 1


def test_crops_show_what_larger_images_have_more() -> None:
    fine = torch.zeros(COUNT, 3, 64, 64, dtype=torch.uint8)
    fine[:, :, :, ::2] = 255
    crops, _ = epoch(smaller_batches(fine, flip="none", translate=0, crop_scale=0.1), 0)
    whole, _ = epoch(smaller_batches(fine, flip="none", translate=0), 0)
    assert crops.shape[2:] == whole.shape[2:] == (32, 32)
    assert whole.float().std() < 1
    assert crops.float().std() > 20


def test_crops_are_flipped_and_translated_like_whole_images() -> None:
    # Of nothing but vertical stripes, a crop of any height is the same; at a width of all, too.
    left = torch.zeros(COUNT, 3, 32, 32, dtype=torch.uint8)
    left[:, :, :, :16] = 255
    images, _ = epoch(smaller_batches(left, flip="random", translate=0, crop_scale=0.9), 0)
    mirrored = images[:, :, :, -4:].float().mean((1, 2, 3)) > 127
    assert 8 < mirrored.sum() < 32
    assert (images[:, :, :, :4].float().mean((1, 2, 3)) > 127).equal(~mirrored)
