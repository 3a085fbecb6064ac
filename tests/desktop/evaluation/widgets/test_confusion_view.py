"""The heat map of a confusion matrix: texts, navigation, painting."""

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.common import color_scheme
from cifar_desktop.evaluation.widgets.confusion_model import LEVELS
from cifar_desktop.evaluation.widgets.confusion_painting import Shades
from cifar_desktop.evaluation.widgets.confusion_view import ConfusionView
from cifar_desktop.look.colors import contrast
from cifar_desktop.look.roles import roles
from tests.desktop.vectors import SVG, vectors

CLASSES = ("cat", "dog", "frog")
COUNTS = ((885, 57, 58), (20, 980, 0), (0, 0, 0))


@pytest.fixture
def view(window: QWidget) -> ConfusionView:
    view = ConfusionView(window)
    view.resize(700, 500)
    view.show()
    view.show_matrix(CLASSES, COUNTS)
    return view


@pytest.fixture
def chosen(view: ConfusionView) -> list[tuple[int, int]]:
    cells: list[tuple[int, int]] = []
    view.cell_chosen.connect(lambda row, column: cells.append((row, column)))
    return cells


def many(classes: int) -> tuple[list[str], list[list[int]]]:
    names = [f"a rather long name of class {number}" for number in range(classes)]
    places = range(classes)
    return names, [[70 if row == column else 1 for column in places] for row in places]


def place(view: ConfusionView, row: int, column: int) -> QPoint:
    return view.table.visualRect(view.table.model().index(row, column)).center()


def hover(view: ConfusionView, row: int, column: int) -> None:
    QTest.mouseMove(view.table.viewport(), place(view, row, column))


def corner(view: ConfusionView, row: int, column: int) -> QColor:
    """The fill color of a cell, beside its count."""
    rect = view.table.visualRect(view.table.model().index(row, column))
    picture = view.table.viewport().grab().toImage()
    return picture.pixelColor(rect.topLeft() + QPoint(6, 6))


def said(view: ConfusionView, row: int, column: int) -> str:
    role = Qt.ItemDataRole.AccessibleTextRole
    return str(view.table.model().data(view.table.model().index(row, column), role))


def test_cells_are_described_in_words(view: ConfusionView) -> None:
    assert said(view, 0, 1) == "cat classified as dog: 57 images, 5.7 % of the 1,000 images of cat"
    assert (
        said(view, 1, 1)
        == "dog classified correctly: 980 images, 98.0 % of the 1,000 images of dog"
    )
    assert said(view, 1, 2) == "dog was never classified as frog."
    assert said(view, 2, 0) == "There are no frog images."


def test_assistive_technology_finds_a_table_with_names_and_sentences(view: ConfusionView) -> None:
    table = QAccessible.queryAccessibleInterface(view.table)
    assert table.role() == QAccessible.Role.Table
    words = [table.child(each).text(QAccessible.Text.Name) for each in range(table.childCount())]
    assert [word for word in words if word in CLASSES] == ["cat", "dog", "frog"] * 2
    for row in range(3):
        for column in range(3):
            assert said(view, row, column) in words
    assert "1,865 of 2,000 images classified correctly" in view.table.accessibleDescription()
    assert "cat classified as frog: 58 images" in view.table.accessibleDescription()


def test_a_click_chooses_exactly_its_cell(
    view: ConfusionView, chosen: list[tuple[int, int]]
) -> None:
    for row in range(3):
        for column in range(3):
            button = Qt.MouseButton.LeftButton
            QTest.mouseClick(view.table.viewport(), button, pos=place(view, row, column))
    assert chosen == [(row, column) for row in range(3) for column in range(3)]

    QTest.mouseClick(view.table.viewport(), Qt.MouseButton.RightButton, pos=place(view, 0, 0))
    assert len(chosen) == 9


def test_dragging_chooses_no_further_cells(
    view: ConfusionView, chosen: list[tuple[int, int]]
) -> None:
    cells, button = view.table.viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(cells, button, pos=place(view, 0, 0))
    QTest.mouseMove(cells, place(view, 1, 1))
    QTest.mouseRelease(cells, button, pos=place(view, 1, 1))

    assert chosen == [(0, 0)]
    assert view.table.currentIndex() == view.table.model().index(0, 0)


