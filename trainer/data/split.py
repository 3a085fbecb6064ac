"""Training and validation images: as the dataset has them, or a part held out for validation."""

import torch

from trainer.config.train_config import TrainConfig
from trainer.data.dataset import Dataset, Split
from trainer.data.validation_size import validation_size
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
    count = validation_size(config, len(dataset.train))
    return train_validation_split(dataset.train, count, config.seed)


def validation_names(dataset: Dataset, config: TrainConfig) -> tuple[str, ...]:
    """The name of each image to validate on; empty if images have no names."""
    if dataset.validation is not None:
        return dataset.validation_files
    if not dataset.train_files:
        return ()
    count = validation_size(config, len(dataset.train))
    chosen = validation_indices(dataset.train.labels, count, config.seed)
    return tuple(dataset.train_files[index] for index in chosen.tolist())


def train_validation_split(split: Split, count: int, seed: int) -> tuple[Split, Split]:
    """Hold out `count` images for validation, stratified by class.

    Every class keeps at least one training image, and every class with two or more images gets a
    validation image if `count` is large enough. The images keep their order.

    Args:
        split: The images to split.
        count: Number of validation images; 0 gives an empty split.
        seed: The same seed selects the same images.

    Returns:
        The remaining training images, and the validation images.

    Raises:
        DataError: If `count` is too large or negative.
    """
    chosen = torch.zeros(len(split), dtype=torch.bool)
    chosen[validation_indices(split.labels, count, seed)] = True
    return _subset(split, ~chosen), _subset(split, chosen)


def validation_indices(labels: torch.Tensor, count: int, seed: int) -> torch.Tensor:
    """Which images `train_validation_split` holds out, for looking up their names.

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


def _draw(labels: torch.Tensor, quotas: list[int], seed: int) -> torch.Tensor:
    """A mask of shape [N] with `quotas[label]` images of each class."""
    generator = torch.Generator().manual_seed(seed)
    chosen = torch.zeros(len(labels), dtype=torch.bool)
    for label, quota in enumerate(quotas):
        members = (labels == label).nonzero().squeeze(1)
        drawn = torch.randperm(len(members), generator=generator)[:quota]
        chosen[members[drawn]] = True
    return chosen


def _subset(split: Split, chosen: torch.Tensor) -> Split:
    return Split(images=split.images[chosen].contiguous(), labels=split.labels[chosen])
