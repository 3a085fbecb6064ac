"""Crops and scales, resampled by area, so that nothing aliases where pixels become fewer."""

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.data.augment.rounding import to_uint8


def reflected(places: Tensor, side: int) -> Tensor:
    """Fold whole-numbered places beyond the border back into an image, not repeating its edge.

    Args:
        places: int64 tensor of any shape, from `1 - side` to `2 * side - 2`.
        side: Width or height of the image.
    """
    return side - 1 - (side - 1 - places.abs()).abs()


def crop_boxes(drawn: Tensor, smallest: float, aspect: float) -> Tensor:
    """Random crops for random resized cropping (Szegedy et al. 2015).

    The area is uniform from `smallest` to 1, the aspect ratio log-uniform from `1 / aspect` to
    `aspect`, narrowed to what fits into the image, and the position uniform.

    Args:
        drawn: Uniform random numbers from 0 to 1, shape [N, 4].
        smallest: Smallest share of the area.
        aspect: Largest change of the aspect ratio.

    Returns:
        Float tensor of shape [N, 2, 2]: start and length, of rows and of columns, as shares of the
        side.
    """
    area = smallest + (1 - smallest) * drawn[:, 0]
    widest = torch.full_like(area, aspect).minimum(1 / area).log()
    stretch = (widest * (drawn[:, 1] - 0.5)).exp()
    lengths = area.sqrt()[:, None] * torch.stack([1 / stretch, stretch], 1)
    lengths = lengths.clamp(max=1)
    return torch.stack([drawn[:, 2:] * (1 - lengths), lengths], 2)


def area_weights(centers: Tensor, scales: Tensor, side: int) -> Tensor:
    """How much each stored pixel contributes to each pixel of a crop, along one axis.

    A pixel is the mean of the area that it covers; where a crop is enlarged, it is interpolated
    linearly. Beyond the border there is nothing: what is inside counts fully.

    Args:
        centers: Where the new pixels lie in the stored image, in its pixels, shape [N, new side].
        scales: Size of a new pixel in stored pixels, shape [N].
        side: Width or height of the stored image.

    Returns:
        Float tensor of shape [N, new side, side]; its rows sum to 1.
    """
    reach = (scales.clamp(min=1) + 1) / 2
    pixels = torch.arange(side, device=centers.device) + 0.5
    covered = (reach[:, None, None] - (centers[:, :, None] - pixels).abs()).clamp(0, 1)
    return covered / covered.sum(2, keepdim=True)


def weighted(colors: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """New images whose pixels are weighted sums of pixels, separably.

    Args:
        colors: Float tensor of shape [N, 3, H, W].
        rows: Weights of shape [N, new H, H].
        columns: Weights of shape [N, new W, W].

    Returns:
        Float tensor of shape [N, 3, new H, new W].
    """
    narrow = torch.bmm(colors.flatten(1, 2), columns.transpose(1, 2))
    return rows[:, None] @ narrow.view(*colors.shape[:3], -1)


def resized(images: Tensor, side: int) -> Tensor:
    """Whole images at another size, reduced by area averaging.

    Args:
        images: uint8 tensor of shape [N, 3, H, H].
        side: The new width and height.

    Returns:
        uint8 tensor of shape [N, 3, side, side].
    """
    if side == images.size(2):
        return images
    places = torch.arange(side, device=images.device).expand(1, 2, -1)
    whole = torch.tensor([[[0.0, 1.0]] * 2], device=images.device)
    # In chunks, as the float images need four times the memory.
    return torch.cat([crop_images(each, whole, places) for each in torch.split(images, 256)])


def crop_images(images: Tensor, boxes: Tensor, places: Tensor) -> Tensor:
    """Cut crops out of images, scaled to squares of as many pixels as there are places.

    Args:
        images: uint8 tensor of shape [N, 3, H, H].
        boxes: The crops, as `crop_boxes` returns them; of shape [1, 2, 2] if all are the same.
        places: Which rows and columns of the scaled crop make the result, in any order, int64 of
            shape [N, 2, side] or [1, 2, side]; so flips and shifts cost nothing more.

    Returns:
        uint8 tensor of shape [N, 3, side, side].
    """
    stored = images.size(2)
    starts, scales = stored * boxes[:, :, 0], stored / places.size(2) * boxes[:, :, 1]
    centers = starts[:, :, None] + (places + 0.5) * scales[:, :, None]
    rows, columns = (
        area_weights(centers[:, axis], scales[:, axis], stored).expand(len(images), -1, -1)
        for axis in range(2)
    )
    return to_uint8(weighted(images.float(), rows, columns))


def zoom_images(images: Tensor, scales: Tensor) -> Tensor:
    """Scale images about their centers; beyond the border they are reflected.

    Args:
        images: uint8 tensor of shape [N, 3, H, W].
        scales: Float tensor of shape [N]; values above 1 enlarge.

    Returns:
        uint8 tensor of shape [N, 3, H, W] in channels-last memory.
    """
    shrink = torch.zeros(len(images), 2, 3, device=images.device)
    shrink[:, 0, 0] = shrink[:, 1, 1] = 1 / scales
    grid = F.affine_grid(shrink, list(images.shape), align_corners=False)
    sampled = F.grid_sample(images.float(), grid, padding_mode="reflection", align_corners=False)
    return to_uint8(sampled).contiguous(memory_format=torch.channels_last)