def test_keys_move_between_cells_and_choose(
    view: ConfusionView, chosen: list[tuple[int, int]]
) -> None:
    view.select(0, 0)
    keys = Qt.Key
    for key in (keys.Key_Right, keys.Key_Down, keys.Key_End, keys.Key_Home, keys.Key_Left):
        QTest.keyClick(view.table, key)
    assert chosen == [(0, 1), (1, 1), (1, 2), (1, 0)]

    for key in (keys.Key_Return, keys.Key_Space):
        QTest.keyClick(view.table, key)
    assert chosen[4:] == [(1, 0), (1, 0)]

    QTest.keyClick(view.table, keys.Key_5)
    assert len(chosen) == 6


def test_tab_enters_and_leaves(window: QWidget, view: ConfusionView) -> None:
    window.activateWindow()
    view.clear_selection()
    view.table.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.table.hasFocus()
    assert view.table.selectedIndexes() == [view.table.model().index(0, 0)]

    QTest.keyClick(view.table, Qt.Key.Key_Tab)

    assert view.table.currentIndex() == view.table.model().index(0, 0)


def test_selecting_by_program_emits_nothing(
    view: ConfusionView, chosen: list[tuple[int, int]]
) -> None:
    view.select(0, 1)
    assert view.reading.text() == said(view, 0, 1)
    assert view.table.selectedIndexes() == [view.table.model().index(0, 1)]

    view.clear_selection()

    assert view.table.selectedIndexes() == []
    assert "Choose a cell" in view.reading.text()
    assert chosen == []


def test_hovering_describes_a_cell_and_marks_its_row_and_column(
    view: ConfusionView,
) -> None:
    view.select(1, 1)
    before = view.table.viewport().grab().toImage()

    hover(view, 0, 2)

    after = view.table.viewport().grab().toImage()
    assert view.reading.text() == said(view, 0, 2)
    for row in range(3):
        for column in range(3):
            rect = view.table.visualRect(view.table.model().index(row, column))
            changed = before.copy(rect) != after.copy(rect)
            assert changed == (row == 0 or column == 2), (row, column)

    QApplication.sendEvent(view.table, QEvent(QEvent.Type.Leave))
    assert view.reading.text() == said(view, 1, 1)
    assert view.table.viewport().grab().toImage() == before


def test_keys_clear_the_hover_marks(view: ConfusionView) -> None:
    view.select(1, 1)
    before = view.table.viewport().grab().toImage()
    hover(view, 0, 2)

    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(view.table, key)

    assert view.reading.text() == said(view, 1, 1)
    assert view.table.viewport().grab().toImage() == before
    hover(view, 0, 1)
    assert view.reading.text() == said(view, 0, 1)


def test_another_matrix_of_the_same_classes_keeps_the_current_cell(view: ConfusionView) -> None:
    view.select(0, 1)
    view.show_matrix(CLASSES, ((900, 1, 99), *COUNTS[1:]))
    assert view.reading.text() == "cat classified as dog: 1 image, 0.1 % of the 1,000 images of cat"

    view.show_matrix(("a", "b"), ((1, 0), (0, 1)))
    assert not view.table.currentIndex().isValid()


def test_without_a_matrix_there_is_a_message(view: ConfusionView) -> None:
    view.show_matrix((), ())
    assert not view.table.isVisible()
    assert view.reading.text() == "No images yet."


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_mistakes_are_visible_beside_the_diagonal_and_zeros_are_faint(
    view: ConfusionView, scheme: str, scheme_reset: None, qtbot: QtBot
) -> None:
    color_scheme.apply(scheme)
    qtbot.waitUntil(lambda: roles(view.palette()).dark == (scheme == "dark"))
    right, wrong, empty = corner(view, 1, 1), corner(view, 0, 1), corner(view, 1, 2)
    assert right.blue() > right.red() + 60
    assert wrong.red() > wrong.blue() + 40
    assert max(empty.getRgb()[:3]) - min(empty.getRgb()[:3]) < 8  # type: ignore[index]
    ground = roles(view.palette()).raised
    assert contrast(empty, ground) < 1.2
    for names in (view.table.horizontalHeader(), view.table.verticalHeader()):
        assert names.grab().toImage().pixelColor(1, 1) == ground
    assert view.grab().toImage().pixelColor(view.table.pos() + QPoint(15, 15)) == ground


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_count_is_readable_on_its_color(
    view: ConfusionView, scheme: str, scheme_reset: None
) -> None:
    color_scheme.apply(scheme)
    shades = Shades(view.palette())
    for level in range(LEVELS):
        for right in (True, False):
            shade = shades.shade(level, right=right)
            assert contrast(shade.text, shade.fill) >= 4.5


