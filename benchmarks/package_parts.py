"""Size of a package: its folder, compressed, and its largest parts; for `package`."""

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import IO

OWN_PART = 10_000_000
"""Size in bytes from which a file is listed on its own."""

COMPRESSOR = ("zstd", "-19", "--long=27", "-T0", "--quiet", "--stdout")
_LIBRARIES = {".so", ".dll", ".pyd", ".dylib"}
_INNER_FOLDERS = ("_internal", "Contents/Frameworks", "Contents/Resources", "Contents/MacOS")


def files_in(folder: Path) -> Iterator[Path]:
    """All files below a folder, without symbolic links."""
    for parent, _folders, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                yield path


def folder_size(folder: Path) -> tuple[int, int]:
    """Apparent size and size on disk, in bytes; the latter is 0 where it is not reported."""
    status = {(each.st_dev, each.st_ino): each for each in map(os.lstat, files_in(folder))}
    apparent = sum(each.st_size for each in status.values())
    return apparent, sum(512 * getattr(each, "st_blocks", 0) for each in status.values())


def compressed_size(folder: Path) -> int:
    """Size of the folder's archive in bytes, without writing it."""
    pack = ["tar", "--create", f"--directory={folder.parent}", folder.name]
    with (
        subprocess.Popen(pack, stdout=subprocess.PIPE) as tar,
        subprocess.Popen(COMPRESSOR, stdin=tar.stdout, stdout=subprocess.PIPE) as zstd,
    ):
        assert tar.stdout is not None  # noqa: S101 - for the type checker
        assert zstd.stdout is not None  # noqa: S101
        tar.stdout.close()  # so that tar gets SIGPIPE if zstd dies
        size = _count(zstd.stdout)
    if tar.returncode or zstd.returncode:
        raise SystemExit(f"Could not compress “{folder}”.")
    return size


def _count(stream: IO[bytes]) -> int:
    size = 0
    while block := stream.read(1 << 20):
        size += len(block)
    return size


def largest_parts(folder: Path, count: int = 10) -> list[tuple[str, int]]:
    """The largest parts and their sizes: large files, and the rest of each package by kind."""
    parts: Counter[str] = Counter()
    for path in files_in(folder):
        size = path.lstat().st_size
        parts[_part(path.relative_to(folder), size)] += size
    return parts.most_common(count)


def _part(path: PurePath, size: int) -> str:
    inner = _inner(path)
    if inner == path and len(path.parts) == 1:
        return f"{path} (the program with its Python modules)" if size >= OWN_PART else "the rest"
    if size >= OWN_PART:
        return inner.as_posix()
    kind = _kind(inner)
    if len(inner.parts) == 1:
        return f"{kind} of the system and of Python" if kind == "libraries" else "the rest"
    # Sources are spread over hundreds of folders; everything else is in a few.
    folder = inner.parts[0] if kind == "Python sources" else "/".join(inner.parts[:-1][:2])
    return f"{folder}: other {kind}"


def _inner(path: PurePath) -> PurePath:
    for folder in _INNER_FOLDERS:
        if path.is_relative_to(folder):
            return path.relative_to(folder)
    return path


def _kind(path: PurePath) -> str:
    if _LIBRARIES & set(path.suffixes):
        return "libraries"
    return "Python sources" if path.suffix in {".py", ".pyc", ".pyi"} else "files"
