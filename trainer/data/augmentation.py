"""Batches of varied training images, the whole dataset lying on the device; used by training."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.config.train_config import Augmentation


class Batches:
    """The training images of an epoch, in random order, augmented, batch by batch.

    What comes out depends on seed, epoch and position alone, so that a resumed run sees what an
    unbroken one would have seen.

    Args:
        images: uint8 of shape [N, 3, H, W].
        labels: int64 of shape [N].
        augmentation: How to vary the images.
        batch_size: Images a batch; the rest of an epoch that fills no batch is left out, and a
            dataset smaller than a batch is one batch.
        seed: Of order and augmentation.
        device: Where the images lie and are augmented.
        part: Which of the equal parts of every batch this process gets, from 0.
        parts: How many there are.
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
        part: int = 0,
        parts: int = 1,
    ) -> None:
        self._augmentation = augmentation
        self._part, self._parts = part, parts
        self._batch_size = min(batch_size, len(images))
        self._seed = seed
        self._device = device
        self._labels = labels.to(device)
        # Channels last and already bordered: a batch is then one gather, whatever its shifts.
        self._padded = _reflect(images.to(device), augmentation.translate)
        self._side = images.size(-1)

    def __len__(self) -> int:
        """Batches an epoch."""
        return len(self._labels) // self._batch_size

    @property
    def batch_size(self) -> int:
        """Images in every batch, those of other processes included."""
        return self._batch_size

    def epoch(self, epoch: int, first: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """The batches of epoch `epoch` (from 0), beginning with number `first`.

        Yields:
            uint8 images [B, 3, H, W] in channels-last memory, and int64 labels [B].
        """
        generator = torch.Generator().manual_seed(_mix(self._seed, epoch))
        # Drawn on the CPU, so that no device draws otherwise; brought over once, so that a graphics
        # card need not wait for the processor within an epoch.
        order, *drawn = (each.to(self._device) for each in self._draw(epoch, generator))
        for index in range(first, len(self)):
            batch = order[index * self._batch_size : (index + 1) * self._batch_size]
            chosen = batch.tensor_split(self._parts)[self._part]
            yield self._varied(chosen, *(each[chosen] for each in drawn)), self._labels[chosen]

    def _draw(self, epoch: int, generator: torch.Generator) -> Iterator[Tensor]:
        """The order of all images, and what is to happen to each of them."""
        count = len(self._labels)
        reach = 2 * self._augmentation.translate + 1
        yield torch.randperm(count, generator=generator)
        yield self._mirrored(epoch, generator)
        yield torch.randint(reach, (count, 2), generator=generator)
        yield torch.randint(self._side, (count, 2), generator=generator)
        yield torch.rand(count, generator=generator) * 2 - 1
        yield torch.rand(count, 3, generator=generator) * 2 - 1

    def _varied(
        self,
        chosen: Tensor,
        mirrored: Tensor,
        offsets: Tensor,
        centres: Tensor,
        sizes: Tensor,
        colours: Tensor,
    ) -> Tensor:
        images = self._cut_out(chosen, offsets, mirrored)
        if self._augmentation.zoom > 0:
            images = zoom_images(images, 1 + self._augmentation.zoom * sizes)
        if self._augmentation.color_jitter > 0:
            images = jitter_colors(images, 1 + self._augmentation.color_jitter * colours)
        if self._augmentation.cutout > 0:
            self._blank(images, centres)
        return images

    def _mirrored(self, epoch: int, generator: torch.Generator) -> Tensor:
        count = len(self._labels)
        if self._augmentation.flip == "none":
            return torch.zeros(count, dtype=torch.bool)
        if self._augmentation.flip == "random":
            return torch.rand(count, generator=generator) < 0.5
        first = torch.Generator().manual_seed(_mix(self._seed, -1))
        return (torch.rand(count, generator=first) < 0.5) ^ (epoch % 2 == 1)

    def _cut_out(self, chosen: Tensor, offsets: Tensor, mirrored: Tensor) -> Tensor:
        steps = torch.arange(self._side, device=self._device)
        rows = offsets[:, :1] + steps
        columns = offsets[:, 1:] + torch.where(mirrored[:, None], steps.flip(0), steps)
        images = self._padded[chosen[:, None, None], rows[:, :, None], columns[:, None, :]]
        return images.permute(0, 3, 1, 2)

    def _blank(self, images: Tensor, centres: Tensor) -> None:
        size = self._augmentation.cutout
        steps = torch.arange(self._side, device=self._device)
        low = centres - size // 2
        inside = (steps >= low[:, :, None]) & (steps < low[:, :, None] + size)
        hole = inside[:, 0, :, None] & inside[:, 1, None, :]
        mean = images.float().mean((0, 2, 3)).to(torch.uint8)
        images.copy_(torch.where(hole[:, None], mean[:, None, None], images))


def _reflect(images: Tensor, border: int) -> Tensor:
    if border == 0:
        return images.permute(0, 2, 3, 1).contiguous()
    # Padding has no kernel for uint8; a chunk at a time keeps the detour through float small.
    chunks = [
        F.pad(chunk.float(), (border,) * 4, mode="reflect").to(torch.uint8).permute(0, 2, 3, 1)
        for chunk in torch.split(images, 4096)
    ]
    return torch.cat(chunks).contiguous()


def _mix(seed: int, epoch: int) -> int:
    # Neighbouring seeds must not share epochs, as seed + epoch would have it.
    return (seed * 1_000_003 + epoch + 1) % 2**63


LUMA = (0.299, 0.587, 0.114)
"""How bright red, green and blue are to the eye (ITU-R BT.601)."""


def zoom_images(images: Tensor, scales: Tensor) -> Tensor:
    """Images in other sizes about their centres; beyond the border they go on mirrored.

    Args:
        images: uint8 [N, 3, H, W].
        scales: Float [N]; above 1 enlarges.

    Returns:
        uint8 [N, 3, H, W] in channels-last memory.
    """
    shrink = torch.zeros(len(images), 2, 3, device=images.device)
    shrink[:, 0, 0] = shrink[:, 1, 1] = 1 / scales
    grid = F.affine_grid(shrink, list(images.shape), align_corners=False)
    sampled = F.grid_sample(images.float(), grid, padding_mode="reflection", align_corners=False)
    return _whole(sampled).contiguous(memory_format=torch.channels_last)


def jitter_colors(images: Tensor, factors: Tensor) -> Tensor:
    """Images with other saturation, contrast and brightness.

    Args:
        images: uint8 [N, 3, H, W].
        factors: Float [N, 3], of saturation, contrast and brightness in this order; 1 leaves all.

    Returns:
        uint8 [N, 3, H, W].
    """
    saturation, contrast, brightness = factors.view(-1, 3, 1, 1, 1).unbind(1)
    colours = images.float()
    # Numbers, not a tensor of them: that would be brought over to the device for every batch.
    parts = zip(LUMA, torch.split(colours, 1, dim=1), strict=True)
    grey = torch.stack([weight * part for weight, part in parts]).sum(0)
    colours = torch.lerp(grey, colours, saturation)
    colours = torch.lerp(grey.mean((2, 3), keepdim=True), colours, contrast)
    return _whole(colours * brightness)


def _whole(colours: Tensor) -> Tensor:
    return colours.round().clamp(0, 255).to(torch.uint8)