def test_more_frequent_mistakes_are_stronger(view: ConfusionView) -> None:
    few, many_ = corner(view, 1, 0), corner(view, 0, 1)
    ground = roles(view.palette()).raised
    assert contrast(many_, ground) > contrast(few, ground) > 1.2


def test_a_hundred_classes_scroll_below_fixed_names(view: ConfusionView) -> None:
    view.show_matrix(*many(100))
    table = view.table
    assert table.rowHeight(0) >= table.fontMetrics().height()
    assert table.horizontalScrollBar().maximum() > 0

    view.select(99, 99)

    cells = table.viewport().rect()
    assert cells.contains(table.visualRect(table.model().index(99, 99)))
    assert table.horizontalHeader().height() > 4 * table.fontMetrics().height()
    assert table.verticalHeader().width() > 100


def test_two_classes_fill_the_space_without_scrolling(view: ConfusionView) -> None:
    view.show_matrix(("no", "yes"), ((5, 1), (2, 7)))
    table = view.table
    assert table.horizontalScrollBar().maximum() == table.verticalScrollBar().maximum() == 0
    assert table.columnWidth(0) > 100


@pytest.mark.parametrize("size", [(240, 192), (380, 300), (700, 500), (990, 790)])
@pytest.mark.parametrize("classes", [2, 10, 37])
def test_the_matrix_stays_inside_its_area(
    view: ConfusionView, size: tuple[int, int], classes: int
) -> None:
    view.show_matrix(*many(classes))
    view.resize(*size)
    stage = view.table.parentWidget()
    assert stage is not None
    assert stage.rect().contains(view.table.geometry())
    metrics = view.table.fontMetrics()
    assert view.table.columnWidth(0) > metrics.horizontalAdvance("70")


class PaintedArea(QObject):
    """Adds up the painted area of a widget, in pixels."""

    total = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            rects = iter(event.region())  # type: ignore[call-overload]
            self.total += sum(rect.width() * rect.height() for rect in rects)
        return False


def test_hovering_repaints_two_bands_and_not_all_cells(
    view: ConfusionView, window: QWidget, qtbot: QtBot
) -> None:
    view.resize(1000, 800)
    view.show_matrix(*many(100))
    cells = view.table.viewport()
    hover(view, 3, 3)
    cells.grab()
    QApplication.processEvents()
    painted = PaintedArea()
    cells.installEventFilter(painted)

    hover(view, 5, 9)
    qtbot.waitUntil(lambda: painted.total > 0)
    QApplication.processEvents()

    bands = 2 * (
        cells.width() * view.table.rowHeight(0) + cells.height() * view.table.columnWidth(0)
    )
    assert painted.total <= bands < cells.width() * cells.height() / 3


def test_vector_picture_has_every_name_and_count_of_a_large_matrix(
    view: ConfusionView,
) -> None:
    view.show_matrix(*many(30))
    whole = view.unscrolled()
    root = vectors(whole)
    texts = ["".join(each.itertext()).strip() for each in root.iter(f"{SVG}text")]
    assert not list(root.iter(f"{SVG}image"))
    assert texts.count("70") == 30
    assert texts.count("1") == 870
    assert "True class" in texts
    assert sum(text.endswith(" 29") for text in texts) == 2
    whole.deleteLater()


def test_low_view_is_saved_whole_with_its_legend(view: ConfusionView) -> None:
    names, counts = many(12)
    view.resize(500, 250)
    view.show_matrix(names, counts)
    QApplication.processEvents()
    assert not view._legend.isVisible()

    whole = view.unscrolled()

    assert not whole._legend.isHidden()
    assert whole.table.whole_size().height() <= whole._stage.height()
    whole.deleteLater()


def test_it_is_sharp_on_a_high_resolution_screen(view: ConfusionView) -> None:
    view.show_matrix(CLASSES, COUNTS)
    picture = QImage(view.size() * 2, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(2)
    view.render(picture)
    rect = view.table.visualRect(view.table.model().index(1, 1))
    origin = view.table.viewport().mapTo(view, rect.topLeft()) * 2
    left = [picture.pixelColor(origin + QPoint(x, 12)) for x in range(6)]
    assert left[0] == left[1]
    assert left[2] == left[3] == left[4] == left[5]
    assert left[1] != left[2]
