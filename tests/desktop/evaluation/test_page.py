"""How an evaluation is looked into: figures, cells and the images they count, tables."""

import csv
import dataclasses
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.evaluation.page import EvaluationPage
from cifar_desktop.evaluation.report_text import other_progress, progress
from cifar_desktop.evaluation.services.evaluator import EvaluationProgress
from cifar_desktop.evaluation.services.report_cache import EvaluationTarget
from cifar_desktop.evaluation.widgets.confusion_model import LEVELS
from tests.desktop.support import Start
from tests.desktop.vectors import SVG
from tests.trainer.tiny import tiny_config
from trainer.data.cifar10 import CIFAR10_CLASSES
from trainer.evaluation import shipped_figures
from trainer.evaluation.report import Report, save_report
from trainer.evaluation.results import CalibrationBin, EvaluationMetrics, UnknownMetrics
from trainer.evaluation.shipped_figures import save_figures
from trainer.runs.run_folder import RunFolder

_PATIENCE = 60_000
_CAT, _DOG, _FROG = (CIFAR10_CLASSES.index(name) for name in ("cat", "dog", "frog"))
_ANSWERS = [(_CAT, _CAT)] * 3 + [(_CAT, _DOG)] * 4 + [(_DOG, _CAT)] * 2 + [(_FROG, _FROG)] * 5
"""True and predicted class of each image."""


def _report(answers: Sequence[tuple[int, int]] = _ANSWERS, **changes: object) -> Report:
    count, classes = len(answers), len(CIFAR10_CLASSES)
    random = np.random.default_rng(0)
    probabilities = random.random((count, classes), dtype=np.float32) / 100
    confusion = np.zeros((classes, classes), dtype=np.int64)
    for index, (shown, answered) in enumerate(answers):
        probabilities[index, answered] = 0.5 + index / (2 * count)
        confusion[shown, answered] += 1
    right = sum(shown == answered for shown, answered in answers)
    rate = right / count
    figures = EvaluationMetrics(
        accuracy=rate,
        accuracy_single=rate,
        accuracy_tta=rate,
        recall=dict.fromkeys(CIFAR10_CLASSES, None) | {"cat": 3 / 7},
        precision=dict.fromkeys(CIFAR10_CLASSES, None),
        confusion=confusion.tolist(),
        calibration=[CalibrationBin(low=0, high=1, count=count, confidence=0.7, accuracy=rate)],
        ece=0.01,
        images=count,
        seconds=1.0,
    )
    values = {
        "subject": "tiny", "data": "cifar10", "split": "test", "classes": CIFAR10_CLASSES,
        "epochs": 5.25, "date": "2026-01-02T03:04:05+00:00", "figures": figures,
        "images": random.integers(0, 255, (count, 32, 32, 3), dtype=np.uint8),
        "labels": np.array([shown for shown, _ in answers], dtype=np.int64),
        "probabilities": probabilities,
    }  # fmt: skip
    return Report(**values | changes)  # type: ignore[arg-type]


Look = Callable[..., EvaluationPage]


@pytest.fixture
def look(start: Start, tiny_network: Path, qtbot: QtBot) -> Look:
    """Opens the tab with a report of the built-in network, if there is one."""

    def open_tab(report: Report | None = None) -> EvaluationPage:
        app = start()
        report_cache = app.evaluator._cache
        report_cache.prepare()
        if report is not None:
            save_report(
                report_cache.path_of(EvaluationTarget(path=tiny_network, data="cifar10")), report
            )
        app.window.resize(1280, 800)
        return _open(app, qtbot)

    return open_tab


def _open(app: App, qtbot: QtBot) -> EvaluationPage:
    app.window.tabs.setCurrentWidget(app.evaluation)
    page = app.evaluation.page
    qtbot.waitUntil(lambda: not page._evaluator.state.loading)
    qtbot.waitUntil(page.isVisible)
    return page


def _shown(page: EvaluationPage) -> list[int]:
    images = page.views.images
    assert images is not None
    return [int(index) for index in images.indices]


def _click(page: EvaluationPage, row: int, column: int) -> None:
    table = page.views.confusion.table
    place = table.visualRect(table.model().index(row, column)).center()
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
    )


def test_page_is_made_only_when_it_is_seen(app: App, qtbot: QtBot) -> None:
    assert app.evaluation._page is None
    _open(app, qtbot)
    assert app.evaluation._page is not None


