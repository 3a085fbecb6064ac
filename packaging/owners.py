"""Finds the owner of each file in a package; for `licenses`.

A package contains files of Python distributions, of Python itself, and of the system it was built
on. Modules are in an archive inside the executable.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath

_PYTHON_LIBRARY = re.compile(
    r"(lib)?python3?\d*[._0-9]*\.(so|dll|dylib)[.0-9]*|Python", re.IGNORECASE
)
_OURS = ("trainer", "cifar_desktop")
_OUR_METADATA = "cifar_desktop-"
_MICROSOFT = ("vcruntime", "msvcp", "concrt", "ucrtbase", "api-ms-win-")
"""Parts of the Microsoft C runtime that Python and the wheels bundle."""

_Records = dict[str, Distribution]


@dataclass(kw_only=True)
class Owners:
    """The owners of a package's files.

    Attributes:
        distributions: Python distributions with files or modules in the package.
        libraries: Path on the build system by file name in the package.
        microsoft: Names of libraries of the Microsoft C runtime.
        unknown: Paths of files without a known owner.
    """

    distributions: list[Distribution] = field(default_factory=list)
    libraries: dict[str, Path] = field(default_factory=dict)
    microsoft: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def owners(folder: Path) -> Owners:
    """Find the owners.

    Args:
        folder: A package that PyInstaller built in this environment.
    """
    found = Owners()
    records = _records()
    used: set[str] = set()
    system = _system_libraries()
    for place in [*_files(folder), *_modules(folder, records)]:
        name = PurePosixPath(place).name
        if (owner := records.get(place)) is not None:
            used.update([] if ".dist-info/" in place else [owner.name])
            found.distributions.append(owner)
        elif name in system and _is_copy(folder / "_internal" / place, system[name]):
            found.libraries[name] = system[name]
        elif name.lower().startswith(_MICROSOFT):
            found.microsoft.append(name)
        elif not _is_known(place):
            found.unknown.append(place)
    by_name = {each.name: each for each in found.distributions if each.name in used}
    found.distributions = [by_name[name] for name in sorted(by_name, key=str.lower)]
    return found


def _records() -> _Records:
    """The owner of each file of this environment, by its path below site-packages."""
    return {file.as_posix(): each for each in distributions() for file in each.files or []}


def _files(folder: Path) -> Iterator[str]:
    inside = folder / "_internal"
    for path in inside.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(inside).as_posix()


def _modules(folder: Path, records: _Records) -> Iterator[str]:
    """The source files of the modules in the executables."""
    for executable in _executables(folder):
        from PyInstaller.archive.readers import CArchiveReader
        from PyInstaller.loader.pyimod01_archive import PYZ_ITEM_NSPKG

        archive = CArchiveReader(str(executable))
        names = [name for name in archive.toc if name.lower().endswith(".pyz")]
        if not names:
            raise SystemExit(f"“{executable}” contains no archive of modules.")
        for name in names:
            for module, entry in archive.open_embedded_archive(name).toc.items():
                if entry[0] != PYZ_ITEM_NSPKG:
                    yield _source(module, records)


def _executables(folder: Path) -> list[Path]:
    suffix = ".exe" if sys.platform == "win32" else ""
    names = (f"cifar-desktop{suffix}", f"cifar-trainer{suffix}")
    # On Linux the second one is a small script.
    candidates = [folder / name for name in names]
    return [path for path in candidates if path.exists() and path.stat().st_size > 10_000]


def _source(module: str, records: _Records) -> str:
    path = module.replace(".", "/")
    candidates = (f"{path}.py", f"{path}/__init__.py")
    return next((candidate for candidate in candidates if candidate in records), candidates[0])


def _is_known(place: str) -> bool:
    """Whether a file is ours, Python's or PyInstaller's."""
    first, name = PurePosixPath(place).parts[0], PurePosixPath(place).name
    if first.removesuffix(".py") in _OURS or first.startswith(_OUR_METADATA):
        return True
    module = first.removesuffix(".py")
    is_of_python = (
        module in sys.stdlib_module_names
        or module.startswith(("_sysconfigdata", "_pyi_rth_utils"))
        or first in {"base_library.zip", f"python{sys.version_info[0]}.{sys.version_info[1]}"}
        or _PYTHON_LIBRARY.fullmatch(name) is not None
    )
    return is_of_python or _is_of_python_on_windows(name)


def _is_of_python_on_windows(name: str) -> bool:
    base = Path(sys.base_prefix)
    return sys.platform == "win32" and any(
        (folder / name).exists() for folder in (base, base / "DLLs")
    )


def _system_libraries() -> dict[str, Path]:
    """The libraries that this system's loader finds, by name; empty except on Linux."""
    if sys.platform != "linux":
        return {}
    done = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True)
    found: dict[str, Path] = {}
    for name, path in re.findall(r"^\s+(\S+) \(.*\) => (\S+)$", done.stdout, re.MULTILINE):
        if Path(path).exists():
            found.setdefault(name, Path(path))
    return found


def _is_copy(path: Path, original: Path) -> bool:
    return path.is_file() and path.read_bytes() == original.read_bytes()
