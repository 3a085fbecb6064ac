"""Batches of augmented training images, with the whole dataset on the device."""

from collections.abc import Iterator

import torch
from torch import Tensor

from trainer.config.augmentation import Augmentation
from trainer.data.augment.colors import jitter_colors
from trainer.data.augment.effects import Effects
from trainer.data.augment.geometry import crop_boxes, crop_images, reflected, resized, zoom_images
from trainer.data.sampling import EpochSampler

_CROP_DRAWN = 4
_CHUNK = 100
"""Images that a CPU changes at once: what it computes on the way then stays in its cache."""


class Batches:
    """The training images of an epoch, shuffled and augmented, batch by batch.

    The batches depend only on the seed, the epoch and the position in it, so a resumed run sees
    exactly what an uninterrupted one would have seen.

    Args:
        images: uint8 tensor of shape [N, 3, H, W].
        labels: int64 tensor of shape [N], class indices or `trainer.data.sampling.NONE`.
        augmentation: How to augment the images.
        batch_size: Images per batch. The last, incomplete batch of an epoch is dropped; a dataset
            smaller than a batch is a single batch.
        seed: Seed of the shuffling and the augmentation.
        device: Device that holds and augments the images.
        sampler: Chooses the images of each epoch; None for every image once.
        output_size: Width and height of the images in a batch; by default, that of `images`. Larger
            images are cropped, if the augmentation says so, and reduced by area averaging.
        rank: Index of this process, which gets its share of every batch.
        world_size: Number of processes that share every batch.
    """

    def __init__(  # noqa: PLR0913 - what a run has anyway, by name
        self,
        images: Tensor,
        labels: Tensor,
        augmentation: Augmentation,
        *,
        batch_size: int,
        seed: int,
        device: torch.device,
        sampler: EpochSampler | None = None,
        output_size: int | None = None,
        rank: int = 0,
        world_size: int = 1,
    ) -> None:
        self._augmentation = augmentation
        self._rank, self._world_size = rank, world_size
        self._sampler = sampler
        self._count = len(images) if sampler is None else len(sampler)
        self._batch_size = min(batch_size, self._count)
        self._seed = seed
        self._device = device
        self._labels = labels.to(device)
        self._side = images.size(-1) if output_size is None else output_size
        self._crops = augmentation.crop_scale < 1
        self._images = images.to(device)
        if not self._crops:
            # Channels last: a batch is then a single gather, whatever its shifts.
            self._images = resized(self._images, self._side).permute(0, 2, 3, 1).contiguous()
        self._effects = Effects(augmentation, seed, device)

    def __len__(self) -> int:
        """Batches per epoch."""
        return self._count // self._batch_size

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
        order, numbers = (each.to(self._device) for each in self._order(generator))
        drawn = [each.to(self._device) for each in self._draw(epoch, generator)]
        later = self._draw_later(epoch, len(order))
        for index in range(first, len(self)):
            batch = slice(index * self._batch_size, (index + 1) * self._batch_size)
            chosen, own, number = (self._share(each[batch]) for each in (order, later, numbers))
            images = self._augment(chosen, own, *(each[number] for each in drawn))
            yield images, self._labels[chosen]

    def _share(self, batch: Tensor) -> Tensor:
        return batch.tensor_split(self._world_size)[self._rank]

    def _order(self, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """The images of an epoch in their order, and which of the drawn parameters each gets."""
        if self._sampler is None:
            order = torch.randperm(self._count, generator=generator)
            return order, order
        # An image may come twice, and must then differ.
        return self._sampler.order(generator), torch.arange(self._count)

    def _draw(self, epoch: int, generator: torch.Generator) -> Iterator[Tensor]:
        """The random augmentation parameters of each image."""
        count = self._count
        offsets = 2 * self._augmentation.translate + 1
        yield self._flips(epoch, generator)
        yield torch.randint(offsets, (count, 2), generator=generator)
        yield torch.randint(self._side, (count, 2), generator=generator)
        yield torch.rand(count, generator=generator) * 2 - 1
        yield torch.rand(count, 3, generator=generator) * 2 - 1

    def _draw_later(self, epoch: int, count: int) -> Tensor:
        """Random numbers from 0 to 1 for the crop and the effects of each place in the order."""
        # From a generator of their own, so that all else stays as it is without them.
        generator = torch.Generator().manual_seed(_epoch_seed(~self._seed, epoch))
        return torch.rand(count, _CROP_DRAWN + Effects.DRAWN, generator=generator)

    def _augment(
        self,
        chosen: Tensor,
        later: Tensor,
        mirrored: Tensor,
        offsets: Tensor,
        centers: Tensor,
        sizes: Tensor,
        colors: Tensor,
    ) -> Tensor:
        arguments = (chosen, later, mirrored, offsets, sizes, colors)
        if self._device.type == "cpu":
            chunks = zip(*(torch.split(each, _CHUNK) for each in arguments), strict=True)
            images = torch.cat([self._change(*chunk) for chunk in chunks])
        else:
            images = self._change(*arguments)
        if self._augmentation.cutout > 0:
            images = self._cut_out(images, centers)
        return images

    def _change(
        self,
        chosen: Tensor,
        later: Tensor,
        mirrored: Tensor,
        offsets: Tensor,
        sizes: Tensor,
        colors: Tensor,
    ) -> Tensor:
        """All that happens to each image by itself; [B, 3, side, side] in channels-last memory."""
        crops, effects = torch.split(later, [_CROP_DRAWN, Effects.DRAWN], dim=1)
        places = self._places(mirrored, offsets)
        images = self._crop(chosen, crops, places) if self._crops else self._gather(chosen, places)
        if self._augmentation.zoom > 0:
            images = zoom_images(images, 1 + self._augmentation.zoom * sizes)
        if self._augmentation.color_jitter > 0:
            images = jitter_colors(images, 1 + self._augmentation.color_jitter * colors)
        if self._effects.used:
            images = self._effects.apply(images, effects)
        return images.contiguous(memory_format=torch.channels_last)

    def _flips(self, epoch: int, generator: torch.Generator) -> Tensor:
        count = self._count
        if self._augmentation.flip == "none":
            return torch.zeros(count, dtype=torch.bool)
        if self._augmentation.flip == "random" or self._sampler is not None:
            return torch.rand(count, generator=generator) < 0.5
        first = torch.Generator().manual_seed(_epoch_seed(self._seed, -1))
        return (torch.rand(count, generator=first) < 0.5) ^ (epoch % 2 == 1)

    def _places(self, mirrored: Tensor, offsets: Tensor) -> Tensor:
        """The rows and columns that make a flipped and translated image, int64 [B, 2, side]."""
        steps = torch.arange(self._side, device=self._device)
        across = torch.where(mirrored[:, None], steps.flip(0), steps)
        shifts = (offsets - self._augmentation.translate)[:, :, None]
        return reflected(shifts + torch.stack([steps.expand_as(across), across], 1), self._side)

    def _gather(self, chosen: Tensor, places: Tensor) -> Tensor:
        rows, columns = places.unbind(1)
        images = self._images[chosen[:, None, None], rows[:, :, None], columns[:, None, :]]
        return images.permute(0, 3, 1, 2)

    def _crop(self, chosen: Tensor, drawn: Tensor, places: Tensor) -> Tensor:
        boxes = crop_boxes(drawn, self._augmentation.crop_scale, self._augmentation.crop_aspect)
        images = self._images.index_select(0, chosen)
        return crop_images(images, boxes.to(self._device), places)

    def _cut_out(self, images: Tensor, centers: Tensor) -> Tensor:
        size = self._augmentation.cutout
        steps = torch.arange(self._side, device=self._device)
        low = centers - size // 2
        inside = (steps >= low[:, :, None]) & (steps < low[:, :, None] + size)
        hole = inside[:, 0, :, None] & inside[:, 1, None, :]
        mean = images.float().mean((0, 2, 3)).to(torch.uint8)
        return torch.where(hole[:, None], mean[:, None, None], images)


def _epoch_seed(seed: int, epoch: int) -> int:
    # seed + epoch would make neighboring seeds share epochs.
    return (seed * 1_000_003 + epoch + 1) % 2**63
