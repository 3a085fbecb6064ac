"""The checks of a dataset before training."""

import pytest

from cifar_desktop.training.dataset_checks import check_dataset
from cifar_desktop.training.widgets.dataset.check_list import CheckResult
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from trainer.events.command_events import FEW_IMAGES

CLASSES = ("cat", "dog", "frog")


def dataset(**changes: object) -> DatasetInfo:
    values: dict[str, object] = {
        "classes": CLASSES, "train_counts": (500, 400, 300), "test_counts": (90, 80, 70),
    }  # fmt: skip
    return DatasetInfo(**{**values, **changes})  # type: ignore[arg-type]


def sentences(**changes: object) -> list[str]:
    return [found.sentence for found in check_dataset(dataset(**changes))]


def test_no_problem_gives_one_quiet_sentence() -> None:
    (only,) = check_dataset(dataset())
    assert only.severity == "good"
    assert only.sentence.startswith("No problems found")
    assert not only.items


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"train_counts": (500, 0, 300)}, "“dog” has no training images."),
        ({"train_counts": (500, 0, 0)}, "“dog” and “frog” have no training images."),
        (
            {"train_counts": (FEW_IMAGES, FEW_IMAGES - 1, 70)},
            "“dog” (49) has fewer than 50 training images.",
        ),
        (
            {"train_counts": (20, 12, 30)},
            "“dog” (12), “cat” (20) and “frog” (30) have fewer than 50 training images.",
        ),
        (
            {"train_counts": (900, 400, 300)},
            "The classes are imbalanced: “cat” has 3 times as many training images as “frog”.",
        ),
        (
            {"test_counts": (90, 80, 0)},
            "“frog” has no test images, so its accuracy cannot be measured.",
        ),
    ],
)
def test_each_problem_has_its_sentence(changes: dict[str, object], sentence: str) -> None:
    assert sentences(**changes) == [sentence]


def test_duplicates_and_unreadable_files_have_lists() -> None:
    twins = tuple(f"test/cat/{each}.png is identical to …" for each in range(100))
    twice, unreadable = check_dataset(
        dataset(
            duplicates=twins, duplicate_count=123,
            unreadable=("a.jpg: It is damaged.",), unreadable_count=1,
        )
    )  # fmt: skip
    assert twice.sentence.startswith("123 test images are also among the training images")
    assert (twice.items, twice.more) == (twins, 23)
    assert unreadable.sentence == "1 file could not be read."
    assert unreadable.lines == ["a.jpg: It is damaged."]
    assert sentences(duplicates=twins[:1], duplicate_count=1)[0].startswith("1 test image is also")


def test_many_classes_are_listed_instead_of_named() -> None:
    names = tuple(f"class {each:03}" for each in range(150))
    few, uneven = check_dataset(
        dataset(
            classes=(*names, "large"), train_counts=(*range(1, 50), *[30] * 101, 1000),
            test_counts=(5,) * 151,
        )
    )  # fmt: skip
    assert few.sentence == "150 classes have fewer than 50 training images."
    assert few.items[:2] == ("class 000: 1", "class 001: 2")
    assert len(few.items) == 100
    assert few.lines[-1] == "and 50 more"
    assert "“large” has 1,000 times" in uneven.sentence


def test_what_is_not_used_comes_first_and_how_it_was_read_last() -> None:
    unused = CheckResult(severity="warning", sentence="The folder extra is not used.")
    read = CheckResult(severity="info", sentence="The pictures in val are used for validation.")
    good, last = check_dataset(dataset(notes=(read,)))
    assert (good.severity, last) == ("good", read)
    first, few, last = check_dataset(dataset(notes=(read, unused), train_counts=(60, 40, 90)))
    assert (first, last) == (unused, read)
    assert "fewer than 50" in few.sentence


def test_the_summary_counts_validation_images_and_names_what_is_not_used() -> None:
    unused = CheckResult(severity="warning", sentence="The folder extra is not used.")
    size = "3 classes, 1,200 training, 30 validation and 240 test images"
    assert str(dataset(validation_counts=(10, 10, 10))) == size
    assert str(dataset(notes=(unused,))).endswith("240 test images. The folder extra is not used.")
    assert str(dataset(notes=(unused, unused))).endswith("See the Data view for more.")
