"""A fake package: its scripts and icons are real, its program is a few lines of shell.

The scripts in `packaging/` are standalone programs, so the tests run them as such.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PACKAGING = Path(__file__).parents[2] / "packaging"
# Records how it was called, in the file $STARTED.
PROGRAM = '#!/bin/sh\nprintf "%s\\n" "$0" "$@" >>"$STARTED"\n'


def run(
    command: list[str | Path], environment: Mapping[str, str] | None = None, answer: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a program until it exits."""
    return subprocess.run(
        command, env=environment, input=answer, capture_output=True, text=True, check=False
    )


def script(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run one of the scripts that build the package."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1000000000", "QT_QPA_PLATFORM": "offscreen"}
    words = [str(each) for each in arguments]
    return run([sys.executable, PACKAGING / f"{name}.py", *words], environment)


def make_package(folder: Path) -> Path:
    """A package as PyInstaller builds it, without desktop files."""
    (folder / "_internal").mkdir(parents=True)
    (folder / "_internal" / "library.so").write_bytes(b"machine code")
    (folder / "_internal" / "link.so").symlink_to("library.so")
    (folder / "LICENSES.txt").write_text("MIT\n")
    (folder / "cifar-desktop").write_text(PROGRAM)
    (folder / "cifar-desktop").chmod(0o755)
    return folder


def copy_package(package: Path, folder: Path) -> Path:
    """A copy of a package in another folder."""
    return shutil.copytree(package, folder, symlinks=True)
