"""What a run told, put in order over all its starts; for exports of a run. Needs no torch."""

from collections.abc import Iterable, Iterator

from trainer.errors import CheckpointError
from trainer.events.base import Event, EventError
from trainer.events.codec import from_line
from trainer.events.run_events import EpochFinished, Progress, RunStarted
from trainer.runs.run_folder import RunFolder


def read_events(folder: RunFolder) -> list[Event]:
    """The events of a run's record, in the order in which they were told.

    Lines that a crash or a full disk left torn are passed over, as the window does.

    Raises:
        CheckpointError: If there is no record.
    """
    try:
        lines = folder.events.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise CheckpointError(
            f"“{folder.path}” holds no run that has told anything yet.", details=repr(error)
        ) from error
    return list(_decoded(lines))


def merged(events: Iterable[Event]) -> list[Event]:
    """The events that still hold.

    A start that goes on from step s replaces what an earlier one told beyond s: after a crash the
    steps since the last checkpoint are taken again.
    """
    kept: list[Event] = []
    for event in events:
        if isinstance(event, RunStarted):
            kept = [each for each in kept if not _beyond(each, event)]
        kept.append(event)
    return kept


def _beyond(event: Event, start: RunStarted) -> bool:
    if isinstance(event, Progress):
        return event.step > start.first_step
    if isinstance(event, EpochFinished):
        return event.epoch * start.steps > start.first_step * start.epochs
    return False


def _decoded(lines: Iterable[str]) -> Iterator[Event]:
    for line in lines:
        try:
            yield from_line(line)
        except EventError:
            continue
