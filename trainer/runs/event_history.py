"""The events of a run, over all its starts; for exports and for the window. Imports no torch."""

from collections.abc import Callable, Iterable

from trainer.errors import CheckpointError
from trainer.events.base import Event, EventError
from trainer.events.codec import from_line
from trainer.events.run_events import EpochFinished, Progress, RunStarted
from trainer.runs.run_folder import TORN, RunFolder

MAX_LINES_NAMED = 5


def read_events(folder: RunFolder, warn: Callable[[str], None]) -> list[Event]:
    """The events in a run's log, oldest first.

    A line that a crash or a full disk cut short is skipped: it was never reported to anyone.

    Args:
        folder: The run folder.
        warn: Called with one sentence if other lines are damaged; they are skipped too.

    Raises:
        CheckpointError: If there is no log.
    """
    try:
        lines = folder.events.read_bytes().split(b"\n")
    except OSError as error:
        raise CheckpointError(
            f"The run in “{folder.path}” has not reported anything yet.", details=repr(error)
        ) from error
    events: list[Event] = []
    damaged: list[int] = []
    for number, line in enumerate(lines, start=1):
        try:
            events.append(from_line(line))
        except EventError:
            # What follows the last line break is empty, being written, or cut short.
            if number < len(lines) and not is_torn(line):
                damaged.append(number)
    if damaged:
        warn(f"Damaged lines in “{folder.events}” were skipped: {_enumerated(damaged)}.")
    return events


def is_torn(line: bytes) -> bool:
    """Whether a line was cut short and then marked by `RunFolder.append`."""
    return line.endswith(TORN)


def merged(events: Iterable[Event]) -> list[Event]:
    """The events without those that a later start replaced."""
    kept: list[Event] = []
    for event in events:
        if isinstance(event, RunStarted):
            kept = [each for each in kept if not _is_replaced(each, event)]
        kept.append(event)
    return kept


def resume_position(start: RunStarted) -> float:
    """Where a start takes over, in epochs; it replaces what earlier ones reported beyond.

    After a crash, the steps since the last checkpoint are taken again.
    """
    # Half a step later, because epochs are not exact as fractions of steps.
    return (start.first_step + 0.5) * start.epochs / max(1, start.steps)


def _is_replaced(event: Event, start: RunStarted) -> bool:
    if isinstance(event, Progress):
        return event.step * start.epochs / max(1, start.steps) > resume_position(start)
    return isinstance(event, EpochFinished) and event.epoch > resume_position(start)


def _enumerated(numbers: list[int]) -> str:
    more = len(numbers) - MAX_LINES_NAMED
    named = ", ".join(map(str, numbers[:MAX_LINES_NAMED]))
    return f"{named} and {more} more" if more > 0 else named
