"""Crops and area averaging: exact where nothing changes, and without aliasing."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from trainer.data.augment.geometry import crop_boxes, crop_images, reflected, resized


def pictures(side: int, count: int = 4) -> Tensor:
    generator = torch.Generator().manual_seed(side)
    return torch.randint(
        0, 256, (count, 3, side, side), generator=generator, dtype=torch.uint8
    )  # fmt: skip


def straight(side: int) -> Tensor:
    return torch.arange(side).expand(1, 2, -1)


def box(top: float, left: float, height: float, width: float) -> Tensor:
    return torch.tensor([[[top, height], [left, width]]])


WHOLE = box(0, 0, 1, 1)


@pytest.mark.parametrize("side", [28, 32, 33])
def test_a_crop_of_everything_at_the_same_size_changes_no_pixel(side: int) -> None:
    images = pictures(side)
    assert crop_images(images, WHOLE, straight(side)).equal(images)


def test_the_places_flip_and_shift_a_crop() -> None:
    images = pictures(32)
    places = torch.stack([reflected(torch.arange(32) - 3, 32), torch.arange(32).flip(0)])[None]
    expected = F.pad(images.float(), (0, 0, 3, 0), mode="reflect")[:, :, :32].flip(3)
    assert crop_images(images, WHOLE, places).equal(expected.to(torch.uint8))


def test_a_crop_at_whole_pixels_is_cut_out() -> None:
    images = pictures(64)
    cropped = crop_images(images, box(8 / 64, 24 / 64, 0.5, 0.5), straight(32))
    assert cropped.equal(images[:, :, 8:40, 24:56])


@pytest.mark.parametrize("side", [64, 96])
def test_whole_images_are_reduced_by_area_averaging(side: int) -> None:
    images = pictures(side)
    means = F.avg_pool2d(images.float(), side // 32)
    assert (resized(images, 32).float() - means).abs().max() <= 0.5 + 1e-4
    assert resized(images, 32).equal(crop_images(images, WHOLE, straight(32)))


def test_sizes_that_do_not_divide_are_averaged_as_pillow_does() -> None:
    images = pictures(47)
    ours = resized(images, 32).permute(0, 2, 3, 1).int()
    for image, result in zip(images, ours, strict=True):
        picture = Image.fromarray(image.permute(1, 2, 0).numpy())
        reduced = np.array(picture.reduce(1).resize((32 * 47,) * 2, Image.Resampling.NEAREST))
        exact = torch.from_numpy(reduced).float().view(32, 47, 32, 47, 3).mean((1, 3))
        assert (result - exact).abs().max() <= 0.51


@pytest.mark.parametrize(("share", "contrast"), [(1.0, 1), (0.83, 60), (0.71, 110)])
def test_the_finest_stripes_turn_gray_instead_of_coarser_stripes(
    share: float, contrast: float
) -> None:
    stripes = (torch.arange(64) % 2 * 255).to(torch.uint8).expand(1, 3, 64, 64)
    cropped = crop_images(stripes, box(0, 0.1 * (1 - share), share, share), straight(32)).float()
    # Of 255, where picking single pixels leaves all of it.
    assert cropped.max() - cropped.min() <= contrast
    assert (cropped.mean() - 127.5).abs() <= 4


def test_an_enlarged_crop_is_interpolated() -> None:
    ramp = (torch.arange(32) * 8).to(torch.uint8).expand(1, 3, 32, 32)
    cropped = crop_images(ramp, box(0.25, 0.25, 0.25, 0.25), straight(32))[0, 0, 0].float()
    assert (cropped.diff() - 2).abs().max() <= 1
    assert cropped[0] == pytest.approx(8 * 7.625, abs=1)


def drawn(count: int = 20_000) -> Tensor:
    return torch.rand(count, 4, generator=torch.Generator().manual_seed(1))


def test_crops_have_the_areas_and_aspect_ratios_that_were_set() -> None:
    boxes = crop_boxes(drawn(), 0.25, 4 / 3)
    (top, height), (left, width) = boxes.unbind(1)[0].T, boxes.unbind(1)[1].T
    areas, ratios = height * width, (width / height).log()
    assert areas.min() == pytest.approx(0.25, abs=0.001)
    assert areas.max() == pytest.approx(1, abs=0.001)
    assert areas.mean() == pytest.approx(0.625, abs=0.01)
    assert ratios.abs().max() == pytest.approx(np.log(4 / 3), abs=0.001)
    small = ratios[areas < 0.75]
    assert small.std() == pytest.approx(2 * np.log(4 / 3) / 12**0.5, abs=0.005)
    assert min(top.min(), left.min()) >= 0
    assert max((top + height).max(), (left + width).max()) <= 1 + 1e-6
    assert boxes[:, :, 0].max() > 0.4


def test_crops_without_another_aspect_ratio_are_squares() -> None:
    boxes = crop_boxes(drawn(), 0.08, 1)
    assert (boxes[:, 0, 1] - boxes[:, 1, 1]).abs().max() < 1e-6


def test_places_beyond_the_border_are_reflected_as_padding_does() -> None:
    row = torch.arange(6.0).view(1, 1, 6)
    padded = F.pad(row, (5, 5), mode="reflect").flatten().long()
    assert reflected(torch.arange(-5, 11), 6).equal(padded)
