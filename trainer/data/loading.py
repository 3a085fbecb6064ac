"""`load_dataset`: recognises what a folder holds and reads it, from the cache if it can."""

from pathlib import Path
from typing import Protocol

from trainer.cancellation import CancelToken
from trainer.data.archive import CIFAR10_ARCHIVE, Archive, DownloadedCifar10
from trainer.data.cache import CacheEntry
from trainer.data.cifar_files import BinaryFiles, PythonFiles
from trainer.data.csv_files import CsvFiles
from trainer.data.dataset import Dataset
from trainer.data.folders import find_class_folders, find_split_folders
from trainer.data.scan import subfolders
from trainer.errors import ConfigError, DataError
from trainer.files.cache_dir import cache_folder
from trainer.progress import OnProgress, ProgressReporter

CIFAR10 = "cifar10"
LARGEST_IMAGE_SIZE = 1024


class Form(Protocol):
    """A dataset that was found but not yet read."""

    def fingerprint(self) -> str:
        """Changes when the dataset does."""

    def read(self, size: int, progress: ProgressReporter) -> Dataset:
        """Read it with pictures of `size` pixels a side."""


def load_dataset(
    source: str,
    *,
    image_size: int = 32,
    cache_dir: Path | None = None,
    token: CancelToken | None = None,
    on_progress: OnProgress | None = None,
    archive: Archive = CIFAR10_ARCHIVE,
    may_download: bool = True,
) -> Dataset:
    """Read a dataset, in any of the forms that `recognize` knows.

    Args:
        source: A folder, or the word `cifar10`, which downloads CIFAR-10 once.
        image_size: Side of the pictures in pixels; they are squeezed to squares.
        cache_dir: Where downloads and decoded pictures are kept; by default the user's cache.
        token: Stops the work from another thread.
        on_progress: Called on this thread, at most 20 times a second, with what is being done,
            how much of it is done, and of how much (None where that is not known).
        archive: What the word `cifar10` downloads.
        may_download: Whether it may, or only what is on this computer may be used.

    Returns:
        Two splits of uint8 pictures of shape [N, 3, S, S] with int64 labels of shape [N].

    Raises:
        DataError: If there is no usable dataset; the text says what to do. It is a
            `NotDownloadedError` if CIFAR-10 would have to be downloaded and may not be.
        ConfigError: If `image_size` makes no sense.
        FetchError: If a download fails.
        StorageError: If a download cannot be kept.
        Cancelled: If the token asked to stop.
    """
    if not 1 <= image_size <= LARGEST_IMAGE_SIZE:
        raise ConfigError(f"The image size must be from 1 to {LARGEST_IMAGE_SIZE}: {image_size}")
    progress = ProgressReporter(on_progress, token)
    progress.check()
    cache = cache_dir or cache_folder() / "datasets"
    form: Form
    if source == CIFAR10:
        place = archive.url
        form = DownloadedCifar10(archive=archive, folder=cache, may_download=may_download)
    else:
        folder = _existing_folder(source)
        place, form = str(folder.resolve()), recognize(folder, progress)
    entry = CacheEntry(
        folder=cache, source=place, image_size=image_size, fingerprint=form.fingerprint()
    )
    return _through_cache(entry, form, progress)


def recognize(folder: Path, progress: ProgressReporter) -> Form:
    """Tell which form of dataset a folder holds, and list its files.

    Raises:
        DataError: If it is none.
        Cancelled: If the person asked to stop.
    """
    names = set(subfolders(folder))
    if {"train", "test"} <= names:
        return find_split_folders(folder, progress)
    published = _published(folder)
    if published is not None:
        return published
    if (folder / "train.csv").exists() or (folder / "test.csv").exists():
        return CsvFiles(folder=folder)
    if names == {"train"}:
        raise DataError(
            f"{folder} holds a folder train but none named test. Add it, or give {folder / 'train'}"
            " itself to have a tenth of its images set apart for testing."
        )
    return find_class_folders(folder, progress)


def _published(folder: Path) -> Form | None:
    for place in (folder, folder / "cifar-10-batches-bin", folder / "cifar-10-batches-py"):
        if (place / "data_batch_1.bin").exists():
            return BinaryFiles(folder=place)
        if (place / "data_batch_1").exists():
            return PythonFiles(folder=place)
    return None


def _existing_folder(source: str) -> Path:
    if not source:
        raise DataError(f"No dataset was given. Give a folder, or the word {CIFAR10}.")
    try:
        folder = Path(source).expanduser()
        if folder.is_dir():
            return folder
        exists = folder.exists()
    except (OSError, RuntimeError, ValueError) as error:
        raise DataError(f"{source} is no folder that can be read.", details=repr(error)) from error
    if exists:
        raise DataError(f"{source} is a file. Give the folder that holds the dataset.")
    raise DataError(
        f"The folder {source} does not exist. Check its name, or give the word {CIFAR10} to "
        "download CIFAR-10."
    )


def _through_cache(entry: CacheEntry, form: Form, progress: ProgressReporter) -> Dataset:
    cached = entry.load(progress)
    if cached is not None:
        return cached
    dataset = form.read(entry.image_size, progress)
    progress.check()
    entry.save(dataset)
    return dataset
