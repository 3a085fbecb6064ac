"""Facts for the diagnostics report: folders, hardware, modules, and the end of the log.

The Diagnostics window adds what only a window knows.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from trainer.devices.cpu_info import processor_name, usable_cores
from trainer.files.resources import version_of

LOG_FILES = {"cifar-desktop.log": 100, "crash.log": 40}
"""Log files, and the number of their last lines in the report."""

_TAIL_BYTES = 64_000
_BLOCK = 4096
_MODULES = ("urllib3", "tqdm", "filelock", "platformdirs")
_VARIABLES = (
    "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "HSA_OVERRIDE_GFX_VERSION", "OMP_NUM_THREADS",
    "QT_QPA_PLATFORM", "QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE",
    "WAYLAND_DISPLAY", "DISPLAY",
)  # fmt: skip
"""Often set and forgotten; none may contain a password, as proxy addresses do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedFolder:
    """A folder that the program uses.

    Attributes:
        title: Name on screen.
        path: Path of the folder.
        written: Whether the program must be able to write there.
    """

    title: str
    path: Path
    written: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderStatus:
    """The state of a folder.

    Attributes:
        folder: The folder.
        exists: Whether it exists.
        writable: Whether it is writable or can be created.
        free: Free bytes on its disk, or None if unknown.
    """

    folder: LocatedFolder
    exists: bool
    writable: bool
    free: int | None

    @property
    def problem(self) -> bool:
        """Whether the program needs to write here but cannot."""
        return self.folder.written and not self.writable

    @property
    def sentence(self) -> str:
        """The state in words, for the screen."""
        return self._state if self.free is None else f"{self._state}; {_room(self.free)}"

    @property
    def _state(self) -> str:
        if self.exists and self.writable:
            return "Writable"
        if self.exists:
            return "Not writable" if self.folder.written else "Read-only, which is fine"
        return "Created when needed" if self.writable else "Missing, and cannot be created"


def inspect_folder(folder: LocatedFolder) -> FolderStatus:
    """Inspect a folder, leaving nothing in it."""
    candidates = (folder.path, *folder.path.parents)
    # Unlike `Path.is_dir`, this does not raise for folders without access.
    nearest = next((each for each in candidates if os.path.isdir(each)), None)  # noqa: PTH112
    exists = nearest == folder.path
    blocked = not exists and os.path.lexists(folder.path)
    return FolderStatus(
        folder=folder,
        exists=exists,
        writable=nearest is not None and not blocked and _is_writable(nearest),
        free=_free(nearest),
    )


def computer_facts() -> list[tuple[str, str]]:
    """Names and values: processor, memory, relevant environment variables."""
    facts = [("Processor", f"{processor_name()}, {_cores()}")]
    if (memory := _memory()) is not None:
        facts.append(("Memory", f"{memory / 1e9:.1f} GB"))
    variables = [f"{name}={os.environ[name]}" for name in _VARIABLES if name in os.environ]
    return [*facts, ("Environment", ", ".join(variables) or "No relevant variables are set")]


def module_facts() -> list[tuple[str, str]]:
    """Names and versions of indirect and optional dependencies."""
    return [("torchvision", _torchvision()), *((name, version_of(name)) for name in _MODULES)]


def log_tails(folder: Path) -> dict[Path, str]:
    """The last lines of each log file, or why it is unreadable; empty files are left out."""
    tails = {folder / name: _tail(folder / name, lines) for name, lines in LOG_FILES.items()}
    return {path: tail for path, tail in tails.items() if tail}


def without_home(text: str) -> str:
    """The text with `~` for the user's home folder, which usually contains their name."""
    flags = re.IGNORECASE if os.name == "nt" else 0
    for form in sorted(set(_homes()), key=len, reverse=True):
        # "/home/al" must not match in "/home/alice" or "/mnt/home/al", but may end a sentence.
        text = re.sub(rf"(?<!\w){re.escape(form)}(?![\w-]|\.\w)", "~", text, flags=flags)
    return text


def _homes() -> Iterator[str]:
    """All spellings of the home folder."""
    try:
        home = Path.home()
        for path in (home, home.resolve()):
            if path != Path(path.anchor):  # A service may have no home but "/".
                yield from (str(path), path.as_posix(), quote(path.as_posix()))
                yield repr(str(path))[1:-1]
    except (RuntimeError, OSError):
        return


def _is_writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            # A full disk still creates empty files without an error.
            file.write(bytes(_BLOCK))
            file.flush()
            return True
    except OSError:
        return False


def _free(folder: Path | None) -> int | None:
    try:
        return shutil.disk_usage(folder).free if folder is not None else None
    except OSError:
        return None


def _room(free: int) -> str:
    return "the disk is full" if free < _BLOCK else f"{free / 1e9:,.1f} GB free"


def _cores() -> str:
    total, usable = os.cpu_count() or 1, usable_cores()
    words = "1 logical core" if total == 1 else f"{total} logical cores"
    return words if usable == total else f"{words}, of which this program may use {usable}"


def _memory() -> int | None:
    # Windows has no sysconf.
    if not hasattr(os, "sysconf"):
        return None
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


def _torchvision() -> str:
    if find_spec("torchvision") is None:
        return "Not installed; only some recipes need it"
    return version_of("torchvision")


def _tail(path: Path, lines: int) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"(cannot be read: {error.strerror})"
    return "\n".join(text.splitlines()[-lines:])
