"""The images that a run trains on: those of the classes, then the pictures of other things."""

from dataclasses import dataclass

import torch
from torch import Tensor

from trainer.config.train_config import TrainConfig
from trainer.data.dataset import Dataset, NoneImages, Split
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


def training_images(dataset: Dataset, training: Split, config: TrainConfig) -> TrainingImages:
    """The images of a run: those of the classes, and pictures of other things if there are any.

    Args:
        dataset: The dataset.
        training: Its training images, as `split_for_training` returns them; not copied where there
            is nothing to add.
        config: Settings of the run.
    """
    sources = dataset.train_sources[split_indices(dataset, config)[0]]
    none = dataset.none
    others = torch.zeros(0, dtype=torch.int64) if none is None else _split_none(none, config)[0]
    if none is None or not len(others):
        return TrainingImages(
            images=training.images, labels=training.labels, sources=sources, has_none=False
        )
    return TrainingImages(
        images=torch.cat([training.images, none.train[others]]),
        labels=torch.cat([training.labels, torch.full((len(others),), NONE)]),
        sources=torch.cat([sources, none.train_sources[others]]),
        has_none=True,
    )


def held_out_none(dataset: Dataset, config: TrainConfig) -> Tensor:
    """The pictures of other things to validate on, uint8 of shape [M, 3, S, S]; M may be 0."""
    none = dataset.none
    return dataset.train.images[:0] if none is None else _split_none(none, config)[1]


def _split_none(none: NoneImages, config: TrainConfig) -> tuple[Tensor, Tensor]:
    """Which pictures of other things to train on, int64 [N], and those to validate on."""
    if len(none.validation):
        return torch.arange(len(none.train)), none.validation
    training, held_out = split_none(none, config.seed)
    return training, none.train[held_out]