def test_target_without_a_report_can_be_evaluated(look: Look) -> None:
    page = look()

    assert page.message.isVisible()
    assert page.message.evaluate.isVisible()
    assert "170 MB" in page.message.text.text()
    assert not page.header.save.isVisible()
    assert page.header.network.key.startswith("file ")


def test_figures_and_most_confident_mistakes_come_first(look: Look) -> None:
    report = _report()
    page = look(report)

    texts = page.facts.texts
    assert texts["Test accuracy"] == "57 % 8 of 14, likely 33 to 79"
    assert texts["Six views"] == "57 % single pass 57 %"
    assert texts["Calibration error"] == "\N{EN DASH} too few images"
    assert texts["Most often confused"] == "cat \N{RIGHTWARDS ARROW} dog 4 of 7"
    assert texts["Weakest class"] == "cat 43 % right"
    assert texts["Trained for"] == "5.2 epochs"
    assert "CIFAR-10" in page.hint.text()
    assert _shown(page) == [8, 7, 6, 5, 4, 3]
    assert not page.views.back.isVisible()
    assert page.header.evaluate.text().replace("&", "") == "Evaluate again"


def test_validation_images_are_named(look: Look, qtbot: QtBot) -> None:
    page = look(_report(split="validation"))

    assert "Validation accuracy" in page.facts.texts
    assert page.hint.text().startswith("Validation images, after 5.2 epochs.")
    assert "calibrated on these images" in page.hint.text()
    assert "evaluated once" in page.hint.text()
    page.window().resize(700, 500)
    qtbot.waitUntil(lambda: page.hint.text() == "Validation images, after 5.2 epochs.")
    assert "calibrated" in page.hint.toolTip()


