"""JPEG without files, against the files that Pillow writes and reads."""

import io

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from trainer.data.augment.jpeg import compress_colors

COUNT = 24


def photographs(side: int) -> Tensor:
    """Soft shapes with a little noise, uint8 [COUNT, side, side, 3]."""
    random = np.random.default_rng(side)
    drawn = []
    for _ in range(COUNT):
        shapes = Image.fromarray(random.integers(0, 256, (6, 6, 3), dtype=np.uint8))
        pixels = np.array(shapes.resize((side, side), Image.Resampling.BICUBIC), dtype=float)
        drawn.append((pixels + random.normal(0, 5, pixels.shape)).clip(0, 255).astype(np.uint8))
    return torch.from_numpy(np.stack(drawn))


def compressed(pixels: Tensor, quality: int, *, subsampled: bool) -> Tensor:
    colors = pixels.permute(0, 3, 1, 2).float()
    result = compress_colors(colors, torch.full((len(pixels),), quality), subsampled=subsampled)
    return result.permute(0, 2, 3, 1).round().clamp(0, 255)


def written_by_pillow(pixels: Tensor, quality: int, *, subsampled: bool) -> Tensor:
    read = []
    for each in pixels:
        file = io.BytesIO()
        picture, sampling = Image.fromarray(each.numpy()), "4:2:0" if subsampled else "4:4:4"
        picture.save(file, "JPEG", quality=quality, subsampling=sampling)
        read.append(np.array(Image.open(file)))
    return torch.from_numpy(np.stack(read)).float()


@pytest.mark.parametrize("subsampled", [False, True])
@pytest.mark.parametrize("quality", [30, 50, 75, 95])
def test_it_is_what_pillow_writes_and_reads(quality: int, *, subsampled: bool) -> None:
    pixels = photographs(32)
    ours = compressed(pixels, quality, subsampled=subsampled)
    theirs = written_by_pillow(pixels, quality, subsampled=subsampled)
    difference = (ours - theirs).abs().mean()
    # Of 255 levels; rounding decides between two steps now and then.
    assert difference < 1.2
    assert difference < (pixels - theirs).abs().mean() / 3


def test_lower_quality_loses_more() -> None:
    pixels = photographs(32)
    losses = [
        float((compressed(pixels, quality, subsampled=False) - pixels).abs().mean())
        for quality in (30, 60, 90, 100)
    ]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] > 2 * losses[-1]


def test_each_image_has_its_own_quality() -> None:
    colors = photographs(32)[:1].permute(0, 3, 1, 2).float().expand(3, -1, -1, -1)
    qualities = torch.tensor([30, 95, 30])
    low, high, low_again = compress_colors(colors, qualities, subsampled=True)
    assert low.equal(low_again)
    assert (low - colors[0]).abs().mean() > (high - colors[0]).abs().mean()


@pytest.mark.parametrize("side", [27, 40])
@pytest.mark.parametrize("subsampled", [False, True])
def test_blocks_at_the_border_may_be_incomplete(side: int, *, subsampled: bool) -> None:
    pixels = photographs(side)
    ours = compressed(pixels, 75, subsampled=subsampled)
    theirs = written_by_pillow(pixels, 75, subsampled=subsampled)
    assert ours.shape == pixels.shape
    assert (ours - theirs).abs().mean() < 1.2


def test_colors_beyond_the_range_are_cut_off_first() -> None:
    glaring = torch.tensor([-40.0, 300.0]).repeat(16).expand(1, 3, 32, 32)
    within = glaring.clamp(0, 255)
    quality = torch.tensor([80])
    assert compress_colors(glaring, quality, subsampled=False).equal(
        compress_colors(within, quality, subsampled=False)
    )
