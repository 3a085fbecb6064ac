"""Starts the program, packaged or not, and reads the start-up times from its log; for `package`."""

import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import cifar_desktop
import trainer
from benchmarks.package_parts import files_in

MARKS = ("window shown", "network ready", "first prediction")
FIRST_STEP = "first training step"
TIMEOUT = 120.0
_LOGGER = " cifar_desktop.shell.startup_log: "
_LOG = "cifar-desktop.log"
_ERRORS = "errors.txt"


@dataclass(frozen=True, slots=True)
class Program:
    """A program to measure.

    Attributes:
        name: Column header.
        command: Command without arguments.
        folders: Folders of its files, to drop from the page cache.
        home: Home folder for everything it writes.
    """

    name: str
    command: tuple[str, ...]
    folders: tuple[Path, ...]
    home: Path


def packaged(folder: Path, home: Path) -> Program:
    """The program in a package."""
    name = "cifar-desktop.exe" if sys.platform == "win32" else "cifar-desktop"
    executable = next((path for path in files_in(folder) if path.name == name), None)
    if executable is None:
        raise SystemExit(f"There is no {name} in “{folder}”.")
    return Program("packaged", (str(executable),), (folder,), home)


def unfrozen(home: Path) -> Program:
    """The program as installed in this environment."""
    packages = [Path(package.__file__ or "").parent for package in (cifar_desktop, trainer)]
    python = [Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "stdlib")]
    command = (sys.executable, "-P", "-m", "cifar_desktop")
    return Program("unfrozen", command, tuple({*packages, *python}), home)


def drop_files(program: Program) -> None:
    """Drop the program's files from the page cache, so that the next start reads them from disk."""
    os.sync()  # dirty pages are not dropped
    for folder in program.folders:
        for path in files_in(folder):
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def start(program: Program, display: dict[str, str], picture: Path) -> dict[str, float]:
    """Open the window with a picture; seconds from process start to each mark."""
    log = _Log(program.home)
    began = time.time()
    with _running(program, (str(picture),), display) as process:
        while not (marks := log.marks()).keys() >= set(MARKS):
            if process.poll() is not None or time.time() > began + TIMEOUT:
                raise SystemExit(f"The {program.name} program did not respond.{_errors(program)}")
            time.sleep(0.02)
    return {mark: marks[mark] - began for mark in MARKS}


def train(program: Program, display: dict[str, str], data: Path) -> dict[str, float]:
    """Seconds from the start of a training process to the first step that it reports."""
    run = program.home / f"run {time.time_ns()}"
    arguments = ("--trainer", "train", "--data", str(data), "--out", str(run), "--events")
    settings = ("--batch-size", "20", "--epochs", "1000", "--device", "cpu")
    began = time.time()
    with _running(program, (*arguments, *settings), display) as process:
        assert process.stdout is not None  # noqa: S101 - for the type checker
        for line in process.stdout:
            if json.loads(line)["event"] == "progress":
                return {FIRST_STEP: time.time() - began}
    raise SystemExit(f"The {program.name} program did not train.{_errors(program)}")


def _errors(program: Program) -> str:
    return "\n" + (program.home / _ERRORS).read_text(encoding="utf-8", errors="replace")


@contextmanager
def _running(
    program: Program, arguments: Sequence[str], display: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    command = [*program.command, *arguments]
    environment = {**os.environ, **display, **_folders(program.home)}
    program.home.mkdir(exist_ok=True)
    with (
        (program.home / _ERRORS).open("ab") as errors,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=errors
        ) as process,
    ):
        try:
            yield process
        finally:
            # Otherwise the next one would hand its picture over to this one.
            process.send_signal(signal.SIGTERM)
            _wait(process)


def _wait(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()


def _folders(home: Path) -> dict[str, str]:
    kinds = ("config", "data", "state", "cache")
    return {"HOME": str(home), **{f"XDG_{kind.upper()}_HOME": str(home / kind) for kind in kinds}}


class _Log:
    """The part of a program's log written since this object was created."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._file = self._find()
        self._before = self._file.stat().st_size if self._file else 0

    def marks(self) -> dict[str, float]:
        """When each mark was reached, in seconds since 1970."""
        self._file = self._file or self._find()
        if self._file is None:
            return {}
        lines = self._file.read_bytes()[self._before :].decode().splitlines(keepends=True)
        rows = [line.partition(_LOGGER) for line in lines if _LOGGER in line and line[-1] == "\n"]
        return {mark.strip(): _time(head) for head, _, mark in rows}

    def _find(self) -> Path | None:
        return next(self._home.rglob(_LOG), None)


def _time(head: str) -> float:
    date, clock = head.split(" ")[:2]
    return datetime.strptime(f"{date} {clock}", "%Y-%m-%d %H:%M:%S,%f").astimezone().timestamp()
