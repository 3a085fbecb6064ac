"""Folders are dropped on the real window: pictures on Classify, datasets where one is needed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.shell.second_launch import SecondLaunchHandler
from cifar_desktop.shell.services.open_request import decode, encode, request_from
from cifar_desktop.shell.services.single_instance import SingleInstance
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from tests.desktop.support import answered, drag, drop, picture_file, sentence, toast
from tests.trainer.tiny import draw, write_folder

_PATIENCE = 30_000

pytestmark = pytest.mark.usefixtures("own_cache")


def _urls(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def _dataset(folder: Path) -> Path:
    write_folder(folder / "train", draw(30, 1))
    write_folder(folder / "test", draw(9, 2))
    return folder


def _holiday(folder: Path, count: int = 3) -> Path:
    (folder / ".hidden").mkdir(parents=True)
    picture_file(folder / ".hidden" / "a.png")
    (folder / "readme.txt").write_text("no picture")
    for number in range(1, count + 1):
        picture_file(folder / f"{number}.png")
    return folder


def test_folder_of_photos_shows_the_first_and_counts_all(
    app: App, qtbot: QtBot, tmp_path: Path
) -> None:
    drop(app.window, _urls(_holiday(tmp_path / "Zoë 图片")))

    qtbot.waitUntil(lambda: answered(app, "1.png"))
    assert "“Zoë 图片” holds 3 pictures, but only one picture is shown" in sentence(app)
    assert not toast(app).action.isVisible()


def test_damaged_photo_of_a_folder_is_passed_over(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    folder = _holiday(tmp_path / "holiday")
    (folder / "0.png").write_bytes(b"damaged")

    drop(app.window, _urls(folder))

    qtbot.waitUntil(lambda: answered(app, "1.png"))


def test_folder_with_one_photo_needs_no_words(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    drop(app.window, _urls(_holiday(tmp_path / "holiday", count=1)))

    qtbot.waitUntil(lambda: answered(app, "1.png"))
    assert sentence(app) == ""


def test_folder_without_photos_says_so(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("Dear cat")

    drop(app.window, _urls(tmp_path / "letters"))

    qtbot.waitUntil(lambda: app.tab.pages.currentWidget() is app.tab.failed)
    assert "“letters” contains no pictures" in sentence(app)


def test_dataset_dropped_on_classify_can_be_trained_on_at_a_press(
    app: App, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = _dataset(tmp_path / "shapes")
    drop(app.window, _urls(folder))
    qtbot.waitUntil(lambda: "looks like a dataset" in sentence(app))
    assert "39 pictures in subfolders" in sentence(app)

    QTest.mouseClick(toast(app).action, Qt.MouseButton.LeftButton)

    assert app.window.tabs.currentWidget() is app.training
    assert app.training.page.form.data() == str(folder)


@pytest.mark.parametrize("size", [(1280, 800), (700, 500)])
def test_dataset_dropped_on_the_training_tab_is_chosen(
    size: tuple[int, int], app: App, qtbot: QtBot, tmp_path: Path
) -> None:
    app.window.resize(*size)
    app.window.tabs.setCurrentWidget(app.training)
    page = app.training.page
    folder = _dataset(tmp_path / "shapes")

    assert drag(app.window, _urls(folder))
    assert app.window.overlay.text == "Drop to train on this dataset"
    assert drop(app.window, _urls(folder))

    assert app.window.tabs.currentWidget() is app.training
    assert page.form.data() == str(folder)
    qtbot.waitUntil(
        lambda: isinstance(page.dataset_controller.state, DatasetInfo), timeout=_PATIENCE
    )
    assert "30 training and 9 test images" in page.form.summary.text.text()
    assert page.form.summary.isVisible() or page.samples.isVisible()
    assert sentence(app) == ""


def test_training_and_test_folder_dropped_together_are_one_dataset(
    app: App, tmp_path: Path
) -> None:
    app.window.tabs.setCurrentWidget(app.training)
    folder = _dataset(tmp_path / "shapes")

    drop(app.window, _urls(folder / "train", folder / "test"))

    assert app.training.page.form.data() == str(folder)


def test_photo_dropped_on_the_training_tab_is_classified(
    app: App, qtbot: QtBot, tmp_path: Path
) -> None:
    app.window.tabs.setCurrentWidget(app.training)

    drop(app.window, _urls(picture_file(tmp_path / "cat.png")))

    qtbot.waitUntil(lambda: answered(app, "cat.png"))


@pytest.mark.qt_log_ignore("does not support raise")
@pytest.mark.parametrize("place", ["training", "evaluation", "classify"])
def test_dataset_of_a_later_launch_goes_where_a_dropped_one_does(
    place: str, app: App, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = _dataset(tmp_path / "shapes")
    instance = SingleInstance(None)
    SecondLaunchHandler(instance, app.window, app.tab)
    tabs: dict[str, QWidget] = {"training": app.training, "evaluation": app.evaluation}
    tab = tabs.get(place, app.tab)
    app.window.tabs.setCurrentWidget(tab)

    instance.asked.emit(decode(encode(request_from([str(folder)], None, 0.0))))

    assert app.window.tabs.currentWidget() is tab
    if place == "training":
        assert app.training.page.form.data() == str(folder)
    elif place == "evaluation":
        assert app.evaluation.page.header.data.key == str(folder)
    else:
        qtbot.waitUntil(lambda: "looks like a dataset" in sentence(app))


def test_message_about_a_picture_stays_on_its_tab(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    drop(app.window, _urls(_holiday(tmp_path / "holiday")))
    qtbot.waitUntil(lambda: "holds 3 pictures" in sentence(app))
    app.window.tabs.setCurrentWidget(app.training)
    assert sentence(app) == ""
    app.window.show_classify()
    assert "holds 3 pictures" in sentence(app)


def test_dataset_dropped_on_the_evaluation_tab_is_evaluated_on(app: App, tmp_path: Path) -> None:
    app.window.tabs.setCurrentWidget(app.evaluation)
    folder = _dataset(tmp_path / "shapes")

    drop(app.window, _urls(folder))

    assert app.window.tabs.currentWidget() is app.evaluation
    assert app.evaluation.page.header.data.key == str(folder)
