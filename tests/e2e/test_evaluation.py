"""A network is trained in the real window, then evaluated: cell by cell, image by image."""

import csv
import io
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.evaluation.page import EvaluationPage
from cifar_desktop.runs.services.run_summary import RunState
from tests.desktop.support import sentence
from tests.trainer.tiny import draw, tiny_config, write_folder
from trainer.evaluation.report import Report, load_report
from trainer.runs.run_folder import RunFolder

_PATIENCE = 180_000

pytestmark = pytest.mark.usefixtures("own_cache")


def _start(app: App, qtbot: QtBot, data: str, *, epochs: int) -> Path:
    app.window.tabs.setCurrentWidget(app.training)
    page = app.training.page
    qtbot.waitUntil(page.isVisible)
    page.form.set_values(tiny_config(validation_images=60, epochs=epochs), [data])
    QTest.mouseClick(page.form.footer.start, Qt.MouseButton.LeftButton)
    path = page.runs_controller.path
    assert path is not None
    return path


def _press(button: QAbstractButton, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: button.isVisible() and button.isEnabled(), timeout=_PATIENCE)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _until_state(app: App, path: Path, qtbot: QtBot, state: RunState) -> None:
    def reached() -> bool:
        run = app.run_manager.runs.summary(path)
        return run is not None and run.state is state and not app.run_manager.active

    qtbot.waitUntil(reached, timeout=_PATIENCE)


def _shown(page: EvaluationPage) -> list[int]:
    images = page.views.images
    assert images is not None
    return sorted(int(index) for index in images.indices)


def _counted(report: Report, label: int, predicted: int) -> list[int]:
    pairs = zip(report.labels.tolist(), report.probabilities.argmax(1).tolist(), strict=True)
    return [index for index, pair in enumerate(pairs) if pair == (label, predicted)]


def _click(page: EvaluationPage, row: int, column: int) -> None:
    table = page.views.confusion.table
    place = table.visualRect(table.model().index(row, column)).center()
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
    )


