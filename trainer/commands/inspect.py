"""`cifar-trainer inspect`: what a dataset holds."""

import argparse
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter

from trainer.cancellation import CancelToken
from trainer.commands.console import Tell, console_events
from trainer.data.archive import NotDownloadedError
from trainer.data.loading import load_dataset
from trainer.data.summary import MAX_LISTED, summarize
from trainer.events.base import Event
from trainer.events.command_events import FEW_IMAGES, DataDescribed, DataMissing
from trainer.progress import preparing


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Read a dataset and describe it."""
    with console_events(as_events=options.events, in_words=_text) as tell:
        tell(_found(options, token, tell))
    return 0


def _found(options: argparse.Namespace, token: CancelToken, tell: Tell) -> Event:
    try:
        dataset = load_dataset(
            options.data,
            token=token,
            on_progress=preparing(tell),
            may_download=options.download,
        )
    except NotDownloadedError as missing:
        return DataMissing(data=options.data, size=missing.size)
    return summarize(dataset, options.samples, options.seed)


def _text(event: Event) -> str:
    if isinstance(event, DataMissing):
        return (
            f"{event.data} is not on this computer. --download fetches it "
            f"({event.size / 1_000_000:,.0f} MB)."
        )
    assert isinstance(event, DataDescribed)  # noqa: S101 - for the type checker
    sections = (_table, _duplicates, _skipped, _few)
    lines = chain.from_iterable(section(event) for section in sections)
    return "\n".join([_headline(event), _sizes(event), "", *lines])


def _headline(event: DataDescribed) -> str:
    return (
        f"{event.data}: {len(event.classes):,} classes, {sum(event.train_counts):,} training and "
        f"{sum(event.test_counts):,} test images"
    )


def _sizes(event: DataDescribed) -> str:
    used = event.image_size, event.image_size
    if event.smallest == event.largest:
        lie = f"All images have {_pixels(event.smallest)} pixels"
    else:
        lie = f"Images from {_pixels(event.smallest)} to {_pixels(event.largest)} pixels"
    return (
        f"{lie}." if event.smallest == event.largest == used else f"{lie}, used at {_pixels(used)}."
    )


def _pixels(size: tuple[int, int]) -> str:
    return f"{size[0]:,} x {size[1]:,}"


def _table(event: DataDescribed) -> list[str]:
    width = max(len("class"), *map(len, event.classes))
    rows = zip(event.classes, event.train_counts, event.test_counts, strict=True)
    head = f"{'class':{width}}  {'training':>9}  {'test':>9}"
    return [head, *(f"{name:{width}}  {train:>9,}  {test:>9,}" for name, train, test in rows)]


def _duplicates(event: DataDescribed) -> list[str]:
    return _section(
        "Test images that are training images, too", event.duplicates, event.duplicate_count
    )


def _skipped(event: DataDescribed) -> list[str]:
    return _section(
        "Skipped, because they cannot be read", event.unreadable, event.unreadable_count
    )


def _few(event: DataDescribed) -> list[str]:
    counts = zip(event.train_counts, event.classes, strict=True)
    few = sorted((each for each in counts if each[0] < FEW_IMAGES), key=itemgetter(0))
    lines = [f"{name}: {count}" for count, name in few[:MAX_LISTED]]
    return _section(f"Classes with fewer than {FEW_IMAGES} training images", lines, len(few))


def _section(about: str, lines: Sequence[str], count: int) -> list[str]:
    """What was found of one kind, the first by name; nothing where nothing was."""
    if not count:
        return []
    more = count - len(lines)
    rest = [f"  and {more:,} more"] if more else []
    return ["", f"{about}: {count:,}", *(f"  {line}" for line in lines), *rest]
