"""`load_datasets`: loads one dataset, or several that are used as one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from msgspec.structs import replace as changed

from trainer.cancellation import CancelToken
from trainer.data.archive import CIFAR10_ARCHIVE, Archive
from trainer.data.dataset import Dataset
from trainer.data.loading import load_dataset
from trainer.data.several.joining import join_datasets
from trainer.errors import DataError
from trainer.files.dataset_place import CIFAR10, absolute_place
from trainer.progress import OnProgress


def load_datasets(
    places: Sequence[str],
    *,
    image_size: int = 32,
    cache_dir: Path | None = None,
    token: CancelToken | None = None,
    on_progress: OnProgress | None = None,
    archive: Archive = CIFAR10_ARCHIVE,
    may_download: bool = True,
    for_training: bool = True,
) -> Dataset:
    """Load one dataset, or several as one; see `load_dataset` for what else may go wrong.

    The classes are those of the first dataset; images of the others join the class of the same
    name. Test images are those of the first that has a folder or table of them, as are validation
    images and, apart from both, pictures of other things to test and to validate with.

    Args:
        places: Folders, or `cifar10`; each is cached by itself.
        image_size: Side length in pixels.
        cache_dir: Folder for downloads and decoded images; by default in the user's cache.
        token: Cancels the work from another thread.
        on_progress: Receives progress.
        archive: The archive that `cifar10` downloads.
        may_download: Whether `cifar10` may be downloaded if it is not on this computer.
        for_training: Whether every class of the first must have training and test images.

    Raises:
        DataError: If there is no usable dataset, if one is given twice, or if one has neither an
            image of a class of the first nor pictures of other things.
    """
    _require_different(places)
    datasets = [
        load_dataset(
            place,
            image_size=image_size,
            cache_dir=cache_dir,
            token=token,
            on_progress=on_progress,
            archive=archive,
            may_download=may_download,
            # The first may have training images of a class of which another has none.
            for_training=for_training and index == 0,
        )
        for index, place in enumerate(places)
    ]
    dataset = join_datasets(datasets, _names(places, datasets))
    sources = zip(dataset.sources, places, strict=True)
    placed = tuple(changed(source, place=absolute_place(place)) for source, place in sources)
    return replace(dataset, sources=placed)


def _require_different(places: Sequence[str]) -> None:
    known: set[str] = set()
    for place in places:
        key = place if place == CIFAR10 else str(Path(absolute_place(place)).resolve())
        if key in known:
            raise DataError(f"{place} was given twice. Give each dataset once.")
        known.add(key)


def _names(places: Sequence[str], datasets: Sequence[Dataset]) -> list[str]:
    """A name for each dataset; where two folders share one, with that of the folder around it."""
    names = [dataset.name for dataset in datasets]
    return [
        name if names.count(name) == 1 or place == CIFAR10 else _longer_name(place)
        for name, place in zip(names, places, strict=True)
    ]


def _longer_name(place: str) -> str:
    return "/".join(Path(absolute_place(place)).parts[-2:])
