"""`cifar-trainer inspect`: the contents of a dataset."""

import argparse
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter

from trainer.cancellation import CancelToken
from trainer.commands.console import Emit, console_events
from trainer.data.archive import NotDownloadedError
from trainer.data.inspection.summary import MAX_LISTED, summarize
from trainer.data.several.loading import load_datasets
from trainer.events.base import Event
from trainer.events.command_events import FEW_IMAGES, DatasetInspected, DatasetNotDownloaded
from trainer.files.dataset_place import CIFAR10
from trainer.progress import preparing


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Load a dataset and summarize it."""
    with console_events(as_json=options.events, to_text=_text) as emit:
        emit(_inspect(options, token, emit))
    return 0


def _inspect(options: argparse.Namespace, token: CancelToken, emit: Emit) -> Event:
    try:
        dataset = load_datasets(
            options.data,
            image_size=options.image_size,
            token=token,
            on_progress=preparing(emit),
            may_download=options.download,
        )
    except NotDownloadedError as missing:
        return DatasetNotDownloaded(data=CIFAR10, size=missing.size)
    return summarize(dataset, options.samples, options.seed)


def _text(event: Event) -> str:
    if isinstance(event, DatasetNotDownloaded):
        return (
            f"{event.data} is not on this computer. Use --download to download it "
            f"({event.size / 1_000_000:,.0f} MB)."
        )
    assert isinstance(event, DatasetInspected)  # noqa: S101 - for the type checker
    sections = (_table, _sources, _notes, _untested, _duplicates, _skipped, _few)
    lines = chain.from_iterable(section(event) for section in sections)
    return "\n".join([_headline(event), _sizes(event), "", *lines])


def _headline(event: DatasetInspected) -> str:
    validation = f"{sum(event.validation_counts):,} validation" if event.validation_counts else ""
    counts = [
        f"{sum(event.train_counts):,} training",
        validation,
        f"{sum(event.test_counts):,} test",
    ]
    *first, last = filter(None, counts)
    names = " + ".join(source.name for source in event.sources) or event.data
    return f"{names}: {len(event.classes):,} classes, {', '.join(first)} and {last} images"


def _sizes(event: DatasetInspected) -> str:
    used = event.image_size, event.image_size
    if event.smallest == event.largest:
        sizes = f"All images are {_pixels(event.smallest)} pixels"
    else:
        sizes = f"Images from {_pixels(event.smallest)} to {_pixels(event.largest)} pixels"
    resized = not event.smallest == event.largest == used
    return f"{sizes}, resized to {_pixels(used)}." if resized else f"{sizes}."


def _pixels(size: tuple[int, int]) -> str:
    return f"{size[0]:,} x {size[1]:,}"


def _table(event: DatasetInspected) -> list[str]:
    width = max(len("class"), *map(len, event.classes))
    columns = {"training": event.train_counts, "test": event.test_counts}
    if event.validation_counts:
        columns["validation"] = event.validation_counts
    header = "".join(f"  {title:>{max(9, len(title))}}" for title in columns)
    lines = [f"{'class':{width}}{header}"]
    for name, *counts in zip(event.classes, *columns.values(), strict=True):
        cells = zip(columns, counts, strict=True)
        row = "".join(f"  {count:>{max(9, len(title))},}" for title, count in cells)
        lines.append(f"{name:{width}}{row}")
    return [*lines, *_none(event)]


def _none(event: DatasetInspected) -> list[str]:
    """A line on the pictures of other things, apart from the classes."""
    splits = zip(("training", "validation", "test"), event.none_counts, strict=True)
    counts = [f"{count:,} {split}" for split, count in splits if count]
    pictures = "picture" if sum(event.none_counts) == 1 else "pictures"
    return ["", f"none, no class: {', '.join(counts)} {pictures} of other things"] if counts else []


def _sources(event: DatasetInspected) -> list[str]:
    if len(event.sources) < 2:
        return []
    return _section("Datasets", [*map(str, event.sources)], len(event.sources))


def _notes(event: DatasetInspected) -> list[str]:
    lines: list[str] = []
    for note in event.notes:
        more = [f"  and {note.more:,} more"] if note.more else []
        lines += ["", note.text, *(f"  {name}" for name in note.names), *more]
    return lines


def _untested(event: DatasetInspected) -> list[str]:
    counts = zip(event.classes, event.test_counts, strict=True)
    untested = [name for name, count in counts if not count]
    return _section("Classes without test images", untested[:MAX_LISTED], len(untested))


def _duplicates(event: DatasetInspected) -> list[str]:
    return _section(
        "Test images that are also training images", event.duplicates, event.duplicate_count
    )


def _skipped(event: DatasetInspected) -> list[str]:
    return _section("Skipped unreadable files", event.unreadable, event.unreadable_count)


def _few(event: DatasetInspected) -> list[str]:
    counts = zip(event.train_counts, event.classes, strict=True)
    few = sorted((each for each in counts if each[0] < FEW_IMAGES), key=itemgetter(0))
    lines = [f"{name}: {count}" for count, name in few[:MAX_LISTED]]
    return _section(f"Classes with fewer than {FEW_IMAGES} training images", lines, len(few))


def _section(title: str, lines: Sequence[str], count: int) -> list[str]:
    """A list of problems of one kind; nothing if there are none."""
    if not count:
        return []
    more = count - len(lines)
    rest = [f"  and {more:,} more"] if more else []
    return ["", f"{title}: {count:,}", *(f"  {line}" for line in lines), *rest]