def test_finished_run_is_evaluated(
    app: App, qtbot: QtBot, data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.window.resize(1280, 800)
    path = _start(app, qtbot, data, epochs=1)
    _until_state(app, path, qtbot, RunState.FINISHED)

    _press(app.training.page.panel.evaluate, qtbot)

    page = app.evaluation.page
    assert app.window.tabs.currentWidget() is app.evaluation
    qtbot.waitUntil(page.views.isVisible, timeout=_PATIENCE)
    figures = json.loads(RunFolder(path).figures.read_text(encoding="utf-8"))
    texts = page.facts.texts
    right = round(figures["accuracy"] * 60)
    assert texts["Test accuracy"].startswith(f"{right / 60 * 100:.0f} % {right} of 60, likely ")
    assert texts["Single pass"] == f"{figures['accuracy_single'] * 100:.0f} %"
    assert "Six views" not in texts
    assert texts["Calibration error"] == "\N{EN DASH} too few images"
    assert not page.header.evaluate.isVisible()

    report = load_report(RunFolder(path).report)
    for row in range(3):
        for column in range(3):
            _click(page, row, column)
            assert _shown(page) == _counted(report, row, column)
            assert len(_shown(page)) == figures["confusion"][row][column]
    table = page.views.confusion.table
    table.setFocus()
    for key, cell in (
        (Qt.Key.Key_Left, (2, 1)),
        (Qt.Key.Key_Up, (1, 1)),
        (Qt.Key.Key_Left, (1, 0)),
        (Qt.Key.Key_Up, (0, 0)),
    ):
        QTest.keyClick(table, key)
        assert _shown(page) == _counted(report, *cell)

    file = tmp_path / "predictions.csv"
    monkeypatch.setattr(page._dialogs, "save", lambda *_: file)
    actions = {each.text().replace("&", ""): each for each in page.header.menu.actions()}
    actions["Predictions for all images as a table…"].trigger()
    qtbot.waitUntil(file.exists)
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [row["image"] for row in rows] == list(report.files)
    right = sum(row["true_class"] == row["predicted_class"] for row in rows)
    assert right / len(rows) == pytest.approx(figures["accuracy"])


def test_finished_run_is_evaluated_on_another_dataset(
    app: App, qtbot: QtBot, data: str, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    write_folder(other / "train", draw(30, 3))
    write_folder(other / "test", draw(15, 4))
    path = _start(app, qtbot, data, epochs=1)
    _until_state(app, path, qtbot, RunState.FINISHED)
    app.window.evaluate_run(path)
    page = app.evaluation.page
    qtbot.waitUntil(page.views.isVisible, timeout=_PATIENCE)
    own = f"{Path(data).name} (its own)"
    assert page.header.data.currentText() == own

    page.choose_dataset(other)
    _press(page.message.evaluate, qtbot)

    qtbot.waitUntil(page.views.isVisible, timeout=_PATIENCE)
    assert " of 15, likely " in page.facts.texts["Test accuracy"]
    assert page.hint.text().startswith("Test images of other, evaluated on ")
    assert page.header.evaluate.accessibleName() == "Evaluate again"
    assert load_report(RunFolder(path).report).figures.images == 60
    page.show_run(path)
    qtbot.waitUntil(lambda: " of 60, likely " in page.facts.texts.get("Test accuracy", ""))
    assert page.header.data.currentText() == own


def test_unfinished_run_is_evaluated_on_its_own_data_only(
    app: App, qtbot: QtBot, data: str, tmp_path: Path
) -> None:
    path = _start(app, qtbot, data, epochs=10_000)
    qtbot.waitUntil(RunFolder(path).checkpoint.exists, timeout=_PATIENCE)
    _press(app.training.page.panel.evaluate, qtbot)
    page = app.evaluation.page
    assert page.header.data.keys == ["own"]

    page.choose_dataset(tmp_path)

    assert page.header.data.key == "own"
    assert "This run has not finished" in sentence(app)
    app.run_manager.stop(path)
    _until_state(app, path, qtbot, RunState.STOPPED)


def test_run_is_evaluated_while_active_and_when_finished(app: App, qtbot: QtBot, data: str) -> None:
    path = _start(app, qtbot, data, epochs=10_000)
    qtbot.waitUntil(RunFolder(path).checkpoint.exists, timeout=_PATIENCE)

    _press(app.training.page.panel.evaluate, qtbot)
    page = app.evaluation.page
    _press(page.message.evaluate, qtbot)
    qtbot.waitUntil(page.views.isVisible, timeout=_PATIENCE)

    assert app.run_manager.active == [path]
    assert "Validation accuracy" in page.facts.texts
    assert " of 60, likely " in page.facts.texts["Validation accuracy"]
    assert "The test images are evaluated once" in page.hint.text()
    assert page.header.evaluate.accessibleName() == "Update"
    app.run_manager.stop(path)
    _until_state(app, path, qtbot, RunState.STOPPED)

    app.window.tabs.setCurrentWidget(app.training)
    app.run_manager.delete(path)
    qtbot.waitUntil(lambda: not page.header.network.key.startswith("run "), timeout=_PATIENCE)
    app.window.tabs.setCurrentWidget(app.evaluation)
    qtbot.waitUntil(page.message.isVisible)
    assert page.views.report is None


def test_open_report_is_replaced_at_the_end_of_the_run(app: App, qtbot: QtBot, data: str) -> None:
    path = _start(app, qtbot, data, epochs=40)
    qtbot.waitUntil(RunFolder(path).checkpoint.exists, timeout=_PATIENCE)
    _press(app.training.page.panel.evaluate, qtbot)
    page = app.evaluation.page

    _until_state(app, path, qtbot, RunState.FINISHED)

    qtbot.waitUntil(lambda: "Test accuracy" in page.facts.texts, timeout=_PATIENCE)
    assert page.views.isVisible()
