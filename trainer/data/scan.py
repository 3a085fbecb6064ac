"""Opens and fingerprints the files of a dataset; used by every dataset format."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from trainer.errors import DataError


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


def stamp_file(path: Path) -> FileStamp:
    """The stamp of a single file.

    Raises:
        DataError: If it is missing or inaccessible.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise read_error(path, error) from error
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
        raise read_error(path, error) from error


def read_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises:
        DataError: If it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise read_error(path, error) from error


def read_error(path: Path, error: OSError) -> DataError:
    """Why a file or folder could not be read, for the user."""
    return DataError(_read_error_message(path, error), details=repr(error))


def _read_error_message(path: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"No permission to read {path}. Change its permissions or choose another folder."
    if isinstance(error, FileNotFoundError):
        return f"{path} is missing. Check the folder of the dataset."
    return f"{path} could not be read: {error.strerror or error}."
