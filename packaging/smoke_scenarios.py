"""Environments that a package must work in; used by `try_everywhere`.

Each creates what it needs in a folder of its own and removes it afterwards.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from smoke_debian import bare_debian, make_tree
from smoke_home import Home
from smoke_program import LaunchConfig

_WRITABLE = 0o222


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """An environment to launch the program in.

    Attributes:
        title: Row title in the table.
        make: Creates the environment for a package, in an empty folder.
    """

    title: str
    make: Callable[[Path, Path], AbstractContextManager[LaunchConfig]]


def scenarios(tree: Path, mirror: str) -> dict[str, Scenario]:
    """All scenarios by name; `tree` is the folder of the bare Debian, created if missing."""

    @contextmanager
    def debian(package: Path, _folder: Path) -> Iterator[LaunchConfig]:
        make_tree(tree, mirror)
        with bare_debian(package, tree) as launch:
            yield launch

    return {
        "path": Scenario(title="Path with a space and an umlaut", make=_odd_path),
        "user": Scenario(title="Another user, no `HOME`", make=_other_user),
        "read-only": Scenario(title="Another user, read-only folder", make=_read_only),
        "env-i": Scenario(title="`env -i`, another user", make=_no_variables),
        "debian": Scenario(title="Bare Debian 12 (chroot)", make=debian),
    }


@contextmanager
def _odd_path(package: Path, folder: Path) -> Iterator[LaunchConfig]:
    program = _copy(package, folder / "Programme für Zoë")
    home = folder / "Zoë Müller"
    home.mkdir()
    yield LaunchConfig(command=(str(program),), home=_home(home))


@contextmanager
def _other_user(package: Path, folder: Path) -> Iterator[LaunchConfig]:
    program = _copy(package, folder / "program")
    with _temporary_user(folder) as (user, home):
        yield LaunchConfig(command=(str(program),), home=_home(home), user=user, has_home=False)


@contextmanager
def _no_variables(package: Path, folder: Path) -> Iterator[LaunchConfig]:
    with _other_user(package, folder) as launch:
        yield replace(launch, bare=True)


@contextmanager
def _read_only(package: Path, folder: Path) -> Iterator[LaunchConfig]:
    with _other_user(package, folder) as launch:
        program = Path(launch.command[0])
        for path in (program.parent, *program.parent.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~_WRITABLE)
        yield replace(launch, has_home=True)


@contextmanager
def _temporary_user(folder: Path) -> Iterator[tuple[str, Path]]:
    """A temporary system user with a home folder."""
    name, home = f"smoke-{os.getpid()}", folder / "home"
    home.mkdir(mode=0o755)
    subprocess.run(["useradd", "--no-create-home", "--home-dir", home, name], check=True)
    try:
        yield name, home
    finally:
        subprocess.run(["userdel", name], check=True, capture_output=True)


def _home(path: Path) -> Home:
    return Home(path=path, seen_as=PurePosixPath(path))


def _copy(package: Path, folder: Path) -> Path:
    """Copy the package; returns the program in the copy."""
    shutil.copytree(package, folder / package.name, symlinks=True)
    return folder / package.name / "cifar-desktop"
