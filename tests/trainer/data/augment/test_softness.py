"""Blur and noise: nothing at zero, and as strong as they say."""

import pytest
import torch

from trainer.data.augment.softness import NOISE_VALUES, add_noise, blur_colors, gaussian_noise


def test_no_blur_changes_nothing() -> None:
    colors = torch.randint(0, 256, (5, 3, 32, 32)).float()
    assert blur_colors(colors, torch.zeros(5)).round().equal(colors)


@pytest.mark.parametrize("sigma", [0.6, 1.0, 2.5])
def test_a_point_becomes_a_gaussian_of_that_width(sigma: float) -> None:
    point = torch.zeros(1, 3, 33, 33)
    point[:, :, 16, 16] = 255
    steps = torch.arange(33.0) - 16
    bell = (steps.square() / -2 / sigma**2).exp()
    bell = bell / bell.sum()
    blurred = blur_colors(point, torch.tensor([sigma]))
    assert (blurred - 255 * bell[:, None] * bell).abs().max() < 1e-3


def test_a_plain_picture_stays_plain_up_to_the_border() -> None:
    plain = torch.full((2, 3, 32, 32), 77.0)
    assert (blur_colors(plain, torch.tensor([0.5, 3.0])) - 77).abs().max() < 1e-3


def test_each_image_has_its_own_blur() -> None:
    images = torch.rand(1, 3, 32, 32).expand(3, -1, -1, -1) * 255
    sharpness = blur_colors(images, torch.tensor([0.0, 0.7, 2.0])).diff(dim=3).abs().mean((1, 2, 3))
    assert sharpness[0] > 1.5 * sharpness[1] > 2 * sharpness[2]


def test_noise_has_its_strength_and_differs_between_images_and_channels() -> None:
    deviations, starts = torch.tensor([0.0, 2.0, 20.0]), torch.tensor([0.3, 0.1, 0.7])
    gray = torch.full((3, 3, 64, 64), 128.0)
    noise = add_noise(gray, deviations, starts, gaussian_noise(4)) - gray
    assert noise.std((1, 2, 3)).tolist() == pytest.approx([0, 2, 20], rel=0.03)
    assert noise.mean((1, 2, 3)).abs().max() < 0.6
    scaled = noise[1:].flatten(0, 1).flatten(1)
    correlations = torch.corrcoef(scaled) - torch.eye(6)
    assert correlations.abs().max() < 0.08


def test_noise_may_start_anywhere() -> None:
    gray = torch.zeros(2, 3, 32, 32)
    ends = torch.tensor([0.0, 1 - 2**-24])
    first, last = add_noise(gray, torch.ones(2), ends, noise := gaussian_noise(0))
    assert first.flatten().equal(noise[:3072])
    assert last.flatten().equal(noise[NOISE_VALUES - 3072 :])
