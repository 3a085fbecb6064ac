"""The class metrics table: order, bars, activation."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.evaluation.widgets.class_metrics import ClassMetrics, ClassMetricsView
from cifar_desktop.evaluation.widgets.class_metrics_model import NONE
from cifar_desktop.ui.chart_palette import chart_palette

SCORES = (
    ClassMetrics(name="class 10", images=1000, recall=0.5, precision=None),
    ClassMetrics(name="class 2", images=30, recall=1.0, precision=0.25),
    ClassMetrics(name="empty", images=0, recall=None, precision=0.9996),
    ClassMetrics(name="worst", images=20, recall=0.0, precision=0.75),
)
NAMES = [score.name for score in SCORES]


@pytest.fixture
def scores(qtbot: QtBot) -> Iterator[ClassMetricsView]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    scores = ClassMetricsView(window)
    scores.resize(700, 400)
    scores.show_metrics(SCORES)
    window.show()
    qtbot.waitExposed(window)
    yield scores
    window.close()


@pytest.fixture
def chosen(scores: ClassMetricsView) -> list[int]:
    places: list[int] = []
    scores.class_chosen.connect(places.append)
    return places


def column(scores: ClassMetricsView, number: int) -> list[str]:
    model = scores.table.model()
    return [str(model.index(row, number).data()).strip() for row in range(model.rowCount())]


def click_heading(scores: ClassMetricsView, number: int) -> None:
    header = scores.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(number) + 10, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_initial_order_is_that_of_the_classes(scores: ClassMetricsView) -> None:
    assert column(scores, 0) == NAMES
    assert column(scores, 1) == ["1,000", "30", "0", "20"]
    assert column(scores, 2) == ["50.0 %", "100 %", NONE, "0 %"]
    assert column(scores, 3) == [NONE, "25.0 %", "> 99.9 %", "75.0 %"]


@pytest.mark.parametrize(
    ("number", "rising", "falling"),
    [
        (0, [1, 0, 2, 3], [3, 2, 0, 1]),
        (1, [2, 3, 1, 0], [0, 1, 3, 2]),
        (2, [3, 0, 1, 2], [1, 0, 3, 2]),
        (3, [1, 3, 2, 0], [2, 3, 1, 0]),
    ],
)
def test_headings_sort_reverse_and_restore_the_order(
    scores: ClassMetricsView, number: int, rising: list[int], falling: list[int]
) -> None:
    for order in (rising, falling, [0, 1, 2, 3]):
        click_heading(scores, number)
        assert column(scores, 0) == [NAMES[place] for place in order]


def test_keys_sort_by_the_context_menu(scores: ClassMetricsView) -> None:
    actions = {action.text().replace("&", ""): action for action in scores.table.actions()}
    actions["Sort by recall"].trigger()
    assert column(scores, 0)[0] == "worst"
    actions["Sort by recall"].trigger()
    assert column(scores, 0)[0] == "class 2"
    actions["Original order"].trigger()
    assert column(scores, 0) == NAMES


def test_enter_space_and_a_double_click_choose_the_class_whatever_the_order(
    scores: ClassMetricsView, chosen: list[int]
) -> None:
    click_heading(scores, 2)
    table, keys = scores.table, Qt.Key
    table.setCurrentIndex(table.model().index(0, 0))
    QTest.keyClick(table, keys.Key_Down)
    QTest.keyClick(table, keys.Key_Return)
    QTest.keyClick(table, keys.Key_Down)
    QTest.keyClick(table, keys.Key_Space)
    place = table.visualRect(table.model().index(0, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen == [0, 1]

    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert chosen == [0, 1, 3]


def test_the_current_class_stays_when_order_or_metrics_change(
    scores: ClassMetricsView,
) -> None:
    table = scores.table
    table.setCurrentIndex(table.model().index(3, 0))
    click_heading(scores, 2)
    assert table.currentIndex().row() == 0

    scores.show_metrics(SCORES[1:])

    assert table.currentIndex().data() == "worst"
    assert column(scores, 2) == ["0 %", "100 %", NONE]

    scores.show_metrics(SCORES[:2])
    assert not table.currentIndex().isValid()


def test_cells_name_their_class_for_assistive_technology(scores: ClassMetricsView) -> None:
    model, role = scores.table.model(), Qt.ItemDataRole.AccessibleTextRole
    assert model.index(0, 2).data(role) == "class 10: recall 50.0 %"
    assert model.index(0, 3).data(role) == "class 10: This class was never predicted."
    assert model.index(1, 1).data(role) == "class 2: images 30"


def area(picture: QImage, expected: QColor) -> int:
    across = range(picture.width())
    line = picture.height() // 2
    return sum(picture.pixelColor(x, line) == expected for x in across)


def test_bars_are_as_long_as_the_shares(scores: ClassMetricsView) -> None:
    table = scores.table
    picture, blue = table.viewport().grab().toImage(), chart_palette(table.palette()).training
    lengths = [
        area(picture.copy(table.visualRect(table.model().index(row, 2))), blue) for row in range(4)
    ]
    assert lengths[1] > 50
    assert lengths[0] == pytest.approx(lengths[1] / 2, abs=2)
    assert lengths[2:] == [0, 0]


def test_tab_selects_a_row(scores: ClassMetricsView) -> None:
    scores.window().activateWindow()
    scores.table.clearFocus()
    scores.setFocus(Qt.FocusReason.TabFocusReason)
    assert scores.table.hasFocus()
    assert scores.table.selectionModel().isRowSelected(0)


@pytest.mark.parametrize("width", [240, 300, 500, 850])
def test_columns_share_the_width(scores: ClassMetricsView, width: int) -> None:
    scores.resize(width, 300)
    table = scores.table
    assert all(table.columnWidth(each) >= 60 for each in range(4))
    fits = sum(table.columnWidth(each) for each in range(4)) <= table.viewport().width()
    assert fits == (width > 400)


def test_saved_table_shows_all_rows_in_order(scores: ClassMetricsView) -> None:
    many = [replace(SCORES[0], name=f"class {number}", recall=number / 60) for number in range(60)]
    scores.show_metrics(many)
    click_heading(scores, 2)
    click_heading(scores, 2)
    whole = scores.unscrolled()
    picture = QImage(whole.size(), QImage.Format.Format_RGB32)
    whole.render(picture)

    table = whole.table
    assert table.height() > scores.height()
    assert column(whole, 0)[0] == "class 59"
    assert table.viewport().rect().contains(table.visualRect(table.model().index(59, 3)))
    best = table.visualRect(table.model().index(0, 2))
    best.moveTopLeft(table.viewport().mapTo(whole, best.topLeft()))
    assert area(picture.copy(best), chart_palette(table.palette()).training) > 50
    whole.deleteLater()


def test_long_names_get_the_space_that_bars_can_spare(scores: ClassMetricsView) -> None:
    before = scores.table.columnWidth(0)
    scores.show_metrics([replace(SCORES[0], name="a long name of a species that is rarely seen")])
    name, images, accuracy, precision = map(scores.table.columnWidth, range(4))
    assert name > before
    assert name + images + accuracy + precision <= scores.table.viewport().width()
    assert accuracy == precision > 100
