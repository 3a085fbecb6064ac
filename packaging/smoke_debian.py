"""A bare Debian, made by debootstrap: the package's system requirements, and nothing else.

Used by `smoke_scenarios`. Mounts happen in the caller's mount namespace; `try_everywhere` has its
own, so that none outlives it.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath

from smoke_home import Home
from smoke_program import LaunchConfig

MIRROR = "http://deb.debian.org/debian"
_SUITE = "bookworm"
_PACKAGES = ("libgl1", "libegl1", "fonts-dejavu-core")
_SOCKETS = "/tmp/.X11-unix"  # noqa: S108 - where X servers put them
_DONE = "complete"
"""Marker file; missing if creating the tree was interrupted."""

_PROGRAM, _HOME = PurePosixPath("/opt/cifar-desktop"), PurePosixPath("/home/user")


def make_tree(tree: Path, mirror: str) -> None:
    """Create the tree, unless it exists."""
    if (tree / _DONE).exists():
        return
    shutil.rmtree(tree, ignore_errors=True)
    _run(
        "debootstrap", "--variant=minbase", f"--include={','.join(_PACKAGES)}", _SUITE, str(tree),
        mirror,
    )  # fmt: skip
    (tree / _DONE).touch()


@contextmanager
def bare_debian(package: Path, tree: Path) -> Iterator[LaunchConfig]:
    """The program in the tree, as root, the only user of a bare tree."""
    home = tree / _HOME.relative_to("/")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        _mount(stack, tree / "proc", "--types", "proc", "proc")
        _mount(stack, tree / "dev/shm", "--types", "tmpfs", "tmpfs")
        _mount(stack, tree / _SOCKETS[1:], "--bind", _SOCKETS)
        program = tree / _PROGRAM.relative_to("/")
        _mount(stack, program, "--options", "bind,ro", str(package))
        yield LaunchConfig(
            command=(
                shutil.which("chroot") or "chroot",
                str(tree),
                str(_PROGRAM / "cifar-desktop"),
            ),
            home=Home(path=home, seen_as=_HOME),
            environment={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            bare=True,
        )


def _mount(stack: ExitStack, place: Path, *what: str) -> None:
    place.mkdir(parents=True, exist_ok=True)
    _run("mount", *what, str(place))
    stack.callback(_run, "umount", "--lazy", str(place))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: {(done.stderr or done.stdout)[-2000:]}")
