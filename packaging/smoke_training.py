"""What the smoke test reads of a training run: its events on disk, its curves on the screen."""

from collections.abc import Callable

import numpy as np
from smoke_home import Home
from smoke_screen import Box, Screen
from smoke_waiting import Failed

from trainer.events.base import Event
from trainer.events.codec import from_line
from trainer.events.run_events import CheckpointSaved, RunFailed, RunFinished, RunStarted
from trainer.runs.run_folder import RunFolder

_BLUE, _ORANGE = (0x16, 0x68, 0xB4), (0xD4, 0x59, 0x0B)
"""Colors of the training and validation curves in the light theme, from `ui.chart_palette`."""

_CURVES = (0.33, 0.36, 0.97, 0.62)
"""Box of the loss and accuracy charts, as fractions of the window's size."""

_DOT = 20
"""Pixels of the dot that marks an epoch."""

Curves = tuple[int, int]
"""Number of pixels in the training and validation colors; it changes as the curves grow."""


class RunLog:
    """The events of a run, read from disk on every call.

    Args:
        folder: The run.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder

    def events(self) -> list[Event]:
        """All events so far."""
        try:
            text = self.folder.events.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        whole, _, _ = text.rpartition("\n")
        return [from_line(line) for line in whole.splitlines()]

    def of(self, kind: type[Event]) -> list[Event]:
        """The events of one type.

        Raises:
            Failed: If the run has failed.
        """
        events = self.events()
        self._require_success(events)
        return [event for event in events if isinstance(event, kind)]

    def step(self) -> int:
        """The step of the last checkpoint."""
        saved = [event.step for event in self.events() if isinstance(event, CheckpointSaved)]
        return max(saved, default=0)

    def is_stopped(self) -> bool:
        """Whether the run has stopped with a checkpoint."""
        if self.of(RunFinished):
            raise Failed("The run finished before it could be stopped; use more --epochs.")
        ends = [event for event in self.events() if isinstance(event, RunFailed)]
        return (
            any(end.stopped and end.resumable for end in ends) and self.folder.checkpoint.exists()
        )

    def first_steps(self) -> list[int]:
        """The first step of every start and resumption."""
        return [event.first_step for event in self.events() if isinstance(event, RunStarted)]

    def _require_success(self, events: list[Event]) -> None:
        bad = [event for event in events if isinstance(event, RunFailed) and not event.stopped]
        if bad:
            raise Failed(f"The run failed: {bad[0].reason}")
        log = self.folder.log.read_text("utf-8") if self.folder.log.exists() else ""
        if "Traceback" in log:
            raise Failed(f"The trainer crashed:\n{log}")


def new_run(home: Home, before: list[RunFolder]) -> Callable[[], RunFolder | None]:
    """A function that returns the run that did not exist before, if there is one."""
    return lambda: next((run for run in home.runs() if run not in before), None)


def curves(screen: Screen, window: Box) -> Curves | None:
    """The curves in the charts; None unless both are visible."""
    left, top, right, bottom = window
    width, height = right - left, bottom - top
    x, y, x_end, y_end = _CURVES
    box = (int(left + x * width), int(top + y * height),
           int(left + x_end * width), int(top + y_end * height))  # fmt: skip
    pixels = np.asarray(screen.picture(box)).astype(int)
    blue, orange = (
        int((np.abs(pixels - color).max(axis=2) < 3).sum()) for color in (_BLUE, _ORANGE)
    )
    return (blue, orange) if min(blue, orange) > _DOT else None
