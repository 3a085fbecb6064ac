"""Says how datasets were joined, and what of them is not used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from trainer.data.dataset import Dataset
from trainer.data.folders.notes import NOT_HELD_OUT, UNVALIDATED, note
from trainer.events.command_events import DatasetNote

MOST_IN_TEXT = 3
"""Classes that a sentence names; more are a list of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which of several datasets gives what is not for training, by index.

    Attributes:
        test: The test images.
        validation: The validation images; None if training images are held out of the first.
        none: Pictures of other things to validate and to test with; None if there are none.
    """

    test: int
    validation: int | None
    none: int | None


def joining_notes(
    parts: Sequence[Dataset], names: Sequence[str], chosen: Chosen
) -> tuple[DatasetNote, ...]:
    """The notes of all datasets, then which images are used for what, and which are not.

    Args:
        parts: The datasets, adapted to the classes of the first.
        names: What each is called.
        chosen: Which is used for what.
    """
    return (
        *_own_notes(parts, names),
        note("info", _uses(names, chosen)),
        *_incomplete(parts, names, chosen),
        *_unused(parts, names, chosen),
    )


def _own_notes(parts: Sequence[Dataset], names: Sequence[str]) -> Iterator[DatasetNote]:
    for index, (part, name) in enumerate(zip(parts, names, strict=True)):
        for each in part.notes:
            # What is used for validation, and what lacks, is said for all of them together.
            if each.text.endswith(NOT_HELD_OUT) or (index and UNVALIDATED in each.text):
                continue
            yield replace(each, text=f"{name}: {each.text}")


def _uses(names: Sequence[str], chosen: Chosen) -> str:
    test = names[chosen.test]
    if chosen.validation is None:
        held_out = f"validation images are held out of the training images of {names[0]}"
        return f"Test images come from {test}; {held_out}."
    validation = names[chosen.validation]
    if chosen.validation == chosen.test:
        return f"Test and validation images come from {test}."
    return f"Test images come from {test}, validation images from {validation}."


def _incomplete(
    parts: Sequence[Dataset], names: Sequence[str], chosen: Chosen
) -> Iterator[DatasetNote]:
    """Classes that the validation images lack; those without test images are told with the rest."""
    index, classes = chosen.validation, parts[0].classes
    split = parts[index].validation if index else None
    if index is None or split is None:
        return
    counts = split.labels.bincount(minlength=len(classes)).tolist()
    missing = [name for name, count in zip(classes, counts, strict=True) if not count]
    if missing:
        few = len(missing) <= MOST_IN_TEXT
        what = ", ".join(missing) if few else f"{len(missing)} classes"
        text = f"{names[index]} has no validation images of {what}."
        yield note("warning", text, () if few else missing)


def _unused(
    parts: Sequence[Dataset], names: Sequence[str], chosen: Chosen
) -> Iterator[DatasetNote]:
    """Images that are neither trained on, as they are for testing, nor needed for that."""
    for index, (part, name) in enumerate(zip(parts, names, strict=True)):
        validation = 0 if part.validation is None else len(part.validation)
        none = sum(part.none_counts[1:])
        counts = {
            "test image{}": len(part.test) if index != chosen.test else 0,
            "validation image{}": validation if index != chosen.validation else 0,
            "held-out picture{} of other things": none if index != chosen.none else 0,
        }
        texts = [
            f"{count:,} {what.format('' if count == 1 else 's')}"
            for what, count in counts.items()
            if count
        ]
        if texts:
            yield note("warning", f"Not used: {' and '.join(texts)} of {name}.")
