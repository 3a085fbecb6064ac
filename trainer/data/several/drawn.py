"""Test images that were drawn from the training images, as a folder has none of its own."""

from dataclasses import replace

import torch

from trainer.data.dataset import Dataset, Split, joined
from trainer.data.folders.notes import TEST_DRAWN


def has_drawn_test(dataset: Dataset) -> bool:
    """Whether the test images were drawn from the training images."""
    # In joined data, the note begins with the name of its dataset.
    return any(note.text.endswith(TEST_DRAWN) for note in dataset.notes)


def undrawn(dataset: Dataset) -> Dataset:
    """The dataset with all drawn test images among the training images again."""
    if not has_drawn_test(dataset):
        return dataset
    empty = Split(images=dataset.test.images[:0], labels=dataset.test.labels[:0])
    return replace(
        dataset,
        train=joined([dataset.train, dataset.test]),
        test=empty,
        train_files=dataset.train_files + dataset.test_files,
        test_files=(),
        notes=tuple(note for note in dataset.notes if not note.text.endswith(TEST_DRAWN)),
        sources=(),
        train_sources=torch.zeros(0, dtype=torch.int64),
    )


def has_own_none(dataset: Dataset) -> bool:
    """Whether pictures of other things to validate or to test with were set apart, not drawn."""
    _, validation, test = with_undrawn_none(dataset).none_counts
    return validation + test > 0


def with_undrawn_none(dataset: Dataset) -> Dataset:
    """The dataset with all drawn pictures of other things among those to train on again."""
    none = dataset.none
    if none is None or not none.test_is_drawn:
        return dataset
    undrawn_none = replace(
        none,
        train=torch.cat([none.train, none.test]),
        test=none.test[:0],
        train_files=none.train_files + none.test_files,
        test_files=(),
        test_is_drawn=False,
        train_sources=torch.zeros(0, dtype=torch.int64),
    )
    return replace(dataset, none=undrawn_none, sources=())
