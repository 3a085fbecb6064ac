"""Console output of the commands: a training table with a progress bar, text, or JSON lines.

`TrainingTable` shows a training run; `console_events` serves the other commands.
"""

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Never

from tqdm import tqdm

from trainer.errors import TrainerError
from trainer.evaluation.accuracy_text import accuracy_text, brief_accuracy_text, is_enough
from trainer.events.base import Event
from trainer.events.codec import to_line
from trainer.events.command_events import CommandFailed
from trainer.events.run_events import (
    EpochFinished,
    Message,
    Preparing,
    Progress,
    RunFinished,
    RunStarted,
    Waiting,
)

Emit = Callable[[Event], None]

# The watchdog thread only matters for progress bars that are not updated.
tqdm.monitor_interval = 0

HEADER = (
    f"{'epoch':>7}  {'train loss':>10}  {'train acc':>9}  {'val loss':>8}  {'val acc':>8}"
    f"  {'images/s':>8}  {'seconds':>7}"
)


class TrainingTable:
    """Shows the events of a run: rows on stdout, and a progress bar on stderr in a terminal."""

    def __init__(self) -> None:
        self._bar: tqdm[Never] | None = None
        self._preparing = ""
        self._epochs = self._steps = 0

    def __call__(self, event: Event) -> None:
        """Show an event, if it matters to the user."""
        match event:
            case Waiting():
                self._write(f"Waiting for another run on {event.device} to finish.")
            case Preparing():
                self._prepare(event)
            case RunStarted():
                self._start(event)
            case Progress():
                self._progress(event)
            case EpochFinished():
                self._row(event)
            case Message():
                self._write(event.text)
            case RunFinished():
                self._finish(event)

    def close(self) -> None:
        """Remove the progress bar."""
        if self._bar is not None:
            self._bar.close()
        self._bar = None

    def _prepare(self, event: Preparing) -> None:
        if self._preparing != event.what:
            self.close()
            self._preparing = event.what
            self._bar = tqdm(
                total=event.total, desc=event.what, unit_scale=True, leave=False, disable=None
            )
        self._move_to(event.done)

    def _start(self, event: RunStarted) -> None:
        self.close()
        self._epochs, self._steps = event.epochs, event.steps
        names = " + ".join(source.name for source in event.sources) or event.data
        none = sum(event.none_counts)
        print(
            f"{event.recipe} on {names}: {event.train_images:,} training, "
            f"{event.validation_images:,} validation and {event.test_images:,} test images; "
            f"{f'{none:,} pictures of other things; ' if none else ''}"
            f"{event.parameters:,} parameters; {event.device}"
        )
        if event.first_step:
            print(f"Resuming at step {event.first_step} of {event.steps}.")
        print(HEADER, flush=True)
        self._bar = tqdm(
            total=event.steps, initial=event.first_step, unit="step", leave=False, disable=None
        )

    def _progress(self, event: Progress) -> None:
        if self._bar is not None:
            self._bar.set_postfix_str(
                f"{event.images_per_second:,.0f} images/s, loss {event.loss:.3f}", refresh=False
            )
        self._move_to(event.step)

    def _move_to(self, position: int) -> None:
        if self._bar is not None:
            self._bar.update(position - self._bar.n)

    def _row(self, event: EpochFinished) -> None:
        self._write(
            f"{event.epoch:>3}/{self._epochs:<3}  {event.train_loss:>10.4f}"
            f"  {event.train_accuracy:>9.2%}  {event.validation_loss:>8.4f}"
            f"  {event.validation_accuracy:>8.2%}  {event.images_per_second:>8,.0f}"
            f"  {event.seconds:>7.1f}"
        )
        self._move_to(event.epoch * self._steps // self._epochs)

    def _finish(self, event: RunFinished) -> None:
        self.close()
        figures, images = event.figures, round(event.figures.get("images", 0))
        single = brief_accuracy_text(figures["accuracy_single"], images)
        error = f", calibration error {figures['ece']:.4f}" if is_enough(images) else ""
        kept = f", network of epoch {figures['epochs']:.0f}" if "epochs" in figures else ""
        accuracy = accuracy_text(figures["accuracy"], images)
        text = f"Test accuracy {accuracy}; single pass {single}{error}"
        print(
            f"{text.replace(' %', '%')}\n"
            f"Trained in {event.seconds:,.0f} s{kept}; model saved to {event.model}",
            flush=True,
        )

    def _write(self, text: str) -> None:
        tqdm.write(text, file=sys.stdout)
        sys.stdout.flush()


@contextmanager
def console_events(*, as_json: bool, to_text: Callable[[Event], str]) -> Iterator[Emit]:
    """Print the events that a command emits in this context, and its failure.

    Args:
        as_json: Whether to print JSON lines and nothing else.
        to_text: Describes the result for the user.
    """
    table = TrainingTable()
    try:
        yield print_json if as_json else _TextPrinter(table, to_text)
    except Exception as error:
        if as_json:
            print_json(_failure(error))
        raise
    finally:
        table.close()


class _TextPrinter:
    def __init__(self, table: TrainingTable, to_text: Callable[[Event], str]) -> None:
        self._table, self._to_text = table, to_text

    def __call__(self, event: Event) -> None:
        if isinstance(event, Preparing | Message):
            self._table(event)
            return
        self._table.close()
        print(self._to_text(event), flush=True)


def _failure(error: Exception) -> CommandFailed:
    if isinstance(error, TrainerError):
        return CommandFailed(reason=error.message, details=error.details)
    return CommandFailed(
        reason="This is a bug in CIFAR Desktop; please report it with the details.",
        details="".join(traceback.format_exception(error)),
    )


def print_json(event: Event) -> None:
    """Print an event as a JSON line."""
    print(to_line(event), flush=True)
