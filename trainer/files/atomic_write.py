"""Files that are either written whole or not at all; used by everything that saves."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from trainer.errors import StorageError

_PAUSES = (0.02, 0.1, 0.3, 0.6) if os.name == "nt" else ()
"""Seconds between attempts to replace a file."""


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Have `write` fill a file beside `path`, then put it in the place of `path`.

    A crash, a full disk or a power cut leaves the old file or the new one, never half of one.

    Args:
        path: The file to replace or make; its folder is made too.
        write: Writes the file whose path it is given.

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
    """What a full disk makes libraries raise: torch RuntimeError, safetensors one of its own."""
    # Late: it is wanted only once something has gone wrong.
    from safetensors import SafetensorError

    return OSError, RuntimeError, SafetensorError


def _fill_and_replace(temporary: Path, path: Path, write: Callable[[Path], object]) -> None:
    try:
        # safetensors makes files that nobody else may read: give it the mode of any new file.
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
    """Windows refuses while somebody reads the old file, which is a matter of a moment."""
    for pause in _PAUSES:
        try:
            temporary.replace(path)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    temporary.replace(path)


def _sync_folder(folder: Path) -> None:
    # Without it a power cut may undo the renaming; Windows cannot and need not open folders.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
