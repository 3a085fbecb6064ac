"""The pictures that `predict` is asked to classify: files, folders, URLs, and lists of them."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import cast

from trainer.cancellation import CancelToken
from trainer.data.folders.tree import list_folder
from trainer.errors import ConfigError, DataError
from trainer.images.formats import HEAD_BYTES, describe_unreadable, detect_format
from trainer.images.suffixes import PICTURE_SUFFIXES
from trainer.progress import ProgressReporter
from trainer.web.typed_address import complete_address

STDIN = "-"
LIST = "@"
BOM = b"\xef\xbb\xbf"
PEEKED_BYTES = 1024
MOST_SKIPPED = 3
"""Other files of a folder that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSource:
    """Where a picture comes from.

    Attributes:
        name: File or URL, as it is called in the result.
        content: The picture itself, if it came through standard input.
        error: Why there is none, if that is known already.
        skipped: A sentence on what is not classified; then there is no picture.
    """

    name: str
    content: bytes | None = None
    error: str = ""
    skipped: str = ""


def picture_sources(names: Sequence[str], token: CancelToken) -> Iterator[PictureSource]:
    """The pictures in files, folders and lists, in order.

    Args:
        names: Files; URLs, with or without their scheme; folders, with all pictures below them;
            `@list.txt`, a file with a name per line, relative to the current folder or to that of
            the list; `-` for such lines, or for a picture, on standard input.
        token: Cancels the work.

    Raises:
        ConfigError: If a list cannot be read.
        Cancelled: If the token was cancelled.
    """
    # All lists first: a wrong name must not be noticed after hours of work.
    lists = {name: _list_lines(Path(name[1:])) for name in names if is_list(name)}
    for name in names:
        if name in lists:
            yield from _listed(lists[name], Path(name[1:]).parent, token)
        elif name == STDIN:
            yield from _from_stdin(cast("BufferedReader", sys.stdin.buffer), token)
        else:
            yield from _expanded(name, token)


def is_list(name: str) -> bool:
    """Whether a name stands for a list of names; a picture may have such a name, too."""
    return name.startswith(LIST) and len(name) > 1 and not Path(name).exists()


def is_url(name: str) -> bool:
    """Whether a name is a URL, of whatever kind; one without a scheme is, if no file can be it."""
    if "://" in name or name[:5].lower() == "data:":
        return True
    return complete_address(name) is not None and not Path(Path(name).parts[0]).exists()


def _list_lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except OSError as error:
        raise ConfigError(
            f"The list {path} cannot be read: {error.strerror or error}.", details=repr(error)
        ) from error


def _from_stdin(stream: BufferedReader, token: CancelToken) -> Iterator[PictureSource]:
    # Every picture has such a byte near its start, and no file name has.
    if b"\0" in stream.peek(PEEKED_BYTES)[:PEEKED_BYTES]:
        yield PictureSource(name=STDIN, content=stream.read())
    else:
        yield from _listed(stream, Path(), token)


def _listed(lines: Iterable[bytes], folder: Path, token: CancelToken) -> Iterator[PictureSource]:
    for line in lines:
        name = os.fsdecode(line.removeprefix(BOM).rstrip(b"\r\n"))
        if name.strip() and not name.startswith("#"):
            beside = folder / name
            relative = not is_url(name) and not Path(name).exists() and beside.exists()
            yield from _expanded(str(beside) if relative else name, token)


def _expanded(name: str, token: CancelToken) -> Iterator[PictureSource]:
    if is_url(name) or not Path(name).is_dir():
        yield PictureSource(name=name)
        return
    try:
        listed = list_folder(Path(name), ProgressReporter(token=token))
    except DataError as error:
        yield PictureSource(name=name, error=error.message)
        return
    files = [stamp.path for stamp in listed.all_files()]
    pictures = [path for path in files if _may_be_picture(Path(path))]
    yield from (PictureSource(name=path) for path in pictures)
    if not pictures:
        yield PictureSource(name=name, error="This folder contains no images.")
    others = [str(folder.path / other) for folder in listed.walk() for other in folder.others]
    others += sorted(set(files) - set(pictures))
    if others:
        yield PictureSource(name=name, skipped=_skipped(name, others))


def _may_be_picture(path: Path) -> bool:
    """Whether a file in a folder is one by its name or, without a known ending, its content."""
    if path.suffix.lower() in PICTURE_SUFFIXES:
        return True
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError:
        return True  # The decoder reports what is wrong with it.
    return detect_format(head) is not None or bool(describe_unreadable(head))


def _skipped(folder: str, paths: Sequence[str]) -> str:
    count = "1 file" if len(paths) == 1 else f"{len(paths):,} files"
    what = "that is no picture is" if len(paths) == 1 else "that are no pictures are"
    names = ", ".join(os.path.relpath(path, folder) for path in paths[:MOST_SKIPPED])
    more = len(paths) - MOST_SKIPPED
    rest = f" and {more:,} more" if more > 0 else ""
    return f"{count} in {folder} {what} skipped: {names}{rest}."
