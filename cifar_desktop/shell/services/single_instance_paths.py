"""Where the starts of the program find each other: a lock and a socket; asked by `single_instance`.

One window a person, a display and a settings file. Sockets have names of some hundred bytes at
most, and must lie where no other user can put one in their place.
"""

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_NAME_BYTES = 100
_SESSION = ("XDG_RUNTIME_DIR", "WAYLAND_DISPLAY", "DISPLAY", "SESSIONNAME")


@dataclass(frozen=True, slots=True)
class InstancePaths:
    """Where to meet.

    Attributes:
        lock: A file; the start that holds its lock has the window.
        socket: As `QLocalServer` wants it; the window listens there.
    """

    lock: Path
    socket: str


def meeting_place(settings: Path, cache: Path) -> InstancePaths | None:
    """The place for a settings file in this session; None where nothing can be written.

    Args:
        settings: The settings file; those who share it share a window.
        cache: Of the user; serves where the session has no folder of its own.
    """
    name = f"cifar-desktop-{_digest(settings)}"
    for folder in _folders(cache):
        if _is_ours(folder) and len(os.fsencode(folder / name)) <= _NAME_BYTES:
            socket = name if sys.platform == "win32" else str(folder / name)
            return InstancePaths(folder / f"{name}.lock", socket)
    return None


def _digest(settings: Path) -> str:
    session = [os.environ.get(name, "") for name in _SESSION]
    text = "\0".join([os.path.abspath(settings), *session])  # noqa: PTH100 (a link may be slow)
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:16]


def _folders(cache: Path) -> Iterator[Path]:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        yield Path(runtime)
    yield cache
    if sys.platform != "win32":
        yield Path(tempfile.gettempdir()) / f"cifar-desktop-{os.getuid()}"


def _is_ours(folder: Path) -> bool:
    """Whether we may write there, and nobody else."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform == "win32":
            return os.access(folder, os.W_OK)
        status = folder.lstat()
    except OSError:
        return False
    others = stat.S_IWGRP | stat.S_IWOTH
    ours = status.st_uid == os.getuid() and not status.st_mode & others
    return ours and stat.S_ISDIR(status.st_mode) and os.access(folder, os.W_OK | os.X_OK)
