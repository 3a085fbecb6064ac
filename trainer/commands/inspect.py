"""`cifar-trainer inspect`: what a dataset holds."""

import argparse

from trainer.cancel import CancelToken
from trainer.data import NotDownloadedError, load_dataset
from trainer.describing import describe
from trainer.event import Event
from trainer.findings import DataDescribed, DataMissing
from trainer.progress import preparing
from trainer.reporting import Tell, telling


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Read a dataset and describe it."""
    with telling(as_events=options.events, in_words=_text) as tell:
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
    return describe(dataset, options.samples, options.seed)


def _text(event: Event) -> str:
    if isinstance(event, DataMissing):
        return (
            f"{event.data} is not on this computer. --download fetches it "
            f"({event.size / 1_000_000:,.0f} MB)."
        )
    assert isinstance(event, DataDescribed)  # noqa: S101 - for the type checker
    return "\n".join([_headline(event), "", *_table(event), *_skipped(event)])


def _headline(event: DataDescribed) -> str:
    return (
        f"{event.data}: {len(event.classes)} classes, {sum(event.train_counts):,} training and "
        f"{sum(event.test_counts):,} test images"
    )


def _table(event: DataDescribed) -> list[str]:
    width = max(len("class"), *map(len, event.classes))
    rows = zip(event.classes, event.train_counts, event.test_counts, strict=True)
    head = f"{'class':{width}}  {'training':>9}  {'test':>9}"
    return [head, *(f"{name:{width}}  {train:>9,}  {test:>9,}" for name, train, test in rows)]


def _skipped(event: DataDescribed) -> list[str]:
    if not event.unreadable_count:
        return []
    more = event.unreadable_count - len(event.unreadable)
    rest = [f"  and {more:,} more"] if more else []
    skipped = (f"  {each}" for each in event.unreadable)
    return [
        "",
        f"Skipped, because they cannot be read: {event.unreadable_count:,}",
        *skipped,
        *rest,
    ]
