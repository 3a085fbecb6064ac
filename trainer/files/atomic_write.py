"""Atomic writes: a file is written completely or not at all."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from trainer.errors import StorageError

_PAUSES = (0.02, 0.1, 0.3, 0.6) if os.name == "nt" else ()
"""Seconds between attempts to replace a file."""


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Have `write` write a temporary file beside `path`, then rename it to `path`.

    After a crash, a full disk or a power failure, the file is either the old or the new one.

    Args:
        path: File to create or replace; its folder is created, too.
        write: Writes the file at the path it is given.

    Raises:
        StorageError: If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _fill_and_replace(path.with_name(f".{path.name}.{os.getpid()}"), path, write)
    except _write_errors() as error:
        raise StorageError(
            f"“{path}” cannot be written. Is the disk full, or the folder read-only?",
            details=repr(error),
        ) from error


def _write_errors() -> tuple[type[Exception], ...]:
    """What libraries raise if the disk is full: torch RuntimeError, safetensors its own."""
    # Late: it is needed only after an error.
    from safetensors import SafetensorError

    return OSError, RuntimeError, SafetensorError


def _fill_and_replace(temporary: Path, path: Path, write: Callable[[Path], object]) -> None:
    try:
        # safetensors creates files that only their owner may read: give them the usual mode.
        temporary.touch()
        mode = temporary.stat().st_mode
        write(temporary)
        temporary.chmod(mode)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        _replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _replace(temporary: Path, path: Path) -> None:
    """Retry on Windows, which refuses while the old file is being read."""
    for pause in _PAUSES:
        try:
            temporary.replace(path)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    temporary.replace(path)


def _sync_folder(folder: Path) -> None:
    # Without it a power failure may undo the renaming; Windows cannot and need not open folders.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
