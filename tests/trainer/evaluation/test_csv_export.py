"""Tables read back by other readers: Python's csv module and NumPy, which supports quotes, too."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from tests.trainer.reports import small_report
from trainer.evaluation.csv_export import (
    calibration_csv,
    classes_csv,
    confusion_csv,
    history_csv,
    metrics_csv,
    predictions_csv,
    save_table,
)
from trainer.evaluation.results import UnknownMetrics
from trainer.events.run_events import EpochFinished, EpochStarted

AWKWARD = ('a, "b"', "line\nbreak", "=1+1")


def lines(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table, newline=""), strict=True))


def cells(table: str) -> NDArray[np.str_]:
    """All cells, read by NumPy, which refuses lines of different lengths."""
    text = io.StringIO(table, newline="")
    return np.loadtxt(text, str, delimiter=",", quotechar='"', comments=None, ndmin=2)


def epoch(number: int, loss: float) -> EpochFinished:
    return EpochFinished(
        epoch=number, train_loss=loss, train_accuracy=0.5, validation_loss=loss + 0.5,
        validation_accuracy=0.25, learning_rate=1e-5, seconds=2.0, images_per_second=100.0,
    )  # fmt: skip


def test_classes_have_images_recall_and_precision() -> None:
    assert lines(classes_csv(small_report())) == [
        {"class": "blue", "images": "3", "recall": str(1 / 3), "precision": "0.5"},
        {"class": "green", "images": "1", "recall": "1.0", "precision": str(1 / 3)},
        {"class": "red", "images": "1", "recall": "0.0", "precision": ""},
    ]


def test_the_confusion_matrix_has_names_on_both_sides() -> None:
    report = small_report()
    table = cells(confusion_csv(report))
    assert table[0].tolist() == ["true_class", "blue", "green", "red"]
    assert table[1:, 0].tolist() == ["blue", "green", "red"]
    assert table[1:, 1:].astype(int).tolist() == report.figures.confusion


def test_every_prediction_is_a_line() -> None:
    report = small_report()
    table = lines(predictions_csv(report))
    assert len(table) == 5
    assert table[1] == {
        "image": "test/blue/1.png", "true_class": "blue", "predicted_class": "green",
        "correct": "0", "confidence": "0.9", "p(blue)": "0.05", "p(green)": "0.9", "p(red)": "0.05",
    }  # fmt: skip
    assert [each["correct"] for each in table] == ["1", "0", "1", "0", "0"]
    found = cells(predictions_csv(report))[1:, 5:].astype(np.float32)
    assert np.array_equal(found, report.probabilities)


def test_empty_calibration_bins_have_no_values() -> None:
    table = lines(calibration_csv(small_report()))
    assert len(table) == 15
    assert sum(int(each["count"]) for each in table) == 5
    assert table[0] == {
        "low": "0.0", "high": str(1 / 15), "count": "0", "confidence": "", "accuracy": "",
    }  # fmt: skip
    boldest = table[13]
    assert (boldest["count"], boldest["accuracy"]) == ("1", "0.0")
    assert float(boldest["confidence"]) == pytest.approx(0.9)


def test_all_metrics_fit_in_one_table() -> None:
    report = small_report()
    table = {(row["metric"], row["true_class"], row["predicted_class"]): row["value"]
             for row in lines(metrics_csv(report))}  # fmt: skip
    assert len(table) == 5 + 3 * 3 + 3 * 3
    assert table["accuracy", "", ""] == "0.4"
    assert table["accuracy_tta", "", ""] == "0.6"
    assert table["images", "", ""] == "5"
    assert table["class_images", "blue", ""] == "3"
    assert table["class_recall", "green", ""] == "1.0"
    assert table["class_precision", "", "blue"] == "0.5"
    assert table["class_precision", "", "red"] == ""
    assert table["confusion", "blue", "green"] == "2"


def test_the_verdict_on_other_classes_is_in_the_table() -> None:
    unknown = UnknownMetrics(images=61, found=0.6, mistaken=0.05, auroc=0.93)
    report = small_report()
    with_others = small_report(figures=replace(report.figures, unknown=unknown))
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(metrics_csv(with_others)))}
    assert rows["unknown_found"] == ["", "", "0.6"]
    assert rows["unknown_auroc"] == ["", "", "0.93"]
    assert "unknown" not in metrics_csv(report)


def test_the_epochs_of_a_run_are_lines_and_the_last_repetition_counts() -> None:
    events = [epoch(1, 2.0), EpochStarted(epoch=2), epoch(2, 1.0), epoch(3, 9.0), epoch(3, 0.5)]
    table = lines(history_csv(events))
    assert list(table[0]) == [
        "epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy",
        "learning_rate", "seconds", "images_per_second",
    ]  # fmt: skip
    assert [(row["epoch"], row["train_loss"]) for row in table] == [
        ("1", "2.0"), ("2", "1.0"), ("3", "0.5"),
    ]  # fmt: skip
    assert table[2]["validation_loss"] == "1.0"
    assert float(table[0]["learning_rate"]) == 1e-5
    assert lines(history_csv([])) == []


def test_awkward_names_stay_in_their_cells() -> None:
    report = small_report(AWKWARD)
    first, second, formula = AWKWARD
    for table in (classes_csv(report), confusion_csv(report)):
        assert cells(table)[1:, 0].tolist() == [first, second, f"'{formula}"]
    assert cells(confusion_csv(report))[0].tolist() == ["true_class", first, second, f"'{formula}"]
    answers = lines(predictions_csv(report))
    assert answers[3]["true_class"] == f"'{formula}"
    assert answers[0]["image"] == f"test/{first}/0.png"
    assert f"p({formula})" in answers[0]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_name_is_evaluated_as_a_formula(name: str) -> None:
    report = small_report((name, "green", "red"), files=(name,) * 5)
    for make in (classes_csv, confusion_csv, predictions_csv, metrics_csv):
        found = {cell for row in csv.reader(io.StringIO(make(report), newline="")) for cell in row}
        assert name not in found
        assert f"'{name}" in found


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=3, max_size=3,
                unique=True))  # fmt: skip
def test_any_names_are_read_back(names: list[str]) -> None:
    report = small_report(tuple(names))
    table = list(csv.reader(io.StringIO(confusion_csv(report), newline=""), strict=True))
    for name, row in zip(names, table[1:], strict=True):
        assert row[0] in (name, f"'{name}")
        assert len(row) == 4


def test_a_table_is_saved_for_spreadsheets(tmp_path: Path) -> None:
    path = tmp_path / "Zoë/图片.csv"
    save_table(path, classes_csv(small_report(("Zoë", "图片", "\udcff"))))
    assert path.read_bytes().startswith(b"\xef\xbb\xbfclass,images,recall,precision\r\n")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["class"] for row in csv.DictReader(file)] == ["Zoë", "图片", "\\udcff"]
