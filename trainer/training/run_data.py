"""Loads what a run trains on: its datasets, and larger images of them to crop from."""

from collections.abc import Sequence

from trainer.cancellation import CancelToken
from trainer.config.train_config import TrainConfig
from trainer.data.dataset import Dataset
from trainer.data.several.loading import load_datasets
from trainer.progress import OnProgress

LARGER = 1.5
"""Crops of images this much larger are about as sharp as whole ones."""


def load_run_data(
    config: TrainConfig,
    places: Sequence[str],
    *,
    token: CancelToken | None = None,
    on_progress: OnProgress | None = None,
    may_download: bool = True,
) -> tuple[Dataset, Dataset | None]:
    """Load the datasets of a run.

    Args:
        config: Settings of the run.
        places: Its datasets in their order.
        token: Cancels the work.
        on_progress: Receives progress.
        may_download: Whether `cifar10` may be downloaded.

    Returns:
        The datasets as one, and the same with larger images, or None if the run does not crop.

    Raises:
        Cancelled: If `token` was cancelled.
        DataError: If a dataset is missing or cannot be used.
    """

    def load(side: int) -> Dataset:
        return load_datasets(
            places,
            image_size=side,
            token=token,
            on_progress=on_progress,
            may_download=may_download,
        )

    dataset = load(config.image_size)
    side = config.augmentation.training_side(config.image_size)
    if config.augmentation.crop_scale == 1 or not _has_more(dataset, side):
        return dataset, None
    return dataset, load(round(LARGER * side))


def _has_more(dataset: Dataset, side: int) -> bool:
    """Whether an image of the dataset has more pixels than `side` by `side`."""
    return dataset.largest is None or max(dataset.largest) > side
