"""The trainer's description of a dataset reaches the widgets completely."""

from dataclasses import fields, replace

from cifar_desktop.training.dataset_controller import dataset_info
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from tests.trainer.tiny import tiny_dataset
from trainer.data.summary import summarize
from trainer.events.codec import from_line, to_line
from trainer.events.command_events import DatasetInspected

ELSEWHERE = {"side": "image_size"}
"""Fields with another name in the widgets."""


def info_after_encoding(event: DatasetInspected) -> DatasetInfo:
    """As it arrives in the window: through a line."""
    again = from_line(to_line(event))
    assert isinstance(again, DatasetInspected)
    return dataset_info(again)


def test_all_fields_are_passed_on() -> None:
    dataset = tiny_dataset()
    dataset.train.images[3] = dataset.test.images[0]
    event = summarize(replace(dataset, smallest=(20, 60), largest=(4000, 3000)), 4, seed=7)
    shown = dataset_info(event)
    for name in {field.name for field in fields(DatasetInfo)} - {"samples", "means"}:
        assert getattr(shown, name) == getattr(event, ELSEWHERE.get(name, name)), name
    assert (shown.seed, shown.duplicate_count) == (7, 1)
    assert info_after_encoding(event) == shown


def test_pixels_come_as_bytes() -> None:
    shown = dataset_info(summarize(tiny_dataset(), 4))
    assert len(shown.samples) == 3 * 4 * 32 * 32 * 3
    assert len(shown.means) == 3 * 32 * 32 * 3
    assert all(any(shown.strip(row)) for row in range(3))
