"""Lists and fingerprints the files of a dataset; used by every dataset format.

Only the folders that a format needs are listed, never recursively, so that neither a loop of
symbolic links nor a home folder chosen by mistake takes long.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from trainer.errors import DataError

NON_IMAGE_SUFFIXES = frozenset(
    {".txt", ".md", ".csv", ".json", ".xml", ".html", ".log", ".db", ".ini", ".py", ".ipynb"}
)
"""Suffixes of other files that are often found in class folders."""

SYSTEM_FOLDERS = frozenset({"__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information"})
"""Folders that operating systems leave behind."""


@dataclass(frozen=True, slots=True)
class FileStamp:
    """A file, with what changes when its content does.

    Attributes:
        path: Path of the file.
        relative: Path relative to the folder of the dataset, with `/` on every system.
        size: Size in bytes; -1 if unknown.
        modified: Modification time in nanoseconds; -1 if unknown.
    """

    path: str
    relative: str
    size: int
    modified: int


def subfolders(folder: Path) -> list[str]:
    """Sorted names of the visible subfolders of a folder.

    Raises:
        DataError: If the folder cannot be listed.
    """
    with _listing(folder) as entries:
        return sorted(entry.name for entry in entries if _is_class_folder(entry))


def image_files(folder: Path, prefix: str) -> list[FileStamp]:
    """The files directly in a folder that may be images, sorted by name.

    Args:
        folder: The folder to list.
        prefix: Prefix that makes the names relative to the dataset.

    Raises:
        DataError: If the folder cannot be listed.
    """
    with _listing(folder) as entries:
        stamps = [_stamp(entry, prefix) for entry in entries if _may_be_image(entry)]
    return sorted(stamps, key=lambda stamp: stamp.relative)


def stamp_file(path: Path) -> FileStamp:
    """The stamp of a single file.

    Raises:
        DataError: If it is missing or inaccessible.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise DataError(_read_error_message(path, error), details=repr(error)) from error
    return FileStamp(os.fspath(path), path.name, status.st_size, status.st_mtime_ns)


def dataset_name(folder: Path) -> str:
    """The name of the dataset in a folder."""
    return folder.resolve().name or "dataset"


def fingerprint(stamps: Iterable[FileStamp]) -> str:
    """A checksum that changes when a file is added, removed, renamed or changed."""
    digest = hashlib.sha256()
    for stamp in stamps:
        digest.update(os.fsencode(f"{stamp.relative}\0{stamp.size}\0{stamp.modified}\n"))
    return digest.hexdigest()


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading.

    Raises:
        DataError: If it cannot be opened.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise DataError(_read_error_message(path, error), details=repr(error)) from error


def read_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises:
        DataError: If it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(_read_error_message(path, error), details=repr(error)) from error


@contextmanager
def _listing(folder: Path) -> Iterator[Iterator["os.DirEntry[str]"]]:
    try:
        with os.scandir(folder) as entries:
            yield entries
    except OSError as error:
        raise DataError(_read_error_message(folder, error), details=repr(error)) from error


def _read_error_message(path: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"No permission to read {path}. Change its permissions or choose another folder."
    if isinstance(error, FileNotFoundError):
        return f"{path} is missing. Check the folder of the dataset."
    return f"{path} could not be read: {error.strerror or error}."


def _is_class_folder(entry: "os.DirEntry[str]") -> bool:
    if entry.name.startswith(".") or entry.name in SYSTEM_FOLDERS:
        return False
    try:
        return entry.is_dir()
    except OSError:  # a loop of symbolic links
        return False


def _may_be_image(entry: "os.DirEntry[str]") -> bool:
    if entry.name.startswith(".") or PurePath(entry.name).suffix.lower() in NON_IMAGE_SUFFIXES:
        return False
    try:
        return entry.is_file() or _is_broken_link(entry)
    except OSError:
        return True


def _is_broken_link(entry: "os.DirEntry[str]") -> bool:
    # Such a link was meant to be an image: reading it will fail and report it.
    return entry.is_symlink() and not Path(entry.path).exists()


def _stamp(entry: "os.DirEntry[str]", prefix: str) -> FileStamp:
    try:
        status = entry.stat()
    except OSError:
        return FileStamp(entry.path, prefix + entry.name, -1, -1)
    return FileStamp(entry.path, prefix + entry.name, status.st_size, status.st_mtime_ns)
