"""The program under test: launched, monitored, killed; used by `smoke_steps`."""

import os
import pwd
import signal
import subprocess
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from smoke_home import Home
from smoke_waiting import Failed, until

_MARK = "CIFAR_DESKTOP_SMOKE_TEST"
"""An environment variable that marks the program and all its children."""

_REMOVED_PREFIXES = ("XDG_", "QT_", "QML_", "PYTHON", "DBUS_", "WAYLAND_", "LD_")
"""Prefixes of variables that could point the program to another screen or home."""

_OUTPUT = {"err": "standard error", "out": "standard output"}

Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class LaunchConfig:
    """How the program is launched.

    Attributes:
        command: The program, with any command prefix.
        home: The home folder.
        user: The user to run it as; None for the current user.
        environment: Additional environment variables.
        has_home: Whether HOME is set.
        bare: Whether all other variables are removed, as under `env -i`.
    """

    command: tuple[str, ...]
    home: Home
    user: str | None = None
    environment: dict[str, str] = field(default_factory=dict)
    has_home: bool = True
    bare: bool = False

    def variables(self, display: str) -> dict[str, str]:
        """All environment variables of the program."""
        kept = {} if self.bare else {
            name: value for name, value in os.environ.items()
            if name != "HOME" and not name.startswith(_REMOVED_PREFIXES)
        }  # fmt: skip
        home = {"HOME": str(self.home.seen_as)} if self.has_home else {}
        return {**kept, **home, "DISPLAY": display, **self.environment}


class Program:
    """One launch of the program.

    Args:
        launch: How to launch it.
        display: X display for its window.
        folder: Folder for its standard output and error.
    """

    def __init__(self, launch: LaunchConfig, display: str, folder: Path) -> None:
        self._launch, self._display, self._folder = launch, display, folder
        self._mark = uuid.uuid4().hex
        self._process: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    def start(self) -> None:
        """Start it, in its home folder and without a terminal."""
        with self.output("out").open("wb") as out, self.output("err").open("wb") as err:
            self.started = time.monotonic()
            try:
                self._process = subprocess.Popen(
                    self._launch.command,
                    stdout=out,
                    stderr=err,
                    start_new_session=True,
                    **self._popen_options(),
                )
            except OSError as error:
                raise Failed(f"Cannot start the program: {error}") from error

    def command(self, *arguments: str, seconds: float) -> None:
        """Run the program with a command-line command, and wait for it."""
        try:
            done = subprocess.run(
                [*self._launch.command, *arguments],
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
                **self._popen_options(),
            )
        except subprocess.TimeoutExpired as error:
            raise Failed(f"{arguments} had not finished after {seconds:g} s.") from error
        if done.returncode != 0:
            raise Failed(f"{arguments} exited with {done.returncode}:\n{done.stdout}{done.stderr}")

    def _popen_options(self) -> dict[str, Any]:
        launch = self._launch
        entry = pwd.getpwnam(launch.user) if launch.user else None
        return {
            "env": {**launch.variables(self._display), _MARK: self._mark},
            "cwd": launch.home.path,
            "user": entry and entry.pw_uid,
            "group": entry and entry.pw_gid,
            "extra_groups": [] if entry else None,
            "stdin": subprocess.DEVNULL,
        }

    def output(self, name: str) -> Path:
        """The file with its standard output (`out`) or error (`err`)."""
        return self._folder / f"program.{name}"

    def until(self, what: str, look: Callable[[], Found | None], seconds: float) -> Found:
        """Like `smoke_waiting.until`, but fail at once if the program has exited."""

        def look_while_running() -> Found | None:
            self._require_running(what)
            return look()

        return until(what, look_while_running, seconds)

    def wait(self, seconds: float) -> int:
        """Wait until it exits; returns the exit code."""
        if self._process is None:
            raise Failed("The program was not started.")
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"The program was still running after {seconds:g} s.") from error

    def processes(self) -> list[int]:
        """PIDs of the program and all its descendants that are still alive."""
        mark = f"{_MARK}={self._mark}".encode()
        found = [path for path in Path("/proc").iterdir() if path.name.isdecimal()]
        return sorted(int(path.name) for path in found if mark in _environment(path))

    def all_output(self) -> str:
        """Its standard output and error, as one text."""
        texts = {title: self.output(name).read_text("utf-8", "backslashreplace").strip()
                 for name, title in _OUTPUT.items() if self.output(name).exists()}  # fmt: skip
        return "\n".join(f"Its {title}:\n{text}" for title, text in texts.items() if text)

    def kill(self) -> None:
        """Kill whatever processes are left."""
        while left := self.processes():
            for number in left:
                _kill(number)
            time.sleep(0.05)
        if self._process is not None:
            self._process.wait()

    def _require_running(self, what: str) -> None:
        code = self._process.poll() if self._process else None
        if code is not None:
            output = self.all_output() or "It printed nothing."
            raise Failed(f"The program exited with {code}; there was {what}. {output}")


def command_line(process: int) -> str:
    """The command line of a process, for messages."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return "(already exited)"


def _environment(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:  # it has exited, or belongs to another user
        return []


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
