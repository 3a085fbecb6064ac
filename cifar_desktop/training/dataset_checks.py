"""What is worth knowing about a dataset before training on it, as sentences; for the Training tab.

The trainer finds it out; the sample grid shows it.
"""

from collections.abc import Callable, Sequence

from cifar_desktop.training.widgets.dataset.check_list import CheckResult
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from trainer.events.command_events import FEW_IMAGES

_UNEVEN = 3
"""From this ratio on, the largest class sways what a network answers."""

_NAMED = 3
"""So many classes are named in a sentence; of more there is a list."""

_LISTED = 100

_GOOD = CheckResult(
    severity="good",
    sentence=(
        "No problems found: every file was read, no class has few images, no test image is also a "
        "training image."
    ),
)


def findings(state: DatasetInfo) -> list[CheckResult]:
    """What checks came to, the gravest first; that all is well, if it is."""
    checks: list[Callable[[DatasetInfo], CheckResult | None]] = [
        _empty, _untested, _twice, _unreadable, _few, _uneven,
    ]  # fmt: skip
    return [found for check in checks if (found := check(state))] or [_GOOD]


def _empty(state: DatasetInfo) -> CheckResult | None:
    names = [name for name, count in _trained(state) if not count]
    return _about_classes(names, "has no training images.", "have no training images.")


def _untested(state: DatasetInfo) -> CheckResult | None:
    counts = zip(state.classes, state.test_counts, strict=True)
    return _about_classes(
        [name for name, count in counts if not count],
        "has no test images: nobody will know how well it is recognized.",
        "have no test images: nobody will know how well they are recognized.",
    )


def _twice(state: DatasetInfo) -> CheckResult | None:
    count = state.duplicate_count
    if not count:
        return None
    images = "1 test image is" if count == 1 else f"{count:,} test images are"
    return CheckResult(
        severity="warning",
        sentence=(
            f"{images} also among the training images, which makes the test accuracy look better "
            "than it is."
        ),
        items=state.duplicates,
        more=count - len(state.duplicates),
    )


def _unreadable(state: DatasetInfo) -> CheckResult | None:
    if not state.unreadable_count:
        return None
    more = state.unreadable_count - len(state.unreadable)
    return CheckResult(
        severity="warning", sentence=f"{state.skipped}.", items=state.unreadable, more=more
    )


def _few(state: DatasetInfo) -> CheckResult | None:
    few = sorted((count, name) for name, count in _trained(state) if 0 < count < FEW_IMAGES)
    if not few:
        return None
    who = _enumerated([f"“{name}” ({count})" for count, name in few])
    has = "has" if len(few) == 1 else "have"
    return _listing(
        "info",
        f"{who} {has} fewer than {FEW_IMAGES} training images.",
        [f"{name}: {count}" for count, name in few],
    )


def _uneven(state: DatasetInfo) -> CheckResult | None:
    filled = [(count, name) for name, count in _trained(state) if count]
    if not filled:
        return None
    (most, largest), (least, smallest) = max(filled), min(filled)
    if most < _UNEVEN * least:
        return None
    times = f"{most / least:,.0f} times as many training images as"
    return CheckResult(
        severity="info", sentence=f"The classes are uneven: “{largest}” has {times} “{smallest}”."
    )


def _trained(state: DatasetInfo) -> Sequence[tuple[str, int]]:
    return list(zip(state.classes, state.train_counts, strict=True))


def _about_classes(names: Sequence[str], one: str, many: str) -> CheckResult | None:
    if not names:
        return None
    who = _enumerated([f"“{name}”" for name in names])
    return _listing("warning", f"{who} {one if len(names) == 1 else many}", names)


def _listing(severity: str, sentence: str, items: Sequence[str]) -> CheckResult:
    """With a list only of what the sentence does not name."""
    listed = items[:_LISTED] if len(items) > _NAMED else []
    more = len(items) - len(listed) if listed else 0
    return CheckResult(severity=severity, sentence=sentence, items=tuple(listed), more=more)


def _enumerated(names: Sequence[str]) -> str:
    if len(names) > _NAMED:
        return f"{len(names):,} classes"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
