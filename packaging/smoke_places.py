"""Surroundings that a package must work in; used by `try_everywhere`.

Each makes what it needs in a folder of its own and takes it away again.
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
from smoke_program import Surroundings

_WRITABLE = 0o222


@dataclass(frozen=True, kw_only=True)
class Place:
    """Surroundings that can be made.

    Attributes:
        title: For the table.
        make: Makes them, for a package and in an empty folder.
    """

    title: str
    make: Callable[[Path, Path], AbstractContextManager[Surroundings]]


def places(tree: Path, mirror: str) -> dict[str, Place]:
    """All of them by name; the tree is where the bare Debian is, or will be made."""

    @contextmanager
    def debian(package: Path, _folder: Path) -> Iterator[Surroundings]:
        make_tree(tree, mirror)
        with bare_debian(package, tree) as surroundings:
            yield surroundings

    return {
        "path": Place(title="Path with a space and an umlaut", make=_odd_path),
        "user": Place(title="Another user, no `HOME`", make=_other_user),
        "read-only": Place(title="Another user, read-only folder", make=_read_only),
        "env-i": Place(title="`env -i`, another user", make=_no_variables),
        "debian": Place(title="Bare Debian 12 (chroot)", make=debian),
    }


@contextmanager
def _odd_path(package: Path, folder: Path) -> Iterator[Surroundings]:
    program = _copy(package, folder / "Programme für Zoë")
    home = folder / "Zoë Müller"
    home.mkdir()
    yield Surroundings(command=(str(program),), home=_home(home))


@contextmanager
def _other_user(package: Path, folder: Path) -> Iterator[Surroundings]:
    program = _copy(package, folder / "program")
    with _some_user(folder) as (user, home):
        yield Surroundings(command=(str(program),), home=_home(home), user=user, has_home=False)


@contextmanager
def _no_variables(package: Path, folder: Path) -> Iterator[Surroundings]:
    with _other_user(package, folder) as surroundings:
        yield replace(surroundings, bare=True)


@contextmanager
def _read_only(package: Path, folder: Path) -> Iterator[Surroundings]:
    with _other_user(package, folder) as surroundings:
        program = Path(surroundings.command[0])
        for path in (program.parent, *program.parent.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~_WRITABLE)
        yield replace(surroundings, has_home=True)


@contextmanager
def _some_user(folder: Path) -> Iterator[tuple[str, Path]]:
    """A user who is known to the system, with a home folder, for as long as it is needed."""
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
    """Copy the package; gives the program in the copy."""
    shutil.copytree(package, folder / package.name, symlinks=True)
    return folder / package.name / "cifar-desktop"