def test_folder_named_cifar10_is_not_cifar10(
    monkeypatch: pytest.MonkeyPatch, look: Look, qtbot: QtBot, tmp_path: Path, tiny_network: Path
) -> None:
    page = look()
    folder = tmp_path / "cifar10"
    folder.mkdir()
    target = EvaluationTarget(path=tiny_network, data=str(folder))
    save_report(page._evaluator._cache.path_of(target), _report())
    monkeypatch.setattr(page._dialogs, "dataset", lambda _parent: folder)

    QTest.mouseClick(page.header.browse, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(page.views.isVisible)
    assert page.hint.text().startswith("Test images of cifar10, evaluated on ")


@pytest.mark.parametrize(
    ("data", "title"),
    [
        (("cifar10",), "CIFAR-10"),
        (("/my/cifar10",), "cifar10"),
        (("cifar10", "/my/photos"), "CIFAR-10 + photos"),
    ],
)
def test_dataset_of_a_run_is_named(
    data: tuple[str, ...], title: str, app: App, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = RunFolder(tmp_path / "config" / "runs" / "run")
    folder.path.mkdir(parents=True)
    folder.create(tiny_config(), data)
    folder.model.touch()
    save_report(folder.report, _report())
    app.run_manager.refresh()
    qtbot.waitUntil(lambda: bool(app.run_manager.runs.summaries))
    page = _open(app, qtbot)

    page.show_run(folder.path)

    qtbot.waitUntil(page.views.isVisible)
    assert page.header.data.currentText() == f"{title} (its own)"
    assert page.hint.text().startswith(f"Test images of {title}, evaluated on ")


def test_clicked_cell_opens_exactly_the_images_that_it_counts(look: Look) -> None:
    report = _report()
    page = look(report)

    for shown, answered in ((_CAT, _DOG), (_DOG, _CAT), (_FROG, _FROG), (_CAT, _FROG)):
        _click(page, shown, answered)
        wanted = [at for at, answer in enumerate(_ANSWERS) if answer == (shown, answered)]
        assert sorted(_shown(page)) == wanted
        assert len(wanted) == report.figures.confusion[shown][answered]

    QTest.mouseClick(page.views.back, Qt.MouseButton.LeftButton)
    assert _shown(page) == [8, 7, 6, 5, 4, 3]
    assert not page.views.back.isVisible()


def test_keys_move_between_the_cells(look: Look) -> None:
    page = look(_report())
    table = page.views.confusion.table
    page.views.confusion.select(_CAT, _CAT)
    table.setFocus()

    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(table, key)

    assert _DOG == _CAT + 2
    assert sorted(_shown(page)) == [3, 4, 5, 6]


def test_chosen_image_rings_its_cell(look: Look) -> None:
    page = look(_report())
    current = page.views.confusion.table.currentIndex

    page.views.gallery.select(0)
    assert (current().row(), current().column()) == (_DOG, _CAT)
    page.views.gallery.select(2)
    assert (current().row(), current().column()) == (_CAT, _DOG)
    assert _shown(page) == [8, 7, 6, 5, 4, 3]


def test_filter_shows_the_mistakes_of_one_class(look: Look) -> None:
    page = look(_report())
    classes = page.views.gallery.classes
    assert classes.currentText() == "All classes"

    for shown, wanted in ((_CAT, [6, 5, 4, 3]), (_FROG, []), (-1, [8, 7, 6, 5, 4, 3])):
        classes.setCurrentIndex(shown + 1)
        classes.activated.emit(shown + 1)
        assert _shown(page) == wanted
        assert classes.currentIndex() == shown + 1


def test_image_is_opened_in_the_classify_tab(look: Look, qtbot: QtBot) -> None:
    page = look(_report())
    window: Any = page.window()
    names: list[str] = []
    window._tab.picture_changed.connect(names.append)

    QTest.mouseClick(page.views.gallery.detail.classify, Qt.MouseButton.LeftButton)

    assert window.tabs.currentWidget() is window._tab
    qtbot.waitUntil(lambda: any(names))


@pytest.mark.parametrize(("width", "words"), [(1280, True), (900, False), (700, False)])
def test_header_keeps_its_names_and_shortcuts_without_words(
    look: Look,
    width: int,
    words: bool,  # noqa: FBT001 (pytest passes it by name)
) -> None:
    page = look(_report())
    header = page.header
    header.fit(width)
    for button, name in ((header.evaluate, "Evaluate again"), (header.save, "Report")):
        assert bool(button.text()) == words
        assert button.accessibleName() == name
        assert not button.shortcut().isEmpty()
    assert header.network.accessibleName() == "Network"
    assert header.data.accessibleName() == "Dataset"
    if width == 700:
        assert header.sizeHint().width() <= 400


def test_figures_that_came_with_the_network_are_shown_without_images(
    look: Look, tiny_network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "default_figures.json"
    save_figures(file, tiny_network, _report())
    monkeypatch.setattr(shipped_figures, "resource", lambda _name: file)

    page = look()

    assert page.facts.texts["Test accuracy"] == "57 % 8 of 14, likely 33 to 79"
    assert page.views.confusion.table.isVisible()
    assert page.views.missing.isVisible()
    assert "6 mistakes" in page.views.missing.heading.text()
    assert not page.views.gallery.isVisible()
    assert page.header.evaluate.isVisible()
    assert page.header.evaluate.text().replace("&", "") == "Evaluate"
    _click(page, _CAT, _DOG)
    assert page.views.images is None

    QTest.mouseClick(page.views.missing.evaluate, Qt.MouseButton.LeftButton)
    assert page.progress.isVisible()
    assert not page.views.missing.evaluate.isEnabled()
    QTest.mouseClick(page.progress.cancel, Qt.MouseButton.LeftButton)
    assert page.views.missing.evaluate.isEnabled()


def test_chosen_class_shows_its_mistakes(look: Look) -> None:
    page = look(_report())
    page.views.tabs.setCurrentIndex(1)

    page.views.classes.class_chosen.emit(_DOG)

    assert _shown(page) == [8, 7]
    assert page.views.back.isVisible()


def test_network_without_mistakes(look: Look) -> None:
    page = look(_report([(_CAT, _CAT)] * 3))

    assert _shown(page) == []
    assert page.facts.texts["Test accuracy"] == "100 % 3 of 3, likely 44 to 100"


def test_small_window_has_the_images_in_a_tab(look: Look, qtbot: QtBot) -> None:
    page = look(_report())
    views = page.views
    assert views.tabs.count() == 3

    page.window().resize(700, 500)

    qtbot.waitUntil(lambda: views.tabs.count() == 4)
    qtbot.waitUntil(lambda: page.minimumSizeHint().width() <= 560)
    assert page.minimumSizeHint().height() <= 360
    table = views.confusion.table
    # All of it is in sight, and cells are as wide as they may be.
    qtbot.waitUntil(lambda: table.viewport().height() >= 10 * table.rowHeight(0))
    assert table.horizontalScrollBar().maximum() == table.verticalScrollBar().maximum() == 0
    assert table.columnWidth(0) == 2 * table.rowHeight(0)
    views.confusion.select(_CAT, _CAT)
    QTest.keyClick(views.confusion.table, Qt.Key.Key_Right)
    assert not views.gallery.isVisible()
    QTest.keyClick(views.confusion.table, Qt.Key.Key_Return)
    assert views.gallery.isVisible()
    views.tabs.setCurrentIndex(0)
    _click(page, _CAT, _DOG)
    assert views.gallery.isVisible()
    assert sorted(_shown(page)) == [3, 4, 5, 6]
    page.window().resize(1280, 800)
    qtbot.waitUntil(lambda: views.tabs.count() == 3)
    assert views.gallery.isVisible()


def test_failure_shows_its_reason_and_can_be_retried(
    monkeypatch: pytest.MonkeyPatch, look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    page = look()
    gone = str(tmp_path / "gone")
    monkeypatch.setattr(page._dialogs, "dataset", lambda _parent: Path(gone))
    QTest.mouseClick(page.header.browse, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.message.evaluate.isEnabled)

    QTest.mouseClick(page.message.evaluate, Qt.MouseButton.LeftButton)
    assert page.progress.isVisible()
    assert page.progress.cancel.isVisible()

    qtbot.waitUntil(lambda: not page.progress.isVisible(), timeout=_PATIENCE)
    assert "does not exist" in page.message.text.text()
    assert page.message.evaluate.text().replace("&", "") == "Try again"
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setattr(page._dialogs, "dataset", lambda _parent: other)
    QTest.mouseClick(page.message.browse, Qt.MouseButton.LeftButton)
    assert page.header.data.key == str(other)


def test_folders_added_later_are_offered_and_remembered(
    monkeypatch: pytest.MonkeyPatch, look: Look, tmp_path: Path
) -> None:
    page = look()
    tabs, settings = page.window().tabs, page._settings  # type: ignore[attr-defined]
    trained, judged = tmp_path / "trained", tmp_path / "judged"
    for folder in (trained, judged):
        folder.mkdir()
    before = tabs.currentWidget()
    tabs.setCurrentIndex(0)
    settings.remember_dataset(str(trained))

    tabs.setCurrentWidget(before)

    assert page.header.data.keys == ["cifar10", str(trained)]
    assert page.header.data.key == "cifar10"
    monkeypatch.setattr(page._dialogs, "dataset", lambda _parent: judged)
    QTest.mouseClick(page.header.browse, Qt.MouseButton.LeftButton)
    assert page.header.data.key == str(judged)
    assert settings.dataset_folders == [str(judged), str(trained)]
    assert settings.dataset == str(trained)


def test_cancel_restores_the_evaluate_button(look: Look) -> None:
    page = look()
    QTest.mouseClick(page.message.evaluate, Qt.MouseButton.LeftButton)
    assert page.progress.isVisible()

    QTest.mouseClick(page.progress.cancel, Qt.MouseButton.LeftButton)

    assert not page.progress.isVisible()
    assert page.message.evaluate.isVisible()


def test_running_evaluation_stays_visible_when_another_target_is_shown(
    monkeypatch: pytest.MonkeyPatch, look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    page = look()
    monkeypatch.setattr(page._dialogs, "dataset", lambda _parent: tmp_path)
    QTest.mouseClick(page.message.evaluate, Qt.MouseButton.LeftButton)
    judged = page._evaluator.target

    QTest.mouseClick(page.header.browse, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not page._evaluator.state.loading)

    assert page.progress.isVisible()
    assert "on CIFAR-10”: " in page.progress.words.text()
    assert page.message.evaluate.isVisible()
    assert not page.message.evaluate.isEnabled()
    assert "is being evaluated" in page.message.evaluate.toolTip()
    assert page._evaluator.target == judged
    QTest.mouseClick(page.progress.cancel, Qt.MouseButton.LeftButton)
    assert not page.progress.isVisible()
    assert page.message.evaluate.isEnabled()
    assert page._evaluator.target is None


def test_tables_are_saved_and_read_back(
    monkeypatch: pytest.MonkeyPatch, look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    report = _report()
    page = look(report)
    path = tmp_path / "Zoë 图片.csv"
    monkeypatch.setattr(page._dialogs, "save", lambda *_: path)

    actions = {each.text().replace("&", ""): each for each in page.header.menu.actions()}
    actions["Confusion matrix as a table…"].trigger()

    qtbot.waitUntil(path.exists)
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert [[int(cell) for cell in row[1:]] for row in rows[1:]] == report.figures.confusion
    notices = page.window().notices  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: notices.newest and path.name in notices.newest.sentence.text())


def test_chart_is_saved_as_a_picture(
    monkeypatch: pytest.MonkeyPatch, look: Look, tmp_path: Path
) -> None:
    page = look(_report())
    path = tmp_path / "chart.png"
    monkeypatch.setattr(page._dialogs, "save", lambda *_: path)

    chart = page.views.confusion
    # What tells that it was saved takes some of the room.
    width, height = chart.width(), chart.height()

    page.export.save_chart()

    shades = chart.table.shades
    with Image.open(path) as picture:
        assert picture.size == (2 * width, 2 * height)
        seen = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24) or ()}
    right, mistake = shades.shade(LEVELS - 1, right=True), shades.shade(LEVELS - 1, right=False)
    for colour in (right.fill, mistake.fill, shades.empty, shades.roles.raised):
        assert (colour.red(), colour.green(), colour.blue()) in seen


def test_chart_is_saved_as_a_drawing(
    monkeypatch: pytest.MonkeyPatch, look: Look, tmp_path: Path
) -> None:
    page = look(_report())
    path = tmp_path / "chart.svg"
    monkeypatch.setattr(page._dialogs, "save", lambda *_: path)

    page.export.save_chart()

    texts = ["".join(each.itertext()).strip() for each in ET.parse(path).iter(f"{SVG}text")]
    assert {*CIFAR10_CLASSES, "True class", "Predicted class"} <= set(texts)
    assert sorted(text for text in texts if text.isdigit()) == ["2", "3", "4", "5"]


def test_report_is_cleared_when_another_network_is_shown(
    monkeypatch: pytest.MonkeyPatch, look: Look, qtbot: QtBot
) -> None:
    page = look(_report())
    assert page.views.report is not None

    monkeypatch.setattr(page._dialogs, "dataset", lambda _parent: Path("/nowhere"))
    QTest.mouseClick(page.header.browse, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(page.message.isVisible)
    assert page.views.report is None
    assert page.views.images is None


def test_progress_in_words() -> None:
    assert progress(EvaluationProgress(what="Starting")) == "Starting…"
    step = EvaluationProgress(what="Evaluating", done=2_500, total=10_000, seconds_left=42.0)
    assert progress(step) == "Evaluating: 2,500 of 10,000, about 40 s left"
    step = EvaluationProgress(what="Downloading CIFAR-10", done=17_000_000, total=170_000_000)
    assert progress(step) == "Downloading CIFAR-10: 17.0 MB of 170.0 MB"
    assert (
        other_progress("sprint 3", step)
        == "Evaluating “sprint 3”: downloading CIFAR-10, 17.0 MB of 170.0 MB"
    )
    step = EvaluationProgress(what="Evaluating", done=1_200, total=10_000)
    assert other_progress("sprint 3", step) == "Evaluating “sprint 3”: 1,200 of 10,000"
    assert (
        other_progress("sprint 3", EvaluationProgress(what="Starting"))
        == "Evaluating “sprint 3”: starting…"
    )


def test_notes_and_pictures_of_other_classes_are_shown(look: Look) -> None:
    report = _report()
    unknown = UnknownMetrics(images=61, found=0.6, mistaken=0.05, auroc=0.9312)
    figures = replace(report.figures, images=100, unknown=unknown)
    notes = ("Classes matched by name: Cats as cat.", "The network does not know house: …")
    page = look(dataclasses.replace(report, figures=figures, notes=notes))
    assert page.facts.texts["Others found"] == "60 % 37 of 61, likely 47 to 71"
    assert page.facts.texts["AUROC"] == "0.931"
    figures = replace(figures, images=29)
    page = look(dataclasses.replace(report, figures=figures, notes=notes))
    assert page.facts.texts["AUROC"] == "too few images"
    assert page.hint.text().endswith(" ".join(notes))
