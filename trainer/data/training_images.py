"""The images that a run trains on: those of the classes, then the pictures of other things."""

from dataclasses import dataclass

import torch
from torch import Tensor

from trainer.config.train_config import TrainConfig
from trainer.data.dataset import Dataset
from trainer.data.sampling import NONE, EpochSampler
from trainer.data.split import split_indices, split_none


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingImages:
    """Images to train on.

    Attributes:
        images: uint8 tensor of shape [N, 3, S, S].
        labels: int64 tensor of shape [N], class indices or `NONE`.
        sources: int64 tensor of shape [N], which source of the dataset each is from.
        has_none: Whether there are pictures of other things.
    """

    images: Tensor
    labels: Tensor
    sources: Tensor
    has_none: bool

    def sampler(self, config: TrainConfig) -> EpochSampler | None:
        """What to show how often; None if an epoch shows every image once."""
        if not self.has_none and config.balance == 0:
            return None
        return EpochSampler(
            self.labels,
            self.sources,
            balance=config.balance,
            none_fraction=config.none_fraction,
        )


def training_images(dataset: Dataset, config: TrainConfig) -> TrainingImages:
    """The images of a dataset to train on: all but those held out for validation."""
    chosen, _ = split_indices(dataset, config)
    none = _none_indices(dataset, config)
    if dataset.none is None or not len(none):
        return TrainingImages(
            images=dataset.train.images[chosen],
            labels=dataset.train.labels[chosen],
            sources=dataset.train_sources[chosen],
            has_none=False,
        )
    labels = torch.full((len(none),), NONE)
    return TrainingImages(
        images=torch.cat([dataset.train.images[chosen], dataset.none.train[none]]),
        labels=torch.cat([dataset.train.labels[chosen], labels]),
        sources=torch.cat([dataset.train_sources[chosen], dataset.none.train_sources[none]]),
        has_none=True,
    )


def _none_indices(dataset: Dataset, config: TrainConfig) -> Tensor:
    """Which of the training pictures of other things to train on."""
    if dataset.none is None:
        return torch.zeros(0, dtype=torch.int64)
    if len(dataset.none.validation):
        return torch.arange(len(dataset.none.train))
    return split_none(dataset.none, config.seed)[0]


def held_out_none(dataset: Dataset, config: TrainConfig) -> Tensor:
    """The pictures of other things to validate on, uint8 of shape [M, 3, S, S]; M may be 0."""
    if dataset.none is None:
        return dataset.train.images[:0]
    if len(dataset.none.validation):
        return dataset.none.validation
    return dataset.none.train[split_none(dataset.none, config.seed)[1]]
