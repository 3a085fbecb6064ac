"""The program under test: started in its surroundings, watched, ended; used by `smoke_steps`."""

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
"""An environment variable by which the program and all its children are known."""

_OTHERS = ("XDG_", "QT_", "QML_", "PYTHON", "DBUS_", "WAYLAND_", "LD_")
"""Variables that would lead the program elsewhere than to this screen and this home begin so."""

_OUTPUT = {"err": "standard error", "out": "standard output"}

Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the program is started in.

    Attributes:
        command: The program, with whatever is put before it.
        home: The home folder.
        user: Whom it belongs to; None for who runs this.
        environment: Variables it gets beside others.
        has_home: Whether it is told its home by a variable.
        bare: Whether it gets no other variables, as under `env -i`.
    """

    command: tuple[str, ...]
    home: Home
    user: str | None = None
    environment: dict[str, str] = field(default_factory=dict)
    has_home: bool = True
    bare: bool = False

    def variables(self, display: str) -> dict[str, str]:
        """All variables that it gets."""
        kept = {} if self.bare else {
            name: value for name, value in os.environ.items()
            if name != "HOME" and not name.startswith(_OTHERS)
        }  # fmt: skip
        home = {"HOME": str(self.home.seen_as)} if self.has_home else {}
        return {**kept, **home, "DISPLAY": display, **self.environment}


class Program:
    """A start of the program.

    Args:
        surroundings: What it is started in.
        display: Where its window is to appear.
        folder: For what it writes to its standard output and error.
    """

    def __init__(self, surroundings: Surroundings, display: str, folder: Path) -> None:
        self._surroundings, self._display, self._folder = surroundings, display, folder
        self._mark = uuid.uuid4().hex
        self._process: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    def start(self) -> None:
        """Start it, in its home folder and without a terminal."""
        with self.output("out").open("wb") as out, self.output("err").open("wb") as err:
            self.started = time.monotonic()
            try:
                self._process = subprocess.Popen(
                    self._surroundings.command,
                    stdout=out,
                    stderr=err,
                    start_new_session=True,
                    **self._as_person(),
                )
            except OSError as error:
                raise Failed(f"The program cannot be started: {error}") from error

    def command(self, *arguments: str, seconds: float) -> None:
        """Start it once more, for a command without a window, and wait until that is done."""
        try:
            done = subprocess.run(
                [*self._surroundings.command, *arguments],
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
                **self._as_person(),
            )
        except subprocess.TimeoutExpired as error:
            raise Failed(f"After {seconds:g} s {arguments} is not done.") from error
        if done.returncode != 0:
            raise Failed(f"{arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}")

    def _as_person(self) -> dict[str, Any]:
        around = self._surroundings
        entry = pwd.getpwnam(around.user) if around.user else None
        return {
            "env": {**around.variables(self._display), _MARK: self._mark},
            "cwd": around.home.path,
            "user": entry and entry.pw_uid,
            "group": entry and entry.pw_gid,
            "extra_groups": [] if entry else None,
            "stdin": subprocess.DEVNULL,
        }

    def output(self, name: str) -> Path:
        """The file that holds what it wrote to `out` or `err`."""
        return self._folder / f"program.{name}"

    def until(self, what: str, look: Callable[[], Found | None], seconds: float) -> Found:
        """Wait for something that comes only while the program runs."""

        def look_at_program() -> Found | None:
            self._require_running(what)
            return look()

        return until(what, look_at_program, seconds)

    def wait(self, seconds: float) -> int:
        """Wait for its end, and give back the exit code."""
        if self._process is None:
            raise Failed("The program was not started.")
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"After {seconds:g} s the program still runs.") from error

    def processes(self) -> list[int]:
        """Numbers of the processes of this start that live, children of children included."""
        wanted = f"{_MARK}={self._mark}".encode()
        found = [path for path in Path("/proc").iterdir() if path.name.isdecimal()]
        return sorted(int(path.name) for path in found if wanted in _environment(path))

    def said(self) -> str:
        """What it wrote to its standard output and error, as one text."""
        texts = {words: self.output(name).read_text("utf-8", "backslashreplace").strip()
                 for name, words in _OUTPUT.items() if self.output(name).exists()}  # fmt: skip
        return "\n".join(f"On its {words}:\n{text}" for words, text in texts.items() if text)

    def kill(self) -> None:
        """End whatever of it is left; it has had its time."""
        while left := self.processes():
            for number in left:
                _kill(number)
            time.sleep(0.05)
        if self._process is not None:
            self._process.wait()

    def _require_running(self, what: str) -> None:
        code = self._process.poll() if self._process else None
        if code is not None:
            said = self.said() or "It said nothing."
            raise Failed(f"The program ended with exit code {code}; there was {what}. {said}")


def command_line(process: int) -> str:
    """What a process was started with, for a person to read."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return "(just ended)"


def _environment(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:  # Ended meanwhile, or another user's.
        return []


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
