"""The lock and the socket by which launches of the program find each other.

There is one window per user, display and settings file. The path of a socket is limited to about a
hundred bytes, and it must be where no other user can replace it.
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
    """Where launches meet.

    Attributes:
        lock: The lock file; the process that holds its lock owns the window.
        socket: The name for `QLocalServer`, on which the window listens.
    """

    lock: Path
    socket: str


def instance_paths(settings: Path, cache: Path) -> InstancePaths | None:
    """The paths for a settings file in this session; None if nothing can be written.

    Args:
        settings: The settings file; launches that share it share a window.
        cache: The user's cache folder, used if the session has no runtime folder.
    """
    name = f"cifar-desktop-{_digest(settings)}"
    for folder in _folders(cache):
        if _is_private(folder) and len(os.fsencode(folder / name)) <= _NAME_BYTES:
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


def _is_private(folder: Path) -> bool:
    """Whether only this user may write there."""
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
