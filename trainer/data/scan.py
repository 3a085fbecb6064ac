"""Lists folders fast and takes their fingerprint; used by every form of dataset.

Only what a form asks for is listed, one folder at a time and never deeper, so that neither a loop
of links nor a home folder given by mistake keeps anyone waiting.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from trainer.errors import DataError

NO_PICTURES = frozenset(
    {".txt", ".md", ".csv", ".json", ".xml", ".html", ".log", ".db", ".ini", ".py", ".ipynb"}
)
"""File name endings that no picture has; such files lie in class folders without being meant."""

NO_CLASSES = frozenset({"__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information"})
"""Folders that systems leave behind."""


@dataclass(frozen=True, slots=True)
class FileStamp:
    """A file, and what changes when its content does.

    Attributes:
        path: Where it lies.
        relative: The same, seen from the folder of the dataset, with `/` on every system.
        size: In bytes; -1 where it could not be found out.
        modified: In nanoseconds; -1 where it could not be found out.
    """

    path: str
    relative: str
    size: int
    modified: int


def subfolders(folder: Path) -> list[str]:
    """Names of the folders in a folder, sorted, without hidden ones.

    Raises:
        DataError: If the folder cannot be listed.
    """
    with _listing(folder) as entries:
        return sorted(entry.name for entry in entries if _is_class(entry))


def picture_files(folder: Path, prefix: str) -> list[FileStamp]:
    """The files right in a folder that may be pictures, sorted by name.

    Args:
        folder: Where to look.
        prefix: Put before each name to make the path relative to the dataset.

    Raises:
        DataError: If the folder cannot be listed.
    """
    with _listing(folder) as entries:
        stamps = [_stamp(entry, prefix) for entry in entries if _may_be_picture(entry)]
    return sorted(stamps, key=lambda stamp: stamp.relative)


def stamp_file(path: Path) -> FileStamp:
    """The stamp of one file that a form needs.

    Raises:
        DataError: If it is not there or cannot be asked.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise DataError(_cannot_read(path, error), details=repr(error)) from error
    return FileStamp(os.fspath(path), path.name, status.st_size, status.st_mtime_ns)


def fingerprint(stamps: Iterable[FileStamp]) -> str:
    """A checksum that changes when a file is added, removed, renamed or changed."""
    digest = hashlib.sha256()
    for stamp in stamps:
        digest.update(os.fsencode(f"{stamp.relative}\0{stamp.size}\0{stamp.modified}\n"))
    return digest.hexdigest()


def open_file(path: Path) -> BinaryIO:
    """Open a file to read it.

    Raises:
        DataError: If that is not possible.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise DataError(_cannot_read(path, error), details=repr(error)) from error


def read_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises:
        DataError: If it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(_cannot_read(path, error), details=repr(error)) from error


@contextmanager
def _listing(folder: Path) -> Iterator[Iterator["os.DirEntry[str]"]]:
    try:
        with os.scandir(folder) as entries:
            yield entries
    except OSError as error:
        raise DataError(_cannot_read(folder, error), details=repr(error)) from error


def _cannot_read(path: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"No permission to read {path}. Change its permissions or choose another folder."
    if isinstance(error, FileNotFoundError):
        return f"{path} is missing. Check the folder of the dataset."
    return f"{path} cannot be read: {error.strerror or error}."


def _is_class(entry: "os.DirEntry[str]") -> bool:
    if entry.name.startswith(".") or entry.name in NO_CLASSES:
        return False
    try:
        return entry.is_dir()
    except OSError:  # a link that leads round in a circle
        return False


def _may_be_picture(entry: "os.DirEntry[str]") -> bool:
    if entry.name.startswith(".") or PurePath(entry.name).suffix.lower() in NO_PICTURES:
        return False
    try:
        return entry.is_file() or _leads_nowhere(entry)
    except OSError:
        return True


def _leads_nowhere(entry: "os.DirEntry[str]") -> bool:
    # Whoever made that link meant a picture: reading it will fail, and name it.
    return entry.is_symlink() and not Path(entry.path).exists()


def _stamp(entry: "os.DirEntry[str]", prefix: str) -> FileStamp:
    try:
        status = entry.stat()
    except OSError:
        return FileStamp(entry.path, prefix + entry.name, -1, -1)
    return FileStamp(entry.path, prefix + entry.name, status.st_size, status.st_mtime_ns)
