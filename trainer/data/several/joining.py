"""Joins datasets: the classes are those of the first, images of the others join them by name."""

from collections.abc import Callable, Sequence
from itertools import chain

import torch
from torch import Tensor

from trainer.data.dataset import Dataset, NoneImages, joined
from trainer.data.several.adapting import adapted
from trainer.data.several.drawn import has_drawn_test, has_own_none, undrawn, with_undrawn_none
from trainer.data.several.joining_notes import Chosen, joining_notes
from trainer.events.run_events import DataSource


def join_datasets(datasets: Sequence[Dataset], names: Sequence[str]) -> Dataset:
    """Join datasets into one, which has the name and the classes of the first.

    Args:
        datasets: The datasets, as loaded; at least one.
        names: What each is called; images of all but the first are named after it.

    Raises:
        DataError: If there is nothing in one that can be used.
    """
    first = datasets[0]
    if len(datasets) == 1:
        return first
    others = zip(datasets[1:], names[1:], strict=True)
    parts = [first, *(adapted(each, name, first) for each, name in others)]
    chosen = _choose(parts)
    return _joined(
        [_undrawn(each, index, chosen) for index, each in enumerate(parts)], names, chosen
    )


def _undrawn(part: Dataset, index: int, chosen: Chosen) -> Dataset:
    """A dataset that trains on whatever need not be drawn from its training images."""
    if index != chosen.test:
        return with_undrawn_none(undrawn(part))
    return part if index == chosen.none else with_undrawn_none(part)


def _choose(parts: Sequence[Dataset]) -> Chosen:
    """Which datasets give the images not to train on: those with images set apart for that."""
    test = _first(parts, lambda each: len(each.test) > 0 and not has_drawn_test(each)) or 0
    none = _first(parts, has_own_none)
    if none is None and any(parts[test].none_counts[1:]):
        none = test
    return Chosen(
        test=test,
        validation=_first(parts, lambda each: each.validation is not None),
        none=none,
    )


def _first(parts: Sequence[Dataset], has: Callable[[Dataset], bool]) -> int | None:
    return next((index for index, each in enumerate(parts) if has(each)), None)


def _joined(parts: Sequence[Dataset], names: Sequence[str], chosen: Chosen) -> Dataset:
    first, test = parts[0], parts[chosen.test]
    validation = None if chosen.validation is None else parts[chosen.validation]
    return Dataset(
        train=joined([each.train for each in parts]),
        test=test.test,
        validation=None if validation is None else validation.validation,
        classes=first.classes,
        name=first.name,
        unreadable=tuple(chain.from_iterable(each.unreadable for each in parts)),
        train_files=_train_files(parts, names),
        test_files=test.test_files,
        validation_files=() if validation is None else validation.validation_files,
        notes=joining_notes(parts, names, chosen),
        smallest=min((each.smallest for each in parts if each.smallest), key=_pixels, default=None),
        largest=max((each.largest for each in parts if each.largest), key=_pixels, default=None),
        none=_joined_none(parts, chosen.none),
        sources=tuple(
            DataSource(name=name, train_images=len(each.train), none_images=each.none_counts[0])
            for each, name in zip(parts, names, strict=True)
        ),
        train_sources=_sources([len(each.train) for each in parts]),
    )


def _joined_none(parts: Sequence[Dataset], held_out: int | None) -> NoneImages | None:
    side = parts[0].train.images.size(-1)
    every = [each.none or NoneImages.empty(side) for each in parts]
    if not any(len(each.train) for each in every) and held_out is None:
        return None
    chosen = every[held_out or 0]
    return NoneImages(
        train=torch.cat([each.train for each in every]),
        validation=chosen.validation,
        test=chosen.test,
        train_files=tuple(chain.from_iterable(each.train_files for each in every)),
        validation_files=chosen.validation_files,
        test_files=chosen.test_files,
        train_sources=_sources([len(each.train) for each in every]),
        test_is_drawn=chosen.test_is_drawn,
    )


def _train_files(parts: Sequence[Dataset], names: Sequence[str]) -> tuple[str, ...]:
    """The name of each training image; those of datasets without names are numbered."""
    if not any(each.train_files for each in parts):
        return ()
    named = (
        each.train_files
        or tuple(f"{name}, training image {index + 1:,}" for index in range(len(each.train)))
        for each, name in zip(parts, names, strict=True)
    )
    return tuple(chain.from_iterable(named))


def _sources(counts: Sequence[int]) -> Tensor:
    return torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))


def _pixels(size: tuple[int, int]) -> tuple[int, int]:
    return size[0] * size[1], size[0]
