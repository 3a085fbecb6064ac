"""Checks a dataset before training and words the results; the dataset view shows them.

The figures come from the trainer.
"""

from collections.abc import Callable, Sequence

from cifar_desktop.training.widgets.dataset.check_list import CheckResult
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from trainer.events.command_events import FEW_IMAGES

_IMBALANCED = 3
"""From this ratio on, the largest class biases the predictions."""

_MAX_NAMED = 3
"""Number of classes named in a sentence; more go into a list."""

_MAX_LISTED = 100

_GOOD = CheckResult(
    severity="good",
    sentence=(
        "No problems found: every file is readable, no class has too few images, and no test image "
        "is also a training image."
    ),
)


def check_dataset(state: DatasetInfo) -> list[CheckResult]:
    """The results of all checks, most severe first, then how the folder was read.

    A single good result stands for no problems.
    """
    checks: list[Callable[[DatasetInfo], CheckResult | None]] = [
        _empty, _untested, _duplicates, _unreadable, _few, _imbalanced,
    ]  # fmt: skip
    found = [result for check in checks if (result := check(state))]
    unused = [note for note in state.notes if note.severity == "warning"]
    reading = [note for note in state.notes if note.severity != "warning"]
    # A sort keeps the order of equals.
    problems = sorted([*found, *unused], key=lambda each: each.severity != "warning")
    return [*(problems or [_GOOD]), *reading]


def _empty(state: DatasetInfo) -> CheckResult | None:
    names = [name for name, count in _train_counts(state) if not count]
    return _about_classes(names, "has no training images.", "have no training images.")


def _untested(state: DatasetInfo) -> CheckResult | None:
    counts = zip(state.classes, state.test_counts, strict=True)
    return _about_classes(
        [name for name, count in counts if not count],
        "has no test images, so its accuracy cannot be measured.",
        "have no test images, so their accuracy cannot be measured.",
    )


def _duplicates(state: DatasetInfo) -> CheckResult | None:
    count = state.duplicate_count
    if not count:
        return None
    images = "1 test image is" if count == 1 else f"{count:,} test images are"
    return CheckResult(
        severity="warning",
        sentence=(
            f"{images} also among the training images (duplicates), which inflates the test "
            "accuracy."
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
    few = sorted((count, name) for name, count in _train_counts(state) if 0 < count < FEW_IMAGES)
    if not few:
        return None
    who = _enumerated([f"“{name}” ({count})" for count, name in few])
    has = "has" if len(few) == 1 else "have"
    return _listing(
        "info",
        f"{who} {has} fewer than {FEW_IMAGES} training images.",
        [f"{name}: {count}" for count, name in few],
    )


def _imbalanced(state: DatasetInfo) -> CheckResult | None:
    filled = [(count, name) for name, count in _train_counts(state) if count]
    if not filled:
        return None
    (most, largest), (least, smallest) = max(filled), min(filled)
    if most < _IMBALANCED * least:
        return None
    times = f"{most / least:,.0f} times as many training images as"
    return CheckResult(
        severity="info",
        sentence=f"The classes are imbalanced: “{largest}” has {times} “{smallest}”.",
    )


def _train_counts(state: DatasetInfo) -> Sequence[tuple[str, int]]:
    return list(zip(state.classes, state.train_counts, strict=True))


def _about_classes(names: Sequence[str], one: str, many: str) -> CheckResult | None:
    if not names:
        return None
    who = _enumerated([f"“{name}”" for name in names])
    return _listing("warning", f"{who} {one if len(names) == 1 else many}", names)


def _listing(severity: str, sentence: str, items: Sequence[str]) -> CheckResult:
    """A result with a list of the items that the sentence does not name."""
    listed = items[:_MAX_LISTED] if len(items) > _MAX_NAMED else []
    more = len(items) - len(listed) if listed else 0
    return CheckResult(severity=severity, sentence=sentence, items=tuple(listed), more=more)


def _enumerated(names: Sequence[str]) -> str:
    if len(names) > _MAX_NAMED:
        return f"{len(names):,} classes"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
