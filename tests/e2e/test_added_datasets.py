"""Pictures of further folders are added to a dataset in the real window, shown and trained on."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.runs.services.run_summary import RunState, RunSummary
from cifar_desktop.training.page import TrainingPage
from cifar_desktop.training.widgets.dataset.state import DatasetInfo, Failed
from tests.desktop.support import Start, drop
from tests.trainer.data.dataset_files import draw as draw_picture
from tests.trainer.tiny import draw, tiny_config, write_dataset, write_folder
from trainer.models.model_file import read_card
from trainer.runs.run_folder import RunFolder

_PATIENCE = 60_000

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    return write_dataset(tmp_path / "shapes")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Thirty pictures of the same classes, and twenty of other things."""
    folder = tmp_path / "Zoë 图片"
    write_folder(folder / "train", draw(30, 3))
    for index in range(20):
        draw_picture(folder / "train" / "none" / f"{index}.png", 10 * index)
    return folder


def _open(app: App, qtbot: QtBot, dataset: Path) -> TrainingPage:
    app.window.tabs.setCurrentWidget(app.training)
    qtbot.waitUntil(app.training.page.isVisible)
    page = app.training.page
    page.form.set_values(tiny_config(epochs=1), [str(dataset)])
    return page


def _info(page: TrainingPage, qtbot: QtBot, sources: int) -> DatasetInfo:
    """What is known once that many datasets have been inspected."""

    def known() -> bool:
        state = page.dataset_controller.state
        return isinstance(state, DatasetInfo) and len(state.sources) == sources

    qtbot.waitUntil(known, timeout=_PATIENCE)
    state = page.dataset_controller.state
    assert isinstance(state, DatasetInfo)
    return state


def _menu(page: TrainingPage) -> list[QAction]:
    """What the menu of the button offers when it opens."""
    page.form.added.menu.aboutToShow.emit()
    return page.form.added.menu.actions()


def _choose_in_menu(page: TrainingPage, text: str) -> None:
    (action,) = [each for each in _menu(page) if each.text() == text]
    action.trigger()


def _finished(app: App, qtbot: QtBot, path: Path) -> RunSummary:
    """The run, once it has finished."""

    def found() -> RunSummary | None:
        run = app.run_manager.runs.summary(path)
        return run if run is not None and run.state is RunState.FINISHED else None

    qtbot.waitUntil(lambda: found() is not None, timeout=_PATIENCE)
    run = found()
    assert run is not None
    return run


