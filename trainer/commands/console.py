"""What the commands print: a table of epochs above a progress line, answers, or lines of JSON.

`TrainingTable` shows a run; `console_events` is for the commands that only find something out.
"""

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Never

from tqdm import tqdm

from trainer.errors import TrainerError
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

Tell = Callable[[Event], None]

# Its watchdog thread is of use only to bars that nobody updates.
tqdm.monitor_interval = 0

HEADER = (
    f"{'epoch':>7}  {'loss':>7}  {'accuracy':>8}  {'val loss':>8}  {'val acc':>8}"
    f"  {'images/s':>8}  {'seconds':>7}"
)


class TrainingTable:
    """Shows events as they come: rows on stdout, progress on stderr if that is a terminal."""

    def __init__(self) -> None:
        self._bar: tqdm[Never] | None = None
        self._preparing = ""
        self._epochs = self._steps = 0

    def __call__(self, event: Event) -> None:
        """Show one event; those that tell a person nothing are left out."""
        match event:
            case Waiting():
                self._write(f"Waiting: another run trains on {event.device}.")
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
        """Take the progress line away."""
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
        print(
            f"{event.recipe} on {event.data}: {event.train_images:,} training, "
            f"{event.validation_images:,} validation, {event.test_images:,} test images; "
            f"{event.parameters:,} parameters; {event.device}"
        )
        if event.first_step:
            print(f"Going on from step {event.first_step} of {event.steps}.")
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
            f"{event.epoch:>3}/{self._epochs:<3}  {event.train_loss:>7.4f}"
            f"  {event.train_accuracy:>8.2%}  {event.validation_loss:>8.4f}"
            f"  {event.validation_accuracy:>8.2%}  {event.images_per_second:>8,.0f}"
            f"  {event.seconds:>7.1f}"
        )
        self._move_to(event.epoch * self._steps // self._epochs)

    def _finish(self, event: RunFinished) -> None:
        self.close()
        figures = event.figures
        print(
            f"Test accuracy {figures['accuracy']:.2%} (one pass {figures['accuracy_single']:.2%}, "
            f"six views {figures['accuracy_tta']:.2%}), calibration error {figures['ece']:.4f}, "
            f"{event.seconds:,.0f} s of training.\nThe network is in {event.model}",
            flush=True,
        )

    def _write(self, text: str) -> None:
        tqdm.write(text, file=sys.stdout)
        sys.stdout.flush()


@contextmanager
def console_events(*, as_events: bool, in_words: Callable[[Event], str]) -> Iterator[Tell]:
    """Have a command's events printed while the block runs, and its failure among them.

    Args:
        as_events: Whether to print lines of JSON and nothing else.
        in_words: Puts an answer into words for a person.
    """
    table = TrainingTable()
    try:
        yield _print_line if as_events else _Speaker(table, in_words)
    except Exception as error:
        if as_events:
            _print_line(_failure(error))
        raise
    finally:
        table.close()


class _Speaker:
    def __init__(self, table: TrainingTable, in_words: Callable[[Event], str]) -> None:
        self._table, self._in_words = table, in_words

    def __call__(self, event: Event) -> None:
        if isinstance(event, Preparing):
            self._table(event)
            return
        self._table.close()
        print(self._in_words(event), flush=True)


def _failure(error: Exception) -> CommandFailed:
    if isinstance(error, TrainerError):
        return CommandFailed(reason=error.message, details=error.details)
    return CommandFailed(
        reason="Something went wrong that should not have; the details say what.",
        details="".join(traceback.format_exception(error)),
    )


def _print_line(event: Event) -> None:
    print(to_line(event), flush=True)
