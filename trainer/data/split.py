"""Training and validation images: as the dataset has them, or a part held out for validation.

Images are held out of the first source of a dataset only: others may differ from what it is for.
"""

import torch
from torch import Tensor

from trainer.config.train_config import TrainConfig
from trainer.data.dataset import Dataset, NoneImages, Split
from trainer.data.validation_size import none_validation_size, validation_size
from trainer.errors import DataError


def split_for_training(dataset: Dataset, config: TrainConfig) -> tuple[Split, Split]:
    """The images to train on, and those to validate on.

    Args:
        dataset: The dataset; if it has validation images, none are held out.
        config: Settings of the run.

    Returns:
        Training and validation images.
    """
    if dataset.validation is not None:
        return dataset.train, dataset.validation
    training, held_out = split_indices(dataset, config)
    return _take(dataset.train, training), _take(dataset.train, held_out)


def split_indices(dataset: Dataset, config: TrainConfig) -> tuple[Tensor, Tensor]:
    """Which of the training images `split_for_training` trains on, and which it holds out.

    Args:
        dataset: The dataset; if it has validation images, none are held out.
        config: Settings of the run.

    Returns:
        Ascending indices, int64 tensors of shape [N] and [M].
    """
    chosen = torch.zeros(len(dataset.train), dtype=torch.bool)
    if dataset.validation is None:
        own = (dataset.train_sources == 0).nonzero().squeeze(1)
        count = validation_size(config, len(own))
        chosen[own[validation_indices(dataset.train.labels[own], count, config.seed)]] = True
    return (~chosen).nonzero().squeeze(1), chosen.nonzero().squeeze(1)


def split_none(none: NoneImages, seed: int, count: int | None = None) -> tuple[Tensor, Tensor]:
    """Which of the training pictures of other things to train on, and which to hold out.

    Args:
        none: The pictures.
        seed: The same seed selects the same pictures.
        count: Number to hold out; by default one in twenty, and 2,000 at most.

    Returns:
        Ascending indices, int64 tensors of shape [N] and [M].

    Raises:
        DataError: If `count` is negative, or there are fewer pictures.
    """
    available = len(none.train)
    held_out = none_validation_size(available) if count is None else count
    if not 0 <= held_out <= available:
        raise DataError(f"{held_out} of {available} pictures of none cannot be held out.")
    drawn = torch.randperm(available, generator=torch.Generator().manual_seed(seed))
    return drawn[held_out:].sort().values, drawn[:held_out].sort().values


def validation_names(dataset: Dataset, config: TrainConfig) -> tuple[str, ...]:
    """The name of each image to validate on; empty if images have no names."""
    if dataset.validation is not None:
        return dataset.validation_files
    if not dataset.train_files:
        return ()
    held_out = split_indices(dataset, config)[1]
    return tuple(dataset.train_files[index] for index in held_out.tolist())


def validation_indices(labels: Tensor, count: int, seed: int) -> Tensor:
    """Which images to hold out for validation, stratified by class.

    Every class keeps at least one training image, and every class with two or more images gets a
    validation image if `count` is large enough.

    Args:
        labels: int64 tensor of shape [N], the labels of all training images.
        count: Number of validation images.
        seed: The same seed selects the same images.

    Returns:
        Ascending indices, int64 tensor of shape [count].

    Raises:
        DataError: If `count` is too large or negative.
    """
    sizes = torch.bincount(labels).tolist()
    available = [max(0, size - 1) for size in sizes]
    if not 0 <= count <= sum(available):
        raise DataError(
            f"{count} of {len(labels)} training images cannot be held out for validation; choose "
            f"from 0 to {sum(available)}, as each class needs an image to train on."
        )
    return _draw(labels, _quotas(sizes, available, count), seed).nonzero().squeeze(1)


def _quotas(sizes: list[int], available: list[int], count: int) -> list[int]:
    """Images per class, `count` in all: proportional, then adjusted one by one."""
    fair = [count * size / sum(sizes) if sizes else 0.0 for size in sizes]
    least = [min(1, limit) if count >= len(sizes) else 0 for limit in available]
    quotas = [
        max(low, min(int(want), limit))
        for low, want, limit in zip(least, fair, available, strict=True)
    ]
    classes = range(len(sizes))
    while sum(quotas) < count:
        open_ = [label for label in classes if quotas[label] < available[label]]
        quotas[max(open_, key=lambda label: fair[label] - quotas[label])] += 1
    while sum(quotas) > count:
        open_ = [label for label in classes if quotas[label] > least[label]]
        quotas[min(open_, key=lambda label: fair[label] - quotas[label])] -= 1
    return quotas


def _draw(labels: Tensor, quotas: list[int], seed: int) -> Tensor:
    """A mask of shape [N] with `quotas[label]` images of each class."""
    generator = torch.Generator().manual_seed(seed)
    chosen = torch.zeros(len(labels), dtype=torch.bool)
    for label, quota in enumerate(quotas):
        members = (labels == label).nonzero().squeeze(1)
        drawn = torch.randperm(len(members), generator=generator)[:quota]
        chosen[members[drawn]] = True
    return chosen


def _take(split: Split, chosen: Tensor) -> Split:
    return Split(images=split.images[chosen].contiguous(), labels=split.labels[chosen])