def _press(button: QAbstractButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_folder_is_added_shown_trained_on_and_remembered(
    app: App,
    start: Start,
    qtbot: QtBot,
    shapes: Path,
    photos: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = _open(app, qtbot, shapes)
    _info(page, qtbot, 1)
    assert page.form.added.rows == []
    monkeypatch.setattr(page._dialogs, "more_pictures", lambda _parent: photos)

    _choose_in_menu(page, "Folder…")

    state = _info(page, qtbot, 2)
    (row,) = page.form.added.rows
    assert row.name.text() == "+ Zoë 图片"
    assert row.amount.text() == "30 training images, 20 of other things"
    assert "and 20 pictures of other things" in page.form.summary.text.text()
    # 24 of the 120 first images: nothing is held out of those added.
    assert "24 of the training images are held out" in page.form.summary.text.text()
    sheet = page.samples.sheet
    assert sheet.sources.isVisible()
    assert "Zoë 图片: 30 training images, 20 of other things" in sheet.sources.text()
    assert (len(state.classes), sheet.model.rowCount()) == (3, 4)
    last = sheet.model.index(3, 0)
    assert last.data() == "none (no class)"
    assert "20 training images" in last.data(Qt.ItemDataRole.AccessibleTextRole)
    assert len(sheet.model.images(3)) == 11

    _press(page.form.footer.start)

    path = page.runs_controller.path
    assert path is not None
    run = _finished(app, qtbot, path)
    assert RunFolder(path).read()[1] == (str(shapes), str(photos))
    assert run.data == "shapes + Zoë 图片"
    facts = page.panel.facts.texts
    assert facts["Training images"] == "shapes 120 + Zoë 图片 30"
    assert facts["Of other things"] == "20"
    card = read_card(RunFolder(path).model)
    assert [each.none_images for each in card.sources] == [0, 20]

    app.window.close()
    again = start()
    again.window.tabs.setCurrentWidget(again.training)
    qtbot.waitUntil(again.training.page.isVisible)
    assert again.training.page.form.datasets() == (str(shapes), str(photos))
    again.training.page.form.set_datasets(["cifar10"])
    again.training.page.duplicate(path)
    assert again.training.page.form.datasets() == (str(shapes), str(photos))


def test_an_added_folder_is_removed_and_added_again(
    app: App, qtbot: QtBot, shapes: Path, photos: Path
) -> None:
    page = _open(app, qtbot, shapes)
    page.form.set_datasets([str(shapes), str(photos)])
    _info(page, qtbot, 2)

    _press(page.form.added.rows[0].remove)

    assert page.form.datasets() == (str(shapes),)
    assert page.form.added.rows == []
    state = _info(page, qtbot, 1)
    assert not any(state.none_counts)
    assert not page.samples.sheet.sources.isVisible()

    _choose_in_menu(page, "Zoë 图片")

    assert page.form.datasets() == (str(shapes), str(photos))
    _info(page, qtbot, 2)
    # What is used already is not offered.
    offered = [each.text() for each in _menu(page) if each.text()]
    assert offered == ["CIFAR-10", "Folder…"]
    page.form.set_data(str(photos))
    assert page.form.datasets() == (str(photos),)


def test_a_dropped_folder_can_be_added_instead(
    app: App, qtbot: QtBot, shapes: Path, photos: Path
) -> None:
    page = _open(app, qtbot, shapes)
    _info(page, qtbot, 1)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(photos))])
    assert not page.form.data_fields.instead.isVisible()

    drop(app.window, mime)

    assert page.form.datasets() == (str(photos),)
    instead = page.form.data_fields.instead
    assert instead.isVisible()
    assert instead.text() == "Add it to shapes instead"

    _press(instead)

    assert page.form.datasets() == (str(shapes), str(photos))
    assert not instead.isVisible()
    _info(page, qtbot, 2)


def test_a_folder_that_does_not_fit_is_explained(
    app: App, qtbot: QtBot, shapes: Path, tmp_path: Path
) -> None:
    for name in ("lion", "zebra"):
        draw_picture(tmp_path / "zoo" / name / "1.png")
    page = _open(app, qtbot, shapes)
    page.form.set_datasets([str(shapes), str(tmp_path / "zoo")])
    qtbot.waitUntil(lambda: isinstance(page.dataset_controller.state, Failed), timeout=_PATIENCE)
    assert "None of the classes of zoo (lion, zebra)" in page.form.summary.text.text()
    assert not page.form.footer.start.isEnabled()
    assert page.form.added.rows[0].amount.text() == ""


def test_a_run_asks_only_for_the_folder_that_was_moved(
    app: App, qtbot: QtBot, shapes: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _open(app, qtbot, shapes)
    path = app.run_manager.start(tiny_config(epochs=1), (str(shapes), str(photos)))
    _finished(app, qtbot, path)
    RunFolder(path).model.unlink()
    moved = photos.rename(photos.with_name("moved"))
    asked: list[str] = []

    def answer(_parent: object, name: str) -> Path:
        asked.append(name)
        return moved

    monkeypatch.setattr(app.run_data._dialogs, "moved_dataset", answer)
    app.run_data.find(path)
    assert asked == ["Zoë 图片"]
    assert RunFolder(path).read()[1] == (str(shapes), str(moved))
    qtbot.waitUntil(RunFolder(path).model.exists, timeout=_PATIENCE)
    qtbot.waitUntil(lambda: not app.run_manager.active, timeout=_PATIENCE)
    assert page.isVisible()
