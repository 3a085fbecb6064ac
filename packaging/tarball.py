"""Writes a folder as a reproducible .tar.zst, which depends only on its contents; for `archive`."""

import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, cast


def write(folder: Path, path: Path, *, date: int, level: int) -> None:
    """Archive a folder under its own name.

    Args:
        folder: The folder.
        path: The archive to write.
        date: Modification time of every entry, in seconds since 1970.
        level: Compression level of zstd.

    Raises:
        OSError: If the archive cannot be written.
        SystemExit: If zstd is not installed.
    """
    program = shutil.which("zstd")
    if program is None:
        raise SystemExit("zstd is not installed. Install it, e.g. with: apt-get install zstd")
    # 128 MB is the largest window that every zstd decompresses without an option.
    command = [program, f"-{level}", "--long=27", "-T0", "--quiet", "--force", "-o", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        with suppress(BrokenPipeError):  # zstd says why
            _feed(cast("IO[bytes]", process.stdin), folder, date)
        reason = cast("IO[bytes]", process.stderr).read().decode(errors="replace").strip()
    if process.returncode:
        raise OSError(reason or f"zstd exited with {process.returncode}")


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
    # Otherwise the mode would depend on the umask of whoever built the package.
    entry.mode = 0o755 if entry.mode & 0o100 else 0o644
    if not entry.isreg():
        archive.addfile(entry)
        return
    with item.open("rb") as file:
        archive.addfile(entry, file)
