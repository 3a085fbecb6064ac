"""`load_dataset`: detects the format of a dataset and reads it, from the cache if possible."""

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from trainer.cancellation import CancelToken
from trainer.data.archive import CIFAR10_ARCHIVE, Archive, DownloadedCifar10
from trainer.data.cache import CacheEntry
from trainer.data.cifar_files import BinaryFiles, PythonFiles
from trainer.data.csv_files import CsvFiles, holds_pixels
from trainer.data.dataset import Dataset
from trainer.data.folders.class_folders import ClassFolders, find_class_folders
from trainer.data.folders.tree import Folder, list_folder
from trainer.errors import ConfigError, DataError
from trainer.files.cache_dir import cache_folder
from trainer.files.dataset_place import CIFAR10
from trainer.progress import OnProgress, ProgressReporter

LARGEST_IMAGE_SIZE = 1024


class DatasetFormat(Protocol):
    """A dataset that was detected but not yet read."""

    def fingerprint(self) -> str:
        """Changes whenever the dataset does."""

    def read(self, size: int, progress: ProgressReporter) -> Dataset:
        """Read the dataset with images of `size` pixels per side."""


def load_dataset(
    source: str,
    *,
    image_size: int = 32,
    cache_dir: Path | None = None,
    token: CancelToken | None = None,
    on_progress: OnProgress | None = None,
    archive: Archive = CIFAR10_ARCHIVE,
    may_download: bool = True,
    for_training: bool = True,
) -> Dataset:
    """Load a dataset in any of the formats that `detect_format` recognizes.

    Args:
        source: A folder, or `cifar10`, which downloads CIFAR-10 once.
        image_size: Side length in pixels; images are squeezed into squares.
        cache_dir: Folder for downloads and decoded images; by default in the user's cache.
        token: Cancels the work from another thread.
        on_progress: Called on this thread, at most 20 times a second, with the current task, how
            much of it is done, and its total (None if unknown).
        archive: The archive that `cifar10` downloads.
        may_download: Whether `cifar10` may be downloaded if it is not on this computer.
        for_training: Whether there must be two classes with training images, and test images, and
            test images of other classes are left out; otherwise classes of a folder with only
            validation images are read, too.

    Returns:
        Training and test images, uint8 of shape [N, 3, S, S], with int64 labels of shape [N].

    Raises:
        DataError: If there is no usable dataset; a `NotDownloadedError` if CIFAR-10 would have to
            be downloaded but may not be.
        ConfigError: If `image_size` is out of range.
        FetchError: If a download fails.
        StorageError: If a download cannot be saved.
        Cancelled: If the token was cancelled.
    """
    if not 1 <= image_size <= LARGEST_IMAGE_SIZE:
        raise ConfigError(f"The image size must be from 1 to {LARGEST_IMAGE_SIZE}: {image_size}")
    progress = ProgressReporter(on_progress, token)
    progress.check()
    cache = cache_dir or cache_folder() / "datasets"
    format_: DatasetFormat
    if source == CIFAR10:
        key = archive.url
        format_ = DownloadedCifar10(archive=archive, folder=cache, may_download=may_download)
    else:
        folder = _existing_folder(source)
        key = str(folder.resolve())
        format_ = detect_format(folder, progress, every_class=not for_training)
    if for_training and isinstance(format_, ClassFolders):
        format_ = format_.to_train_on()
    entry = CacheEntry(
        folder=cache, source=key, image_size=image_size, fingerprint=format_.fingerprint()
    )
    dataset = _through_cache(entry, format_, progress)
    if not isinstance(format_, ClassFolders):
        return dataset
    if for_training:
        format_.require_images(dataset)
    return replace(dataset, notes=(*format_.notes, *dataset.notes))


def detect_format(
    folder: Path, progress: ProgressReporter, *, every_class: bool = False
) -> DatasetFormat:
    """Detect the format of the dataset in a folder, and list its files.

    Args:
        folder: The folder.
        progress: Receives the number of files.
        every_class: Whether to read classes that have only validation images.

    Raises:
        DataError: If there is no dataset.
        Cancelled: If the user stopped it.
    """
    tree = list_folder(folder, progress)
    place = _innermost(tree).path
    published = _published_cifar10(place)
    if published is not None:
        return published
    tables = [path for path in (place / "train.csv", place / "test.csv") if path.exists()]
    if tables and (not tree.count or any(map(holds_pixels, tables))):
        return CsvFiles(folder=place)
    return find_class_folders(tree, every_class=every_class)


def _innermost(folder: Folder) -> Folder:
    """The first folder with more in it than one folder."""
    while len(folder.folders) == 1 and not folder.files and not folder.others:
        folder = folder.folders[0]
    return folder


def _published_cifar10(folder: Path) -> DatasetFormat | None:
    for candidate in (folder, folder / "cifar-10-batches-bin", folder / "cifar-10-batches-py"):
        if (candidate / "data_batch_1.bin").exists():
            return BinaryFiles(folder=candidate)
        if (candidate / "data_batch_1").exists():
            return PythonFiles(folder=candidate)
    return None


def _existing_folder(source: str) -> Path:
    if not source:
        raise DataError(f"No dataset was given. Choose a folder, or {CIFAR10}.")
    try:
        folder = Path(source).expanduser()
        if folder.is_dir():
            return folder
        exists = folder.exists()
    except (OSError, RuntimeError, ValueError) as error:
        raise DataError(f"{source} is not a readable folder.", details=repr(error)) from error
    if exists:
        raise DataError(f"{source} is a file. Choose the folder that contains the dataset.")
    raise DataError(
        f"The folder {source} does not exist. Check its name, or use {CIFAR10} to "
        "download CIFAR-10."
    )


def _through_cache(
    entry: CacheEntry, format_: DatasetFormat, progress: ProgressReporter
) -> Dataset:
    cached = entry.load(progress)
    if cached is not None:
        return cached
    dataset = format_.read(entry.image_size, progress)
    progress.check()
    entry.save(dataset)
    return dataset
