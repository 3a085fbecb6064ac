"""What the smoke test knows of a training run: its record on the disk, its curves on the screen."""

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
"""Curves of training and validation in the light appearance, as `chart_style` has them."""

_CURVES = (0.33, 0.36, 0.97, 0.62)
"""Where in the window the charts of loss and accuracy are, in fractions of its size."""

_DOT = 20
"""Pixels of the dot that an epoch makes."""

Curves = tuple[int, int]
"""Pixels in the colours of training and validation: other curves have more or less of them."""


class Record:
    """What a run told, read anew at every look.

    Args:
        folder: The run.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder

    def events(self) -> list[Event]:
        """Everything it told so far."""
        try:
            text = self.folder.events.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        whole, _, _ = text.rpartition("\n")
        return [from_line(line) for line in whole.splitlines()]

    def of(self, kind: type[Event]) -> list[Event]:
        """The events of a kind."""
        events = self.events()
        self._complain(events)
        return [event for event in events if isinstance(event, kind)]

    def step(self) -> int:
        """The step of the last checkpoint."""
        saved = [event.step for event in self.events() if isinstance(event, CheckpointSaved)]
        return max(saved, default=0)

    def is_stopped(self) -> bool:
        """Whether the person's wish to stop was granted, with a checkpoint."""
        if self.of(RunFinished):
            raise Failed("The run was over before it could be stopped; ask for more --epochs.")
        ends = [event for event in self.events() if isinstance(event, RunFailed)]
        return (
            any(end.stopped and end.resumable for end in ends) and self.folder.checkpoint.exists()
        )

    def first_steps(self) -> list[int]:
        """The steps that its starts began from."""
        return [event.first_step for event in self.events() if isinstance(event, RunStarted)]

    def _complain(self, events: list[Event]) -> None:
        bad = [event for event in events if isinstance(event, RunFailed) and not event.stopped]
        if bad:
            raise Failed(f"The run failed: {bad[0].reason}")
        said = self.folder.log.read_text("utf-8") if self.folder.log.exists() else ""
        if "Traceback" in said:
            raise Failed(f"The trainer broke down:\n{said}")


def new_run(home: Home, before: list[RunFolder]) -> Callable[[], RunFolder | None]:
    """What gives the run that was not there before."""
    return lambda: next((run for run in home.runs() if run not in before), None)


def curves(screen: Screen, window: Box) -> Curves | None:
    """The curves in the charts; None unless both are there."""
    left, top, right, bottom = window
    width, height = right - left, bottom - top
    x, y, x_end, y_end = _CURVES
    box = (int(left + x * width), int(top + y * height),
           int(left + x_end * width), int(top + y_end * height))  # fmt: skip
    pixels = np.asarray(screen.picture(box)).astype(int)
    blue, orange = (
        int((np.abs(pixels - colour).max(axis=2) < 3).sum()) for colour in (_BLUE, _ORANGE)
    )
    return (blue, orange) if min(blue, orange) > _DOT else None
