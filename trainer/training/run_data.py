"""Loads what a run trains on: its datasets, and smaller images of them to crop from."""

from collections.abc import Sequence

from trainer.cancellation import CancelToken
from trainer.config.train_config import TrainConfig
from trainer.data.dataset import Dataset
from trainer.data.several.loading import load_datasets
from trainer.progress import OnProgress


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
        The datasets as one, and the same with images of the size of its crops, or None if that is
        the same.

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
    # Cropped from images of the size of a crop, all are equally sharp, whatever they are from;
    # sharper photographs would tell the network which classes there are photographs of.
    return dataset, load(side) if side < config.image_size else None
