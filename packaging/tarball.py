"""Writes a folder as a .tar.zst that depends on nothing but its contents; for `archive`."""

import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, cast


def write(folder: Path, path: Path, *, date: int, level: int) -> None:
    """Pack a folder, under its own name.

    Args:
        folder: The folder.
        path: The archive.
        date: The date that all in it bears, in seconds since 1970.
        level: How hard zstd tries.

    Raises:
        OSError: If it cannot be written.
        SystemExit: If there is no zstd.
    """
    program = shutil.which("zstd")
    if program is None:
        raise SystemExit("There is no program zstd. Install it, such as: apt-get install zstd")
    # A window of 128 MB is the largest that every zstd unpacks unasked.
    command = [program, f"-{level}", "--long=27", "-T0", "--quiet", "--force", "-o", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        with suppress(BrokenPipeError):  # zstd says why
            _feed(cast("IO[bytes]", process.stdin), folder, date)
        words = cast("IO[bytes]", process.stderr).read().decode(errors="replace").strip()
    if process.returncode:
        raise OSError(words or f"zstd ended with {process.returncode}")


def _feed(pipe: IO[bytes], folder: Path, date: int) -> None:
    with pipe, tarfile.open(mode="w|", fileobj=pipe) as archive:
        for item in _contents(folder):
            _add(archive, item, folder, date)


def _contents(folder: Path) -> Iterator[Path]:
    yield folder
    for parent, names, files in os.walk(folder):
        names.sort()
        for name in sorted([*names, *files]):
            yield Path(parent, name)


def _add(archive: tarfile.TarFile, item: Path, folder: Path, date: int) -> None:
    entry = archive.gettarinfo(item, str(Path(folder.name) / item.relative_to(folder)))
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = date
    # What others may do with a file depends on the umask of whoever built it.
    entry.mode = 0o755 if entry.mode & 0o100 else 0o644
    if not entry.isreg():
        archive.addfile(entry)
        return
    with item.open("rb") as file:
        archive.addfile(entry, file)
