"""What a person does with the program and what they then see, step by step; used by `smoke`."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import smoke_drag_source
from smoke_home import CLASSES, TOP_CLASS
from smoke_program import Program, Surroundings, command_line
from smoke_screen import Screen, Window
from smoke_training import Curves, Record, curves, new_run
from smoke_waiting import Failed, until

from trainer.events.run_events import EpochFinished, RunFinished

_TITLE, _DIAGNOSTICS = "CIFAR Desktop", "Diagnostics"
_LOG_PROBLEMS = (" WARNING ", " ERROR ", " CRITICAL ", "Traceback")
_COLOURS_OF_A_WINDOW = 12

Found = TypeVar("Found")


class Person:
    """Sits at a screen and uses the program. Each step raises `Failed` with a complaint.

    Args:
        screen: The screen.
        surroundings: What the program is started in.
        folder: For files of the test itself.
        patience: A step may take this many seconds.
    """

    def __init__(
        self, screen: Screen, surroundings: Surroundings, folder: Path, patience: float
    ) -> None:
        self.screen, self._home = screen, surroundings.home
        self._patience = patience
        self.program = Program(surroundings, screen.display, folder)
        self.record: Record | None = None
        self._window: Window = ""
        self._curves: Curves | None = None

    def open_window(self) -> None:
        """Start the program and wait for a window with something in it."""
        self.program.start()
        self._window = self.program.until(
            "no window", lambda: self.screen.window(_TITLE), self._patience
        )
        self.program.until("nothing in the window", self._is_painted, self._patience)

    def drop_photo(self) -> None:
        """Drag the photo out of another window and drop it on this one."""
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

    def read_answer(self) -> None:
        """Copy the answer, as soon as there is one, and read it."""
        text = self.program.until("no answer to copy", self._copied_answer, self._patience)
        lines = text.splitlines()
        best = lines[1] if len(lines) > 1 else ""
        if not best.startswith(f"{TOP_CLASS}: ") or not best.endswith("%"):
            raise Failed(f"A photo of a {TOP_CLASS} got another answer:\n{text}")

    def start_training(self) -> None:
        """Open the Training tab, press Start, and wait until an epoch is over."""
        before, look = self._home.runs(), self._seen()
        self._press("ctrl+2")
        self.program.until("no Training tab", lambda: self._seen() != look, self._patience)
        run = self._press_until("no run", "ctrl+Return", new_run(self._home, before), 10)
        self.record = record = Record(run)
        self.program.until("no epoch over", lambda: record.of(EpochFinished), self._patience)

    def stop_training(self) -> None:
        """Press Stop and wait until the run says that it was stopped, with a checkpoint."""
        record = self._require_record()
        self._press_until("no sign that the run was stopped", "alt+p", record.is_stopped)
        self._wait_for_trainer()

    def resume_training(self) -> None:
        """Press Resume; the run must go on from its checkpoint and reach its end."""
        record = self._require_record()
        stopped_at = record.step()

        def look() -> list[int] | None:
            # First the curves: those of the first part, as long as there is no second one.
            self._curves = self._look_at_curves()
            return steps if len(steps := record.first_steps()) > 1 else None

        starts = self._press_until("no sign that the run goes on", "alt+r", look)
        if starts[-1] != stopped_at or not stopped_at:
            raise Failed(f"The run stopped at step {stopped_at} and went on from {starts[-1]}.")

    def watch_curves(self) -> None:
        """See the curves grow beyond what they were when the run was stopped."""
        if self._curves is None:
            raise Failed("The charts of the stopped run show no curves.")
        self.program.until(
            "no change in the curves",
            lambda: (now := self._look_at_curves()) and now != self._curves,
            self._patience,
        )

    def see_the_end(self) -> None:
        """Wait until the run is over and its network written."""
        record = self._require_record()
        self.program.until("no end of the run", lambda: record.of(RunFinished), self._patience)
        if not record.folder.model.exists():
            raise Failed("The run is over, but there is no network.")
        self._wait_for_trainer()
        # The notice that a person sees; before it the window would ask what becomes of the run.
        self.program.until(
            "no notice of the end", lambda: "is finished" in self._log(), self._patience
        )

    def use_network(self) -> None:
        """Use the network on the photo: an answer in the classes of the dataset."""
        starts = tuple(f"{name}: " for name in CLASSES)

        def is_answer() -> bool:
            lines = self._copied_answer().splitlines()
            return len(lines) > 1 and lines[1].startswith(starts)

        self._press_until("no answer of the new network", "alt+a", is_answer, 5)

    def export_curves(self) -> None:
        """Write the run's curves for TensorBoard, with the program's own command."""
        run, boards = self._require_record().folder.path, self._home.path / "boards"
        where = str(self._home.seen(run)), str(self._home.seen(boards))
        self.program.command(
            "--trainer", "export", where[0], "--format", "tensorboard", "--out", where[1],
            seconds=self._patience,
        )  # fmt: skip
        if not list(boards.glob("training/events.out.tfevents.*")):
            raise Failed("The export for TensorBoard left no files.")

    def open_diagnostics(self) -> None:
        """Open the Diagnostics window from the Help menu, and wait until it is done."""
        for keys in ("alt+h", "g"):
            self._press(keys)
        window = self.program.until(
            "no Diagnostics window", lambda: self.screen.window(_DIAGNOSTICS), 10
        )
        self.program.until(
            "something going on in the Diagnostics window",
            lambda: self.screen.is_still(window),
            self._patience,
        )

    def close_diagnostics(self) -> None:
        """Close it with Escape."""
        window = self.screen.window(_DIAGNOSTICS)
        if window is not None:
            self.screen.press(window, "Escape")
        self.program.until("a Diagnostics window", lambda: not self.screen.window(_DIAGNOSTICS), 10)

    def quit(self) -> None:
        """Press Ctrl+Q; the program must go without a word and leave nothing running."""
        self._press("ctrl+q")
        code = self.program.wait(10)
        said = self.program.said()
        if code != 0:
            raise Failed(f"The program ended with exit code {code}. {said}")
        if said:
            raise Failed(f"The program should say nothing. {said}")
        self._require_alone()
        self._read_log()

    def _press(self, keys: str) -> None:
        self.screen.press(self._window, keys)

    def _press_until(
        self, what: str, keys: str, look: Callable[[], Found | None], again: float = 1
    ) -> Found:
        """Press keys until they have done something; who sees nothing happen presses again."""
        due = 0.0

        def press_and_look() -> Found | None:
            nonlocal due
            if time.monotonic() > due:
                self._press(keys)
                due = time.monotonic() + again
            return look()

        return self.program.until(what, press_and_look, self._patience)

    def _is_painted(self) -> bool:
        colours = self.screen.picture(self.screen.box(self._window)).getcolors(1 << 24)
        return len(colours or ()) > _COLOURS_OF_A_WINDOW

    def _look_at_curves(self) -> Curves | None:
        return curves(self.screen, self.screen.box(self._window))

    def _seen(self) -> bytes:
        return self.screen.picture(self.screen.box(self._window)).tobytes()

    def _drag_from(self, source: subprocess.Popen[bytes]) -> None:
        told = Words(source)
        window = until("no photo to drag", self._source_window, self._patience)
        here, there = self.screen.box(window), self.screen.box(self._window)
        self.screen.take_hold(here)
        told.wait_for("dragging", 10, "The photo cannot be dragged.")
        self.screen.drag(here, there)
        told.wait_for("welcome", 10, "The window does not welcome the photo.")
        self.screen.let_go()
        told.wait_for("copied", 10, "The photo was dropped and not taken.")
        # The other program must live until then: it is asked for the data after the drop.
        name = self._home.photo.name
        self.program.until(
            "no photo in the window", lambda: self.screen.window(name), self._patience
        )

    def _source_window(self) -> Window | None:
        return self.screen.window(smoke_drag_source.TITLE)

    def _copied_answer(self) -> str:
        self._press("ctrl+c")
        return self.screen.clipboard()

    def _require_record(self) -> Record:
        if self.record is None:
            raise Failed("There is no run.")
        return self.record

    def _wait_for_trainer(self) -> None:
        name = self._require_record().folder.path.name
        self.program.until(
            "a trainer at work",
            lambda: not any(name in command_line(each) for each in self.program.processes()),
            self._patience,
        )

    def _require_alone(self) -> None:
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

    def _read_log(self) -> None:
        lines = self._log().splitlines()
        bad = [line for line in lines if any(word in line for word in _LOG_PROBLEMS)]
        crash = self._home.crash_log
        if crash.exists() and "Fatal" in (text := crash.read_text(encoding="utf-8")):
            bad.append(text)
        if bad:
            raise Failed("The log tells of problems:\n" + "\n".join(bad))


class Words:
    """The words that another program writes to a pipe, a line each, while it runs.

    Args:
        program: The other program.
    """

    def __init__(self, program: subprocess.Popen[bytes]) -> None:
        self._stream, self._told = program.stdout, b""
        if self._stream is not None:
            os.set_blocking(self._stream.fileno(), False)

    def wait_for(self, word: str, seconds: float, complaint: str) -> None:
        """Wait for a word.

        Raises:
            Failed: With the complaint, if it does not come.
        """
        try:
            until(word, lambda: word in self._read(), seconds)
        except Failed as error:
            raise Failed(f"{complaint} ({', '.join(self._read()) or 'no word'})") from error

    def _read(self) -> list[str]:
        self._told += (self._stream and self._stream.read()) or b""
        return self._told.decode().split()
