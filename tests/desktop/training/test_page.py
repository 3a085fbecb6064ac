"""How the Training tab is laid out, and how its parts work together."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.training.page import TrainingPage
from cifar_desktop.training.widgets.dataset.state import DatasetInfo, NotDownloaded
from tests.desktop.support import Start
from tests.trainer.tiny import draw, write_folder


def _open(app: App, qtbot: QtBot) -> TrainingPage:
    app.window.tabs.setCurrentWidget(app.training)
    qtbot.waitUntil(app.training.page.isVisible)
    return app.training.page


def _views(page: TrainingPage) -> list[str]:
    """The views that the header offers."""
    buttons = page.header.segments.findChildren(QAbstractButton)
    return [each.text().replace("&", "") for each in buttons if not each.isHidden()]


def test_page_is_made_only_when_it_is_seen(app: App, qtbot: QtBot) -> None:
    assert app.training._page is None
    _open(app, qtbot)
    assert app.training._page is not None


def test_small_window_has_everything_in_views(app: App, qtbot: QtBot) -> None:
    app.window.resize(1080, 720)
    page = _open(app, qtbot)
    assert _views(page) == ["Curves", "Data", "Augmentation"]

    app.window.resize(560, 420)

    qtbot.waitUntil(lambda: _views(page) == ["Set up", "Curves", "Data", "Runs"])
    page.header.segments.segment("setup").click()
    assert page.form.footer.start.isVisible()
    assert not page.curves.isVisible()
    page.header.segments.segment("runs").click()
    assert page.table.isVisible()
    assert not page.form.isVisible()
    page.header.segments.segment("setup").click()
    hint = page.minimumSizeHint()
    assert (hint.width() <= 560, hint.height() <= 320) == (True, True)
    app.window.resize(1080, 720)
    qtbot.waitUntil(lambda: len(_views(page)) == 3)
    assert page.form.isVisible()
    assert page.views.current == page.header.segments.current == "curves"
    assert page.table.isVisible()


def test_who_never_trained_sees_the_data_first(app: App, qtbot: QtBot) -> None:
    page = _open(app, qtbot)

    assert page.samples.isVisible()
    qtbot.waitUntil(
        lambda: isinstance(page.dataset_controller.state, NotDownloaded), timeout=60_000
    )
    assert page.samples.message.download.isVisible()


def test_augmented_images_follow_the_form(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    write_folder(folder / "train", draw(60, 1))
    write_folder(folder / "test", draw(30, 2))
    page = _open(app, qtbot)
    page.form.set_data(str(folder))
    qtbot.waitUntil(lambda: isinstance(page.dataset_controller.state, DatasetInfo), timeout=60_000)
    qtbot.waitUntil(lambda: len(page.augmented.table.columns) == 9, timeout=60_000)
    first = [column[0] for column in page.augmented.table.columns]
    assert first[1] != first[0]

    page.form.main.flip.choose("none")
    page.form.main.translate.edit.line.setText("0")
    page.form.main.color_jitter.edit.line.setText("0")

    qtbot.waitUntil(lambda: page.augmented.table.columns[3][0] == first[0], timeout=60_000)
    assert all(column[0] == first[0] for column in page.augmented.table.columns)

    page.form.main.effects.grayscale.edit.line.setText("100")

    def gray() -> list[bool]:
        return [column[0].isGrayscale() for column in page.augmented.table.columns]

    qtbot.waitUntil(lambda: gray() == [False] + 8 * [True], timeout=60_000)
    effects = page.form.main.effects
    for field, text in (
        (effects.crop_scale, "30"), (effects.blur, "1"), (effects.noise, "2.5"),
        (effects.jpeg, "100"),
    ):  # fmt: skip
        field.edit.line.setText(text)
    words = [
        "random crops of at least 30 % of the area", "grayscale for 100 %", "blur of up to 1 pixel",
        "noise of up to 2.5 %", "JPEG compression for 100 %",
    ]  # fmt: skip
    caption = page.augmented.caption
    qtbot.waitUntil(lambda: all(each in caption.text() for each in words), timeout=60_000)


def test_a_sample_is_chosen_and_shown_augmented(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    write_folder(folder / "train", draw(60, 1))
    write_folder(folder / "test", draw(30, 2))
    page = _open(app, qtbot)
    page.form.set_data(str(folder))
    qtbot.waitUntil(lambda: isinstance(page.dataset_controller.state, DatasetInfo), timeout=60_000)
    assert any("fewer than 50" in row.result.sentence for row in page.samples.sheet.checks.rows)
    rows = page.samples.sheet.classes
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Right)
    QTest.keyClick(rows, Qt.Key.Key_Return)

    # As many epochs as the form has, and the original.
    config = page.form.config()
    assert config is not None
    assert config.epochs == 10
    qtbot.waitUntil(lambda: len(page.augmented.single.tiles) == 11, timeout=60_000)
    assert page.augmented.single.isVisible()
    chosen = page.samples.sheet.model.images(rows.currentIndex().row())[2]
    assert page.augmented.single.tiles[0] == chosen
    assert page.augmented.back.isVisible()

    page.augmented.back.click()

    qtbot.waitUntil(page.augmented.table.isVisible, timeout=60_000)
    assert len(page.augmented.table.columns) == 9
    assert not page.augmented.back.isVisible()


@pytest.mark.parametrize("size", [(1080, 720), (560, 420)])
def test_keys_of_all_that_is_in_sight_are_unique(
    size: tuple[int, int], app: App, qtbot: QtBot
) -> None:
    page = _open(app, qtbot)
    app.window.resize(*size)
    page.panel.show()
    page.augmented.offer_all(offered=True)
    page.panel.show_buttons(stop=True, kill=True, resume=True, use=True, evaluate=True)
    texts = [action.text() for action in app.window.menuBar().actions()]
    texts += [app.window.tabs.tabText(index) for index in range(app.window.tabs.count())]
    shown: list[QAbstractButton | QLabel] = [
        *page.findChildren(QAbstractButton), *page.findChildren(QLabel),
        *page.header.findChildren(QAbstractButton),
    ]  # fmt: skip
    texts += [each.text() for each in shown if not each.isHidden() and _has_key(each)]
    keys = [
        match.group(1).lower() for text in texts if (match := re.search("&([a-z])", text, re.I))
    ]

    assert len(keys) > 10
    assert sorted(keys) == sorted(set(keys))


def _has_key(widget: QAbstractButton | QLabel) -> bool:
    return isinstance(widget, QAbstractButton) or widget.buddy() is not None


def test_form_is_filled_as_for_the_last_run(app: App, qtbot: QtBot, start: Start) -> None:
    page = _open(app, qtbot)
    page.form.main.epochs.edit.line.setText("3")
    config = page.form.config()
    assert config is not None
    app._settings.run_settings = config.to_json()

    other = _open(start(), qtbot)

    assert other.form.main.epochs.value() == 3


def test_columns_of_the_table_are_remembered(app: App, qtbot: QtBot, start: Start) -> None:
    page = _open(app, qtbot)
    header = page.table.view.horizontalHeader()
    header.resizeSection(1, 222)
    app.window.close()

    other = _open(start(), qtbot)

    assert other.table.view.horizontalHeader().sectionSize(1) == 222
