"""The trainer's description of a dataset reaches the widgets completely."""

from dataclasses import fields, replace

from cifar_desktop.training.dataset_controller import dataset_info
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from tests.trainer.tiny import tiny_dataset
from trainer.data.dataset import NoneImages
from trainer.data.inspection.summary import summarize
from trainer.events.codec import from_line, to_line
from trainer.events.command_events import DatasetInspected

ELSEWHERE = {"side": "image_size"}
"""Fields with another name in the widgets."""
ENCODED = {"samples", "means", "none_samples", "none_mean", "sources"}
"""Fields that are encoded for the way; checked below."""


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
    for name in {field.name for field in fields(DatasetInfo)} - ENCODED:
        assert getattr(shown, name) == getattr(event, ELSEWHERE.get(name, name)), name
    assert (shown.seed, shown.duplicate_count) == (7, 1)
    assert info_after_encoding(event) == shown


def test_pixels_come_as_bytes() -> None:
    shown = dataset_info(summarize(tiny_dataset(), 4))
    assert len(shown.samples) == 3 * 4 * 32 * 32 * 3
    assert len(shown.means) == 3 * 32 * 32 * 3
    assert all(any(shown.strip(row)) for row in range(3))


def test_pictures_of_other_things_are_a_row_of_their_own() -> None:
    pictures = tiny_dataset().test.images
    none = NoneImages(train=pictures[:6], validation=pictures[6:8], test=pictures[8:9])
    shown = info_after_encoding(summarize(replace(tiny_dataset(), none=none, sources=()), 4))
    assert (len(shown.classes), shown.rows, shown.sampled_rows) == (3, 4, [0, 1, 2, 3])
    assert shown.size == (
        "3 classes, 120 training and 30 test images, and 9 pictures of other things"
    )
    assert shown.counts(3) == {"training": 6, "validation": 2, "test": 1}
    assert (shown.sample_count(3), len(shown.strip(3))) == (4, 4 * 32 * 32 * 3)
    drawn = {shown.strip(3)[start : start + 3072] for start in range(0, 4 * 3072, 3072)}
    assert drawn <= {bytes(each.permute(1, 2, 0).numpy().tobytes()) for each in pictures[:6]}
    assert len(shown.none_mean) == 32 * 32 * 3
    assert [str(each) for each in shown.sources] == ["120 training images, 6 of other things"]
