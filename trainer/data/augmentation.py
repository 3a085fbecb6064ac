"""Batches of augmented training images, with the whole dataset on the device."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.config.train_config import Augmentation


class Batches:
    """The training images of an epoch, shuffled and augmented, batch by batch.

    The batches depend only on the seed, the epoch and the position in it, so a resumed run sees
    exactly what an uninterrupted one would have seen.

    Args:
        images: uint8 tensor of shape [N, 3, H, W].
        labels: int64 tensor of shape [N].
        augmentation: How to augment the images.
        batch_size: Images per batch. The last, incomplete batch of an epoch is dropped; a dataset
            smaller than a batch is a single batch.
        seed: Seed of the shuffling and the augmentation.
        device: Device that holds and augments the images.
        rank: Index of this process, which gets its share of every batch.
        world_size: Number of processes that share every batch.
    """

    def __init__(
        self,
        images: Tensor,
        labels: Tensor,
        augmentation: Augmentation,
        *,
        batch_size: int,
        seed: int,
        device: torch.device,
        rank: int = 0,
        world_size: int = 1,
    ) -> None:
        self._augmentation = augmentation
        self._rank, self._world_size = rank, world_size
        self._batch_size = min(batch_size, len(images))
        self._seed = seed
        self._device = device
        self._labels = labels.to(device)
        # Channels last and already padded: a batch is then a single gather, whatever its shifts.
        self._padded = _reflect(images.to(device), augmentation.translate)
        self._side = images.size(-1)

    def __len__(self) -> int:
        """Batches per epoch."""
        return len(self._labels) // self._batch_size

    @property
    def batch_size(self) -> int:
        """Images per batch, over all processes."""
        return self._batch_size

    def epoch(self, epoch: int, first: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """The batches of epoch number `epoch` (from 0), starting with batch number `first`.

        Yields:
            uint8 images [B, 3, H, W] in channels-last memory, and int64 labels [B].
        """
        generator = torch.Generator().manual_seed(_epoch_seed(self._seed, epoch))
        # Drawn on the CPU, so that every device gets the same numbers; transferred once per epoch,
        # so that a GPU need not wait for the CPU within it.
        order, *drawn = (each.to(self._device) for each in self._draw(epoch, generator))
        for index in range(first, len(self)):
            batch = order[index * self._batch_size : (index + 1) * self._batch_size]
            chosen = batch.tensor_split(self._world_size)[self._rank]
            yield self._augment(chosen, *(each[chosen] for each in drawn)), self._labels[chosen]

    def _draw(self, epoch: int, generator: torch.Generator) -> Iterator[Tensor]:
        """The order of all images, and the random augmentation parameters of each."""
        count = len(self._labels)
        offsets = 2 * self._augmentation.translate + 1
        yield torch.randperm(count, generator=generator)
        yield self._flips(epoch, generator)
        yield torch.randint(offsets, (count, 2), generator=generator)
        yield torch.randint(self._side, (count, 2), generator=generator)
        yield torch.rand(count, generator=generator) * 2 - 1
        yield torch.rand(count, 3, generator=generator) * 2 - 1

    def _augment(
        self,
        chosen: Tensor,
        mirrored: Tensor,
        offsets: Tensor,
        centers: Tensor,
        sizes: Tensor,
        colors: Tensor,
    ) -> Tensor:
        images = self._gather(chosen, offsets, mirrored)
        if self._augmentation.zoom > 0:
            images = zoom_images(images, 1 + self._augmentation.zoom * sizes)
        if self._augmentation.color_jitter > 0:
            images = jitter_colors(images, 1 + self._augmentation.color_jitter * colors)
        if self._augmentation.cutout > 0:
            self._cut_out(images, centers)
        return images

    def _flips(self, epoch: int, generator: torch.Generator) -> Tensor:
        count = len(self._labels)
        if self._augmentation.flip == "none":
            return torch.zeros(count, dtype=torch.bool)
        if self._augmentation.flip == "random":
            return torch.rand(count, generator=generator) < 0.5
        first = torch.Generator().manual_seed(_epoch_seed(self._seed, -1))
        return (torch.rand(count, generator=first) < 0.5) ^ (epoch % 2 == 1)

    def _gather(self, chosen: Tensor, offsets: Tensor, mirrored: Tensor) -> Tensor:
        steps = torch.arange(self._side, device=self._device)
        rows = offsets[:, :1] + steps
        columns = offsets[:, 1:] + torch.where(mirrored[:, None], steps.flip(0), steps)
        images = self._padded[chosen[:, None, None], rows[:, :, None], columns[:, None, :]]
        return images.permute(0, 3, 1, 2)

    def _cut_out(self, images: Tensor, centers: Tensor) -> None:
        size = self._augmentation.cutout
        steps = torch.arange(self._side, device=self._device)
        low = centers - size // 2
        inside = (steps >= low[:, :, None]) & (steps < low[:, :, None] + size)
        hole = inside[:, 0, :, None] & inside[:, 1, None, :]
        mean = images.float().mean((0, 2, 3)).to(torch.uint8)
        images.copy_(torch.where(hole[:, None], mean[:, None, None], images))


def _reflect(images: Tensor, border: int) -> Tensor:
    if border == 0:
        return images.permute(0, 2, 3, 1).contiguous()
    # Padding has no uint8 kernel; converting in chunks keeps the detour through float small.
    chunks = [
        F.pad(chunk.float(), (border,) * 4, mode="reflect").to(torch.uint8).permute(0, 2, 3, 1)
        for chunk in torch.split(images, 4096)
    ]
    return torch.cat(chunks).contiguous()


def _epoch_seed(seed: int, epoch: int) -> int:
    # seed + epoch would make neighboring seeds share epochs.
    return (seed * 1_000_003 + epoch + 1) % 2**63


LUMA = (0.299, 0.587, 0.114)
"""Luminance weights of red, green and blue (ITU-R BT.601)."""


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
    return _to_uint8(sampled).contiguous(memory_format=torch.channels_last)


def jitter_colors(images: Tensor, factors: Tensor) -> Tensor:
    """Change saturation, contrast and brightness of images.

    Args:
        images: uint8 tensor of shape [N, 3, H, W].
        factors: Float tensor of shape [N, 3], the factors of saturation, contrast and brightness;
            1 leaves an image unchanged.

    Returns:
        uint8 tensor of shape [N, 3, H, W].
    """
    saturation, contrast, brightness = factors.view(-1, 3, 1, 1, 1).unbind(1)
    colors = images.float()
    # Python floats, as a tensor would have to be transferred to the device for every batch.
    channels = zip(LUMA, torch.split(colors, 1, dim=1), strict=True)
    gray = torch.stack([weight * channel for weight, channel in channels]).sum(0)
    colors = torch.lerp(gray, colors, saturation)
    colors = torch.lerp(gray.mean((2, 3), keepdim=True), colors, contrast)
    return _to_uint8(colors * brightness)


def _to_uint8(colors: Tensor) -> Tensor:
    return colors.round().clamp(0, 255).to(torch.uint8)
