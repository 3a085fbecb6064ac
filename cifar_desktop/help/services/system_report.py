"""What a report about this computer needs: folders, hardware, modules, and the end of the log.

Asked by the Diagnostics window, which adds what only a window knows.
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
"""The files of the log, and how many of their last lines a report has."""

_END_BYTES = 64_000
_BLOCK = 4096
_MODULES = ("urllib3", "tqdm", "filelock", "platformdirs")
_VARIABLES = (
    "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "HSA_OVERRIDE_GFX_VERSION", "OMP_NUM_THREADS",
    "QT_QPA_PLATFORM", "QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE",
    "WAYLAND_DISPLAY", "DISPLAY",
)  # fmt: skip
"""What people set and forget; nothing that may hold a password, such as the address of a proxy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedFolder:
    """A folder that the program uses.

    Attributes:
        title: What is in it.
        path: Where it is.
        written: Whether the program has to be able to write there.
    """

    title: str
    path: Path
    written: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFound:
    """What was found out about a folder.

    Attributes:
        place: The folder.
        there: Whether it is there.
        writable: Whether a file can be made in it, or it can itself be made.
        free: Bytes left on its disk, if that is known.
    """

    place: LocatedFolder
    there: bool
    writable: bool
    free: int | None

    @property
    def problem(self) -> bool:
        """Whether the program misses something here."""
        return self.place.written and not self.writable

    @property
    def sentence(self) -> str:
        """How it stands, for a person."""
        return self._state if self.free is None else f"{self._state}; {_room(self.free)}"

    @property
    def _state(self) -> str:
        if self.there and self.writable:
            return "Can be written"
        if self.there:
            return "Cannot be written" if self.place.written else "Read-only, which is enough"
        return "Made when it is needed" if self.writable else "Not there, and cannot be made"


def look(place: LocatedFolder) -> PlaceFound:
    """Look at a folder; nothing is left in it."""
    around = (place.path, *place.path.parents)
    # Unlike `Path.is_dir`, this takes no offence at folders that may not be entered.
    nearest = next((each for each in around if os.path.isdir(each)), None)  # noqa: PTH112
    there = nearest == place.path
    in_the_way = not there and os.path.lexists(place.path)
    return PlaceFound(
        place=place,
        there=there,
        writable=nearest is not None and not in_the_way and _takes_a_file(nearest),
        free=_free(nearest),
    )


def computer_facts() -> list[tuple[str, str]]:
    """Names and values: processor, memory, and what is set for this program."""
    facts = [("Processor", f"{processor_name()}, {_cores()}")]
    if (memory := _memory()) is not None:
        facts.append(("Memory", f"{memory / 1e9:.1f} GB"))
    variables = [f"{name}={os.environ[name]}" for name in _VARIABLES if name in os.environ]
    return [*facts, ("Environment", ", ".join(variables) or "Nothing of interest is set")]


def module_facts() -> list[tuple[str, str]]:
    """Names and versions of what the program uses in passing, or could use."""
    return [("torchvision", _torchvision()), *((name, version_of(name)) for name in _MODULES)]


def log_ends(folder: Path) -> dict[Path, str]:
    """The last lines of each file of the log that has any; with the reason if one is unreadable."""
    ends = {folder / name: _end(folder / name, lines) for name, lines in LOG_FILES.items()}
    return {path: end for path, end in ends.items() if end}


def without_home(text: str) -> str:
    """The text with `~` for the person's home folder, which mostly holds their name."""
    flags = re.IGNORECASE if os.name == "nt" else 0
    for form in sorted(set(_homes()), key=len, reverse=True):
        # "/home/al" is no part of "/home/alice", nor of "/mnt/home/al", but ends a sentence, too.
        text = re.sub(rf"(?<!\w){re.escape(form)}(?![\w-]|\.\w)", "~", text, flags=flags)
    return text


def _homes() -> Iterator[str]:
    """The home folder in each way that it is written."""
    try:
        home = Path.home()
        for path in (home, home.resolve()):
            if path != Path(path.anchor):  # A service may have no home but "/".
                yield from (str(path), path.as_posix(), quote(path.as_posix()))
                yield repr(str(path))[1:-1]
    except (RuntimeError, OSError):
        return


def _takes_a_file(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            # A full disk makes empty files without a murmur.
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
    there, usable = os.cpu_count() or 1, usable_cores()
    words = "1 logical core" if there == 1 else f"{there} logical cores"
    return words if usable == there else f"{words}, of which this program may use {usable}"


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


def _end(path: Path, lines: int) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _END_BYTES))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"(cannot be read: {error.strerror})"
    return "\n".join(text.splitlines()[-lines:])
