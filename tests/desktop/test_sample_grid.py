"""The contact sheet of a dataset and the table of varied images: what they say and paint."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.widgets.augmented_grid import AugmentedGrid
from cifar_desktop.widgets.data_states import Described, Failed, Missing, Reading
from cifar_desktop.widgets.image_tiles import tile_side
from cifar_desktop.widgets.sample_grid import SampleGrid
from cifar_desktop.widgets.sample_rows import plan

SIDE = 32
SAMPLES = 10
COLOURS = ("#d03030", "#30a030", "#3050d0")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    yield window
    QToolTip.hideText()


@pytest.fixture
def grid(window: QWidget) -> SampleGrid:
    grid = SampleGrid(window)
    grid.resize(800, 600)
    grid.show()
    return grid


def tile(colour: str) -> bytes:
    wanted = QColor(colour)
    return bytes((wanted.red(), wanted.green(), wanted.blue())) * SIDE * SIDE


def described(classes: int = 3, **changes: object) -> Described:
    sampled = min(classes, 50)
    values: dict[str, object] = {
        "classes": tuple(f"class {index}" for index in range(classes)),
        "train_counts": (500,) * classes,
        "test_counts": (100,) * classes,
        "side": SIDE,
        "sampled_classes": sampled,
        "samples_per_class": SAMPLES,
        "samples": b"".join(tile(COLOURS[row % 3]) * SAMPLES for row in range(sampled)),
    }
    return Described(**{**values, **changes})  # type: ignore[arg-type]


def area(picture: QImage, colour: str) -> int:
    """Pixels of exactly this colour."""
    wanted = QColor(colour).rgb()
    return sum(
        picture.pixel(x, y) == wanted
        for y in range(picture.height())
        for x in range(picture.width())
    )


def painted(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def test_ten_samples_of_each_class_are_painted_pixel_by_pixel(grid: SampleGrid) -> None:
    grid.show_state(described())
    picture = painted(grid)
    for colour in COLOURS:
        assert area(picture, colour) == SAMPLES * SIDE * SIDE


def test_a_class_with_few_images_has_few_samples(grid: SampleGrid) -> None:
    grid.show_state(described(train_counts=(500, 2, 0)))
    picture = painted(grid)
    counted = [area(picture, colour) // SIDE**2 for colour in COLOURS]
    assert counted == [SAMPLES, 2, 0]
    assert "no training images" in grid.sheet.remark.text()


def test_rows_tell_assistive_technology_what_they_hold(grid: SampleGrid) -> None:
    grid.show_state(described())
    model = grid.sheet.classes.model()
    text = model.data(model.index(1, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert text == "class 1: 500 training images, 100 test images"
    assert grid.sheet.counts.text() == "3 classes, 1,500 training and 300 test images"


def test_two_hundred_classes_are_gone_through_by_keyboard(grid: SampleGrid) -> None:
    grid.show_state(described(200, train_counts=tuple(range(1, 201))))
    rows = grid.sheet.classes
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_End)
    assert rows.currentIndex().row() == 199
    assert rows.verticalScrollBar().value() == rows.verticalScrollBar().maximum()
    assert "first 50 classes" in grid.sheet.remark.text()
    assert "200 times" in grid.sheet.remark.text()
    assert not painted(grid).isNull()


def test_skipped_files_are_listed_on_demand(grid: SampleGrid) -> None:
    grid.show_state(described(unreadable=("a.jpg: It is damaged.",), unreadable_count=7))
    sheet = grid.sheet
    assert sheet.skipped.text().startswith("7 files could not be read")
    assert not sheet.files.isVisible()

    sheet.skipped.click()

    assert sheet.files.isVisible()
    texts = [sheet.files.item(row).text() for row in range(sheet.files.count())]
    assert texts == ["a.jpg: It is damaged.", "and 6 more"]

    grid.show_state(described())
    assert not sheet.skipped.isVisible()
    assert not sheet.files.isVisible()


def test_states_without_images(grid: SampleGrid) -> None:
    message = grid.message
    assert message.isVisible()
    grid.show_state(Reading(what="Reading images", done=1, total=4))
    assert message.heading.text() == "Reading images… 25 %"
    assert message.bar.isVisible()

    grid.show_state(Failed(reason="The folder is empty."))
    assert message.text.text() == "The folder is empty."
    assert not message.bar.isVisible()

    grid.show_state(Missing(title="CIFAR-10", size=170_052_171))
    wanted: list[bool] = []
    grid.download_wanted.connect(lambda: wanted.append(True))
    message.download.click()
    assert wanted


# Qt's drawing into memory has no windows to raise.
@pytest.mark.qt_log_ignore(r"raise\(\)")
def test_hovering_over_a_sample_enlarges_it(grid: SampleGrid) -> None:
    grid.show_state(described())
    rows = grid.sheet.classes
    painted(grid)
    row = rows.visualRect(rows.model().index(0, 0))
    line = rows.fontMetrics().height()
    arranged = plan(rows.viewport().width(), line, described(), rows.devicePixelRatio())
    place = row.topLeft() + arranged.place(2).center().toPoint()
    event = QHelpEvent(QEvent.Type.ToolTip, place, rows.viewport().mapToGlobal(place))
    QApplication.sendEvent(rows.viewport(), event)
    assert "<img" in QToolTip.text()

    place = row.topLeft() + QPoint(20, 20)
    event = QHelpEvent(QEvent.Type.ToolTip, place, rows.viewport().mapToGlobal(place))
    QApplication.sendEvent(rows.viewport(), event)
    assert QToolTip.text() == "class 0: 500 training images, 100 test images"


@pytest.mark.parametrize("width", [200, 300, 460, 620, 900, 1600])
@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_samples_stay_inside_their_row_at_every_width(width: int, ratio: float) -> None:
    arranged = plan(width, 17, described(), ratio)
    assert arranged.tiles >= 4
    last = arranged.place(arranged.tiles - 1)
    assert last.right() <= width
    assert last.bottom() <= arranged.height
    assert arranged.names > 90
    pixels = arranged.tile * ratio / SIDE
    assert pixels == pytest.approx(round(pixels))


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0])
def test_tiles_are_whole_screen_pixels_between_one_and_two_times(ratio: float) -> None:
    for room in range(10, 200, 7):
        side = tile_side(SIDE, room, ratio)
        assert (side * ratio / SIDE) == pytest.approx(round(side * ratio / SIDE))
        assert 20 <= side <= 64


def test_varied_images_stand_beside_their_originals(window: QWidget) -> None:
    grid = AugmentedGrid(window)
    grid.resize(700, 400)
    grid.show()
    assert "Once the data have been read" in grid.caption.text()
    originals = b"".join(map(tile, COLOURS[:2]))
    varied = tile(COLOURS[2]) * 2 * 8

    grid.show_images(["cat", "dog"], originals, varied, side=SIDE, epochs=8)

    picture = painted(grid)
    one = area(picture, COLOURS[0])
    assert one >= SIDE * SIDE
    assert area(picture, COLOURS[1]) == one
    assert area(picture, COLOURS[2]) == 16 * one

    grid.show_message("The data cannot be used.")
    assert grid.caption.text() == "The data cannot be used."
    assert area(painted(grid), COLOURS[2]) == 0


def test_narrow_table_of_varied_images_leaves_out_the_last_epochs(window: QWidget) -> None:
    grid = AugmentedGrid(window)
    grid.resize(300, 400)
    grid.show()
    grid.show_images(["cat"], tile(COLOURS[0]), tile(COLOURS[2]) * 8, side=SIDE, epochs=8)
    picture = painted(grid)
    assert area(picture, COLOURS[0]) == SIDE**2
    shown, rest = divmod(area(picture, COLOURS[2]), SIDE**2)
    assert rest == 0
    assert 5 <= shown < 8
