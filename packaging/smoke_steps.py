"""The steps of the smoke test: what a user does with the program and then sees; used by `smoke`."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import smoke_drag_source
from smoke_home import CLASSES, TOP_CLASS
from smoke_program import LaunchConfig, Program, command_line
from smoke_screen import Screen, Window
from smoke_training import Curves, RunLog, curves, new_run
from smoke_waiting import Failed, until

from trainer.events.run_events import EpochFinished, RunFinished

_TITLE, _DIAGNOSTICS = "CIFAR Desktop", "Diagnostics"
_LOG_PROBLEMS = (" WARNING ", " ERROR ", " CRITICAL ", "Traceback")
_MIN_COLORS = 12

Found = TypeVar("Found")


class Driver:
    """Drives the program on a screen; every step raises `Failed` if it does not work.

    Args:
        screen: The screen.
        launch: How to launch the program.
        folder: Folder for the test's own files.
        timeout: Limit for each step, in seconds.
    """

    def __init__(self, screen: Screen, launch: LaunchConfig, folder: Path, timeout: float) -> None:
        self.screen, self._home = screen, launch.home
        self._timeout = timeout
        self.program = Program(launch, screen.display, folder)
        self.run_log: RunLog | None = None
        self._window: Window = ""
        self._curves: Curves | None = None

    def open_window(self) -> None:
        """Start the program and wait until its window is painted."""
        self.program.start()
        self._window = self.program.until(
            "no window", lambda: self.screen.window(_TITLE), self._timeout
        )
        self.program.until("nothing in the window", self._is_painted, self._timeout)

    def drop_photo(self) -> None:
        """Drag the photo from another window onto this one."""
        uri = self._home.seen(self._home.photo).as_uri()
        source = subprocess.Popen(
            [sys.executable, smoke_drag_source.__file__, uri],
            env={**self.screen.environment, "QT_QPA_PLATFORM": "xcb"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            self._drag_from(source)
        finally:
            source.kill()
            source.communicate()

    def read_prediction(self) -> None:
        """Copy the prediction as soon as there is one, and check it."""
        text = self.program.until("no prediction to copy", self._copied_prediction, self._timeout)
        lines = text.splitlines()
        best = lines[1] if len(lines) > 1 else ""
        if not best.startswith(f"{TOP_CLASS}: ") or not best.endswith("%"):
            raise Failed(f"A photo of a {TOP_CLASS} was classified as something else:\n{text}")

    def start_training(self) -> None:
        """Open the Training tab, press Start, and wait for the first epoch to finish."""
        before, look = self._home.runs(), self._seen()
        self._press("ctrl+2")
        self.program.until("no Training tab", lambda: self._seen() != look, self._timeout)
        run = self._press_until("no run", "ctrl+Return", new_run(self._home, before), 10)
        self.run_log = run_log = RunLog(run)
        self.program.until("no finished epoch", lambda: run_log.of(EpochFinished), self._timeout)

    def stop_training(self) -> None:
        """Press Stop and wait until the run has stopped with a checkpoint."""
        run_log = self._require_run_log()
        self._press_until("no sign that the run was stopped", "alt+p", run_log.is_stopped)
        self._wait_for_trainer()

    def resume_training(self) -> None:
        """Press Resume; the run must continue from its checkpoint."""
        run_log = self._require_run_log()
        stopped_at = run_log.step()

        def look() -> list[int] | None:
            # The curves first: those before the resumption are needed for comparison.
            self._curves = self._look_at_curves()
            return steps if len(steps := run_log.first_steps()) > 1 else None

        starts = self._press_until("no sign that the run resumed", "alt+r", look)
        if starts[-1] != stopped_at or not stopped_at:
            raise Failed(f"The run stopped at step {stopped_at} but resumed from {starts[-1]}.")

    def watch_curves(self) -> None:
        """Wait until the curves have changed since the run was stopped."""
        if self._curves is None:
            raise Failed("The charts of the stopped run show no curves.")
        self.program.until(
            "no change in the curves",
            lambda: (now := self._look_at_curves()) and now != self._curves,
            self._timeout,
        )

    def wait_for_end(self) -> None:
        """Wait until the run has finished and written its network."""
        run_log = self._require_run_log()
        self.program.until("no end of the run", lambda: run_log.of(RunFinished), self._timeout)
        if not run_log.folder.model.exists():
            raise Failed("The run finished without a network.")
        self._wait_for_trainer()
        # Quitting before this notice would ask whether to stop the run.
        self.program.until(
            "no notice of the end", lambda: "” finished: " in self._log(), self._timeout
        )

    def use_network(self) -> None:
        """Classify the photo with the new network, in the classes of its dataset."""
        starts = tuple(f"{name}: " for name in CLASSES)

        def is_prediction() -> bool:
            lines = self._copied_prediction().splitlines()
            return len(lines) > 1 and lines[1].startswith(starts)

        self._press_until("no prediction by the new network", "alt+a", is_prediction, 5)

    def export_curves(self) -> None:
        """Export the run to TensorBoard with the program's command line."""
        run, boards = self._require_run_log().folder.path, self._home.path / "boards"
        where = str(self._home.seen(run)), str(self._home.seen(boards))
        self.program.command(
            "--trainer", "export", where[0], "--format", "tensorboard", "--out", where[1],
            seconds=self._timeout,
        )  # fmt: skip
        if not list(boards.glob("training/events.out.tfevents.*")):
            raise Failed("The TensorBoard export wrote no files.")

    def open_diagnostics(self) -> None:
        """Open the Diagnostics window from the Help menu, and wait until it has finished."""
        for keys in ("alt+h", "g"):
            self._press(keys)
        window = self.program.until(
            "no Diagnostics window", lambda: self.screen.window(_DIAGNOSTICS), 10
        )
        self.program.until(
            "activity in the Diagnostics window",
            lambda: self.screen.is_still(window),
            self._timeout,
        )

    def close_diagnostics(self) -> None:
        """Close the Diagnostics window with Escape."""
        window = self.screen.window(_DIAGNOSTICS)
        if window is not None:
            self.screen.press(window, "Escape")
        self.program.until("a Diagnostics window", lambda: not self.screen.window(_DIAGNOSTICS), 10)

    def quit(self) -> None:
        """Press Ctrl+Q; the program must exit silently and leave no process behind."""
        self._press("ctrl+q")
        code = self.program.wait(10)
        output = self.program.all_output()
        if code != 0:
            raise Failed(f"The program exited with {code}. {output}")
        if output:
            raise Failed(f"The program should print nothing. {output}")
        self._require_no_processes()
        self._require_clean_log()

    def _press(self, keys: str) -> None:
        self.screen.press(self._window, keys)

    def _press_until(
        self, what: str, keys: str, look: Callable[[], Found | None], again: float = 1
    ) -> Found:
        """Press keys until they take effect, again and again like an impatient user."""
        due = 0.0

        def press_and_look() -> Found | None:
            nonlocal due
            if time.monotonic() > due:
                self._press(keys)
                due = time.monotonic() + again
            return look()

        return self.program.until(what, press_and_look, self._timeout)

    def _is_painted(self) -> bool:
        colors = self.screen.picture(self.screen.box(self._window)).getcolors(1 << 24)
        return len(colors or ()) > _MIN_COLORS

    def _look_at_curves(self) -> Curves | None:
        return curves(self.screen, self.screen.box(self._window))

    def _seen(self) -> bytes:
        return self.screen.picture(self.screen.box(self._window)).tobytes()

    def _drag_from(self, source: subprocess.Popen[bytes]) -> None:
        reader = LineReader(source)
        window = until("no photo to drag", self._source_window, self._timeout)
        here, there = self.screen.box(window), self.screen.box(self._window)
        self.screen.start_drag(here)
        reader.wait_for("dragging", 10, "The photo cannot be dragged.")
        self.screen.drag(here, there)
        reader.wait_for("accepted", 10, "The window does not accept the photo.")
        self.screen.drop()
        reader.wait_for("copied", 10, "The window ignored the dropped photo.")
        # The other program must stay alive until then: the data is requested after the drop.
        name = self._home.photo.name
        self.program.until(
            "no photo in the window", lambda: self.screen.window(name), self._timeout
        )

    def _source_window(self) -> Window | None:
        return self.screen.window(smoke_drag_source.TITLE)

    def _copied_prediction(self) -> str:
        self._press("ctrl+c")
        return self.screen.clipboard()

    def _require_run_log(self) -> RunLog:
        if self.run_log is None:
            raise Failed("There is no run.")
        return self.run_log

    def _wait_for_trainer(self) -> None:
        name = self._require_run_log().folder.path.name
        self.program.until(
            "a running trainer",
            lambda: not any(name in command_line(each) for each in self.program.processes()),
            self._timeout,
        )

    def _require_no_processes(self) -> None:
        try:
            until("a process", lambda: not self.program.processes(), 5)
        except Failed as error:
            left = "\n".join(map(command_line, self.program.processes()))
            raise Failed(f"The program left processes behind:\n{left}") from error

    def _log(self) -> str:
        log = self._home.log
        if not log.exists():
            raise Failed(f"There is no log file {log}.")
        return log.read_text(encoding="utf-8")

    def _require_clean_log(self) -> None:
        lines = self._log().splitlines()
        bad = [line for line in lines if any(word in line for word in _LOG_PROBLEMS)]
        crash = self._home.crash_log
        if crash.exists() and "Fatal" in (text := crash.read_text(encoding="utf-8")):
            bad.append(text)
        if bad:
            raise Failed("The log reports problems:\n" + "\n".join(bad))


class LineReader:
    """Reads words that another program writes to a pipe, one per line, without blocking.

    Args:
        program: The other program.
    """

    def __init__(self, program: subprocess.Popen[bytes]) -> None:
        self._stream, self._received = program.stdout, b""
        if self._stream is not None:
            os.set_blocking(self._stream.fileno(), False)

    def wait_for(self, word: str, seconds: float, failure: str) -> None:
        """Wait for a word.

        Raises:
            Failed: With the message `failure`, on timeout.
        """
        try:
            until(word, lambda: word in self._read(), seconds)
        except Failed as error:
            raise Failed(f"{failure} ({', '.join(self._read()) or 'no output'})") from error

    def _read(self) -> list[str]:
        self._received += (self._stream and self._stream.read()) or b""
        return self._received.decode().split()
