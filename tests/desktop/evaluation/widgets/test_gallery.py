"""The image gallery: painting, texts, navigation."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QGuiApplication, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.common import color_scheme
from cifar_desktop.evaluation.widgets.gallery import ImageGallery
from cifar_desktop.ui.chart_palette import chart_palette

SIDE = 32


class Pictures:
    """One color per image; every third prediction is correct. Records the requested images."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.made: list[int] = []

    def __len__(self) -> int:
        return self.count

    def image(self, position: int) -> QImage:
        self.made.append(position)
        picture = QImage(SIDE, SIDE, QImage.Format.Format_RGB888)
        picture.fill(color(position))
        picture.setPixelColor(0, 0, QColor("white"))
        return picture

    def caption(self, position: int) -> tuple[str, str]:
        return "cat", f"{'cat' if self.is_right(position) else 'dog'} 99 %"

    def is_right(self, position: int) -> bool:
        return position % 3 == 0

    def name(self, position: int) -> str:
        return f"test/cat/{position}.png"

    def predictions(self, position: int) -> Sequence[tuple[str, float]]:
        first, second = ("cat", "dog") if self.is_right(position) else ("dog", "cat")
        return [(first, 0.985), (second, 0.01), ("frog", 0.0)]


def color(position: int) -> QColor:
    return QColor(position % 200 + 20, position // 200 % 200, 90)


@pytest.fixture
def gallery(window: QWidget) -> ImageGallery:
    gallery = ImageGallery(window)
    gallery.resize(600, 700)
    gallery.show()
    return gallery


def show(gallery: ImageGallery, count: int) -> Pictures:
    pictures = Pictures(count)
    gallery.show_source(pictures, heading="Mistakes", empty="No mistakes at all.")
    QApplication.processEvents()
    return pictures


def cell(gallery: ImageGallery, position: int) -> QPoint:
    grid = gallery.grid
    return grid.visualRect(grid.model().index(position, 0)).center()


def picture(gallery: ImageGallery) -> QImage:
    return gallery.grid.viewport().grab().toImage()


def press(gallery: ImageGallery, *keys: Qt.Key) -> list[int]:
    """Position that each key leads to."""
    places = []
    for key in keys:
        QTest.keyClick(gallery.grid, key)
        places.append(gallery.position)
    return places


def turn(gallery: ImageGallery, by: int) -> None:
    grid = gallery.grid.viewport()
    at = QPointF(grid.rect().center())
    event = QWheelEvent(
        at, QPointF(grid.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, by),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003 (Qt's own argument)
    )  # fmt: skip
    QApplication.sendEvent(grid, event)


def test_the_first_image_is_shown_enlarged_with_its_predictions(gallery: ImageGallery) -> None:
    show(gallery, 50)
    assert gallery.position == 0
    assert (gallery.heading.text(), gallery.count.text()) == ("Mistakes", "1 of 50")
    detail = gallery.detail
    assert detail.title.text() == "cat, classified correctly: cat 99 %"
    assert detail.name.text() == "test/cat/0.png"

    gallery.select(4)

    assert detail.title.text() == "cat, misclassified as dog 99 %"
    shown = [bar for bar in detail.bars if bar.isVisible()]
    assert [bar.text() for bar in shown] == ["98.5 %", "1.0 %", "0 %"]
    assert [bar.accessibleName() for bar in shown] == ["dog", "cat, the true class", "frog"]
    assert shown[0].value() == 985
    enlarged = detail.picture.grab().toImage()
    assert enlarged.pixelColor(enlarged.rect().center()) == color(4)
    assert enlarged.pixelColor(3, 3) == QColor("white")


def test_selected_and_opened_images_are_emitted(gallery: ImageGallery) -> None:
    selected: list[int] = []
    opened: list[int] = []
    gallery.selected.connect(selected.append)
    gallery.opened.connect(opened.append)
    show(gallery, 20)
    grid, left = gallery.grid.viewport(), Qt.MouseButton.LeftButton

    QTest.mouseClick(grid, left, pos=cell(gallery, 2))
    QTest.keyClick(gallery.grid, Qt.Key.Key_Return)
    QTest.mouseDClick(grid, left, pos=cell(gallery, 2))
    gallery.show_source(None, heading="", empty="")

    assert selected == [0, 2, -1]
    assert opened == [2, 2]


def test_keys_move_by_rows_and_pages(gallery: ImageGallery) -> None:
    show(gallery, 47)
    keys, columns = Qt.Key, gallery.grid.columns
    assert columns == 5
    assert press(gallery, keys.Key_Right, keys.Key_Down, keys.Key_Left, keys.Key_Left) == [
        1, 1 + columns, columns, columns - 1,
    ]  # fmt: skip
    assert press(gallery, keys.Key_Up, keys.Key_End, keys.Key_Down, keys.Key_Right) == [
        columns - 1, 46, 46, 46,
    ]  # fmt: skip
    gallery.select(43)
    # The last row is short: below 43 there is only its end.
    assert press(gallery, keys.Key_Down, keys.Key_Home, keys.Key_Up) == [46, 0, 0]
    page = press(gallery, keys.Key_PageDown)[0]
    assert page > columns
    assert page % columns == 0
    assert press(gallery, keys.Key_PageUp, keys.Key_D) == [0, 0]


def test_keys_agree_with_the_painted_columns(gallery: ImageGallery) -> None:
    show(gallery, 500)
    for width in range(300, 620, 7):
        gallery.resize(width, 700)
        QApplication.processEvents()
        rect = gallery.grid.visualRect
        tops = [rect(gallery.grid.model().index(each, 0)).top() for each in range(40)]
        assert tops.count(tops[0]) == gallery.grid.columns, width


def test_image_selected_by_keys_is_visible(gallery: ImageGallery) -> None:
    show(gallery, 1000)
    press(gallery, Qt.Key.Key_End)
    grid = gallery.grid
    rect = grid.visualRect(grid.model().index(999, 0))
    assert grid.viewport().rect().contains(rect)
    assert gallery.count.text() == "1,000 of 1,000"


def test_only_visible_images_of_ten_thousand_are_created(gallery: ImageGallery) -> None:
    pictures = show(gallery, 10_000)
    picture(gallery)
    assert 8 <= len(set(pictures.made)) < 60

    bar = gallery.grid.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    picture(gallery)

    assert max(pictures.made) > 4000
    assert len(set(pictures.made)) < 120
    # Seen images are not created again.
    picture(gallery)
    assert len(pictures.made) == len(set(pictures.made))


def test_pixels_are_whole_and_sharp(gallery: ImageGallery) -> None:
    show(gallery, 5)
    painted = picture(gallery)
    middle = cell(gallery, 1)
    top = next(y for y in range(middle.y()) if painted.pixelColor(middle.x(), y) == color(1))
    tile = gallery.grid.sizes[gallery.grid.size_index]
    row = [painted.pixelColor(x, top + 20) for x in range(painted.width())]
    assert row.count(color(1)) == tile == 3 * SIDE
    left = row.index(color(1))
    corner = [painted.pixelColor(left + x, top) for x in range(5)]
    assert corner[:3] == [QColor("white")] * 3
    assert corner[3] == corner[4] == color(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_right_and_wrong_differ_in_color_and_shape(
    gallery: ImageGallery, scheme: str, scheme_reset: None, qtbot: QtBot
) -> None:
    color_scheme.apply(scheme)
    qtbot.waitUntil(
        lambda: (chart_palette(gallery.palette()).ground.lightness() < 128) == (scheme == "dark")
    )
    show(gallery, 5)
    colors = chart_palette(gallery.palette())
    right, wrong = marks(gallery, 3, colors.training), marks(gallery, 4, colors.validation)
    assert min(len(right), len(wrong)) > 8
    assert not marks(gallery, 3, colors.validation)
    assert not marks(gallery, 4, colors.training)
    assert {y for _x, y in right} != {y for _x, y in wrong}


def marks(gallery: ImageGallery, position: int, expected: QColor) -> list[tuple[int, int]]:
    """Positions of a color in the lower part of a cell."""
    rect = gallery.grid.visualRect(gallery.grid.model().index(position, 0))
    part = picture(gallery).copy(rect.adjusted(0, rect.height() - 24, 0, 0))
    places = ((x, y) for x in range(part.width()) for y in range(part.height()))
    return [place for place in places if part.pixelColor(*place) == expected]


def test_slider_keys_and_wheel_change_the_size(gallery: ImageGallery) -> None:
    show(gallery, 300)
    gallery.select(200)
    grid, usual = gallery.grid, gallery.grid.gridSize().height()
    assert [each / SIDE for each in grid.sizes] == [3, 4, 5, 6, 7, 8]

    turn(gallery, 60)
    assert gallery.zoom.value() == 0  # Half a notch.
    turn(gallery, 60)
    assert gallery.zoom.value() == 1
    assert grid.gridSize().height() == usual + SIDE
    assert grid.viewport().rect().intersects(grid.visualRect(grid.currentIndex()))

    QTest.keyClick(grid, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert gallery.zoom.value() == 0
    gallery.zoom.setValue(5)
    assert grid.gridSize().height() == usual + 5 * SIDE
    turn(gallery, -1200)
    assert gallery.zoom.value() == 0
    QTest.keyClick(grid, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert gallery.zoom.value() == 1


def test_tab_goes_through_images_and_slider_both_ways(
    window: QWidget, gallery: ImageGallery
) -> None:
    field = QLineEdit(window)
    field.show()
    show(gallery, 30)
    window.activateWindow()
    field.setFocus()

    ways = (gallery.grid, gallery.classes, gallery.zoom, gallery.detail.classify)
    for key, places in (
        (Qt.Key.Key_Tab, (*ways, field)),
        (Qt.Key.Key_Backtab, (*reversed(ways), field)),
    ):
        for each in places:
            QTest.keyClick(window.focusWidget(), key)
            assert each.hasFocus()


def test_an_image_is_copied_pixel_by_pixel_and_its_name(gallery: ImageGallery) -> None:
    show(gallery, 10)
    gallery.select(7)
    gallery.grid.setFocus()
    QTest.keyClick(gallery.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().image()
    assert (copied.width(), copied.height()) == (SIDE, SIDE)
    assert copied.pixelColor(9, 9) == color(7)

    gallery.grid.menu.actions()[1].trigger()

    assert QGuiApplication.clipboard().text() == "test/cat/7.png"


def test_assistive_technology_reads_every_image(gallery: ImageGallery) -> None:
    show(gallery, 3)
    grid = QAccessible.queryAccessibleInterface(gallery.grid)
    assert grid.text(QAccessible.Text.Name) == "Mistakes"
    names = [grid.child(each).text(QAccessible.Text.Name) for each in range(grid.childCount())]
    assert names[:3] == [
        "cat, classified correctly: cat 99 %",
        *["cat, misclassified as dog 99 %"] * 2,
    ]
    assert gallery.zoom.accessibleName() == "Image size"


def test_without_images_there_is_a_message(gallery: ImageGallery) -> None:
    show(gallery, 0)
    assert gallery.empty.isVisible()
    assert gallery.empty.text() == "No mistakes at all."
    assert gallery.heading.isVisible()
    assert not gallery.count.isVisible()
    assert gallery.position == -1

    gallery.show_source(None, heading="", empty="")
    assert not gallery.heading.isVisible()

    show(gallery, 2)
    assert gallery.grid.isVisible()
    assert gallery.count.text() == "1 of 2"


@pytest.mark.parametrize("size", [(350, 300), (420, 700), (700, 400), (990, 790)])
def test_images_and_detail_both_have_space(gallery: ImageGallery, size: tuple[int, int]) -> None:
    gallery.resize(*size)
    show(gallery, 500)
    assert gallery.size().toTuple() == size
    grid, detail = gallery.grid, gallery.detail
    assert grid.viewport().height() > 96
    assert grid.width() > 200
    assert sum(bar.isVisible() for bar in detail.bars) == 3
    assert detail.name.mapTo(gallery, detail.name.rect().bottomLeft()).y() < size[1]
