"""Lists a folder and everything below it, for recognizing a dataset and for `predict`.

Links are followed, and each folder is listed once, however many links lead to it: first where it
is least deep, and real folders before links.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from trainer.data.scan import FileStamp, read_error
from trainer.progress import ProgressReporter

LISTING = "Listing files"

NON_IMAGE_SUFFIXES = frozenset({
    ".txt", ".md", ".csv", ".tsv", ".json", ".xml", ".html", ".log", ".db", ".ini", ".py", ".ipynb",
    ".yaml", ".yml", ".zip", ".tar", ".gz", ".7z", ".rar",
})  # fmt: skip
"""Suffixes of other files that are often found beside pictures."""

SYSTEM_FOLDERS = frozenset(
    {"__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information", "lost+found"}
)
"""Folders that operating systems leave behind."""


@dataclass(slots=True, kw_only=True, eq=False)
class Folder:
    """A folder with everything below it.

    Attributes:
        path: Its path.
        relative: Path relative to the listed folder, with `/` on every system; empty for itself.
        files: The files directly in it that may be images, sorted by name.
        others: Names of its other files.
        folders: Its visible subfolders, by name.
        repeated: Relative paths of subfolders that were listed elsewhere.
        count: Number of files in it and below that may be images.
    """

    path: Path
    relative: str = ""
    files: list[FileStamp] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    folders: list["Folder"] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    count: int = 0

    @property
    def name(self) -> str:
        """Its own name."""
        return PurePath(self.relative).name or self.path.resolve().name

    @property
    def parts(self) -> list["Folder"]:
        """The subfolders with files that may be images in them or below."""
        return [folder for folder in self.folders if folder.count]

    def walk(self) -> Iterator["Folder"]:
        """This folder and all below, each before its subfolders."""
        open_ = [self]
        while open_:
            folder = open_.pop()
            yield folder
            open_ += reversed(folder.folders)

    def all_files(self) -> list[FileStamp]:
        """The files in it and below that may be images, sorted by relative path."""
        files = [stamp for folder in self.walk() for stamp in folder.files]
        return sorted(files, key=lambda stamp: stamp.relative)


def list_folder(path: Path, progress: ProgressReporter) -> Folder:
    """List a folder and everything below it.

    Raises:
        DataError: If a folder cannot be listed.
        Cancelled: If the user stopped it.
    """
    folders, known, found = [Folder(path=path)], {_identity(path)}, 0
    for folder in folders:
        for entry in _entries(folder.path):
            _sort_in(entry, folder, known)
        found += len(folder.files)
        progress.report(LISTING, found, None)
        folders += folder.folders
        folder.folders.sort(key=lambda each: each.relative)
        folder.files.sort(key=lambda each: each.relative)
    for folder in reversed(folders):
        folder.count = len(folder.files) + sum(each.count for each in folder.folders)
    return folders[0]


def _entries(path: Path) -> "list[os.DirEntry[str]]":
    with _listing(path) as entries:
        visible = [entry for entry in entries if not entry.name.startswith(".")]
    return sorted(visible, key=lambda entry: (entry.is_symlink(), entry.name))


def _sort_in(entry: "os.DirEntry[str]", folder: Folder, known: set[tuple[int, int] | str]) -> None:
    relative = f"{folder.relative}/{entry.name}".removeprefix("/")
    if _is_folder(entry):
        identity = _identity(Path(entry.path))
        if entry.name in SYSTEM_FOLDERS:
            return
        if identity in known:
            folder.repeated.append(relative)
            return
        known.add(identity)
        folder.folders.append(Folder(path=Path(entry.path), relative=relative))
    elif _may_be_image(entry):
        folder.files.append(_stamp(entry, relative))
    else:
        folder.others.append(entry.name)


def _identity(path: Path) -> tuple[int, int] | str:
    try:
        status = path.stat()
    except OSError:
        return str(path)
    # Some network folders number nothing.
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(path)


@contextmanager
def _listing(folder: Path) -> Iterator[Iterator["os.DirEntry[str]"]]:
    try:
        with os.scandir(folder) as entries:
            yield entries
    except OSError as error:
        raise read_error(folder, error) from error


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a loop of symbolic links
        return False


def _may_be_image(entry: "os.DirEntry[str]") -> bool:
    if PurePath(entry.name).suffix.lower() in NON_IMAGE_SUFFIXES:
        return False
    try:
        return entry.is_file() or _is_broken_link(entry)
    except OSError:
        return True


def _is_broken_link(entry: "os.DirEntry[str]") -> bool:
    # Such a link was meant to be an image: reading it will fail and report it.
    return entry.is_symlink() and not Path(entry.path).exists()


def _stamp(entry: "os.DirEntry[str]", relative: str) -> FileStamp:
    try:
        status = entry.stat()
    except OSError:
        return FileStamp(entry.path, relative, -1, -1)
    return FileStamp(entry.path, relative, status.st_size, status.st_mtime_ns)
