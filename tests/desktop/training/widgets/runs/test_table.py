from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.look.roles import roles
from cifar_desktop.training.widgets.runs.cells import RunCells
from cifar_desktop.training.widgets.runs.columns import (
    COMPARE,
    EPOCHS,
    NAME,
    STARTED,
    STATE,
    TITLES,
    RunRow,
)
from cifar_desktop.training.widgets.runs.table import RunsTable
from cifar_desktop.ui.chart_palette import chart_palette
from tests.desktop.recorded_actions import RecordedActions

_FALLING, _RISING = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder


def _rows(count: int = 3) -> list[RunRow]:
    return [
        RunRow(key=f"k{number}", name=f"run {number}", began=float(number), state="Finished")
        for number in range(1, count + 1)
    ]


@pytest.fixture
def recorded() -> RecordedActions:
    return RecordedActions()


@pytest.fixture
def table(qtbot: QtBot, recorded: RecordedActions) -> Iterator[RunsTable]:
    # A window of its own would tell the system about its smallest size, which it cannot hear here.
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1500, 320)
    widget = RunsTable(recorded.actions, window)
    widget.resize(800, 300)
    window.show()
    qtbot.waitExposed(window)
    yield widget
    window.close()


def _column(table: RunsTable, column: int = NAME) -> list[str]:
    model = table.view.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def _click(table: RunsTable, row: int, column: int) -> None:
    rect = table.view.visualRect(table.view.model().index(row, column))
    QTest.mouseClick(
        table.view.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        rect.center(),
    )


def _button(table: RunsTable, text: str) -> QPushButton:
    return next(each for each in table.buttons.buttons if each.accessibleName() == text)


def _action(table: RunsTable, text: str) -> QAction:
    return next(each for each in table.view.actions() if each.text().replace("&", "") == text)


def _heard(signal: Any) -> list[Any]:
    heard: list[Any] = []
    signal.connect(lambda *values: heard.append(values[0] if len(values) == 1 else values))
    return heard


def test_without_runs_there_is_a_sentence(table: RunsTable) -> None:
    assert table.empty.isVisible()
    assert not table.view.isVisible()

    table.show_rows(_rows())

    assert table.view.isVisible()
    table.show_rows([])
    assert table.empty.isVisible()


def test_newest_run_comes_first(table: RunsTable) -> None:
    table.show_rows(_rows())

    assert _column(table) == ["run 3", "run 2", "run 1"]


def test_names_are_sorted_as_people_count(table: RunsTable) -> None:
    table.show_rows(_rows(11))

    table.view.sortByColumn(NAME, _RISING)

    assert _column(table)[:3] == ["run 1", "run 2", "run 3"]
    assert _column(table)[-1] == "run 11"


@pytest.mark.parametrize("title", ["Validation", "Test", "Duration", "Epochs"])
def test_numbers_are_sorted_as_numbers_and_missing_ones_come_last(
    title: str, table: RunsTable
) -> None:
    first, second, third = _rows()
    table.show_rows(
        [
            replace(
                row,
                validation=f"{value} %",
                validation_value=value,
                test=f"{value} %",
                test_value=value,
                duration=f"{value} s",
                seconds=value,
                epochs=f"{value:.0f} of 100",
            )
            for row, value in ((first, 9.0), (second, 80.0))
        ]
        + [third]
    )

    table.view.sortByColumn(TITLES.index(title), _FALLING)
    falling = _column(table)
    table.view.sortByColumn(TITLES.index(title), _RISING)

    assert falling == ["run 2", "run 1", "run 3"]
    assert _column(table) == ["run 1", "run 2", "run 3"]


def test_selected_run_is_reported_and_kept(table: RunsTable) -> None:
    reported = _heard(table.selected)
    table.show_rows(_rows())
    _click(table, 1, NAME)
    assert reported == ["k2"]

    table.show_rows([*_rows(), RunRow(key="new", name="new", began=9.0)])

    assert _column(table)[0] == "new"
    assert (table.key, reported) == ("k2", ["k2"])
    table.select("nowhere")
    assert reported == ["k2", ""]


def test_deleted_run_is_no_longer_selected(table: RunsTable) -> None:
    table.show_rows(_rows(1))
    table.select("k1")
    reported = _heard(table.selected)

    table.show_rows([])

    assert (table.key, reported) == ("", [""])


def test_update_touches_only_what_differs(table: RunsTable, qtbot: QtBot) -> None:
    rows = _rows(500)
    table.show_rows(rows)
    changed: list[tuple[int, int, int]] = []
    table.view.model().dataChanged.connect(
        lambda top, end: changed.append((top.row(), top.column(), end.column()))
    )
    reset = _heard(table.view.model().modelReset)

    table.show_rows([replace(rows[0], epochs="2 of 8"), *rows[1:]])

    assert changed == [(499, EPOCHS, EPOCHS)]
    assert reset == []


def test_place_is_kept_while_runs_come_and_go(table: RunsTable) -> None:
    rows = _rows(100)
    table.show_rows(rows)
    table.view.scrollTo(table.view.model().index(60, NAME))
    top = table.view.indexAt(QPoint(0, 0)).data()
    first = table.view.model().index(table.view.rowAt(0), NAME).data()
    assert top == ""  # the boxes have no text

    table.show_rows([*rows, RunRow(key="new", name="new", began=999.0)])

    assert table.view.model().index(table.view.rowAt(0), NAME).data() == first


def test_boxes_choose_what_is_compared(table: RunsTable) -> None:
    reported = _heard(table.compared)
    table.show_rows(_rows())

    _click(table, 0, COMPARE)
    _click(table, 2, COMPARE)
    table.show_rows([replace(row, epochs="3 of 8") for row in _rows()])

    assert reported == [["k3"], ["k3", "k1"]]
    assert table.compare.isChecked()
    QTest.keyClick(table.view, Qt.Key.Key_Space)
    assert reported[-1] == ["k3"]
    table.show_rows(_rows()[:1])
    assert reported[-1] == []


def test_name_is_typed_while_the_run_goes_on(
    table: RunsTable, recorded: RecordedActions, qtbot: QtBot
) -> None:
    table.show_rows(_rows())
    table.select("k2")
    table.view.setFocus()
    QTest.keyClick(table.view, Qt.Key.Key_F2)
    editor = table.view.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.clear()
    QTest.keyClicks(editor, "better  na")

    table.show_rows([replace(row, epochs="3 of 8", active=True) for row in _rows()])
    QTest.keyClicks(editor, "me ")
    QTest.keyClick(editor, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: table.view.findChild(QLineEdit) is None)
    assert recorded.calls == [("rename", Path("k2"), "better name")]


@pytest.mark.parametrize("typed", ["", "   ", "run 2"])
def test_name_that_says_nothing_new_is_ignored(
    typed: str, table: RunsTable, recorded: RecordedActions, qtbot: QtBot
) -> None:
    table.show_rows(_rows())
    table.select("k2")
    table.rename.trigger()
    editor = table.view.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)

    editor.setText(typed)
    QTest.keyClick(editor, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: table.view.findChild(QLineEdit) is None)
    assert recorded.calls == []


def test_delete_key_and_the_key_while_typing(
    table: RunsTable, recorded: RecordedActions, qtbot: QtBot
) -> None:
    table.show_rows(_rows())
    table.select("k2")
    table.rename.trigger()
    editor = table.view.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert recorded.calls == []

    table.view.setFocus()
    QTest.keyClick(table.view, Qt.Key.Key_Delete)

    assert recorded.calls == [("delete", Path("k2"))]
    qtbot.waitUntil(lambda: table.view.findChild(QLineEdit) is None)


_COMMANDS: list[tuple[str, str, dict[str, bool]]] = [
    ("Resume", "resume", {"resumable": True}),
    ("Stop", "stop", {"active": True}),
    ("Use in Classify", "use_network", {"usable": True}),
    ("Evaluate", "evaluate", {"usable": True}),
    ("Delete…", "delete", {"deletable": True}),
]


@pytest.mark.parametrize(("label", "name", "flag"), _COMMANDS)
def test_command_is_offered_where_it_makes_sense(
    label: str, name: str, flag: dict[str, bool], table: RunsTable, recorded: RecordedActions
) -> None:
    table.resize(1200, 300)
    [without] = [replace(row, deletable=False) for row in _rows(1)]
    table.show_rows([without])
    table.select("k1")
    action = _action(table, label)
    assert not action.isEnabled()

    table.show_rows([replace(without, **flag)])  # type: ignore[arg-type]

    assert action.isVisible()
    assert action in table.view.actions()  # which are the context menu
    action.trigger()
    assert recorded.calls == [(name, Path("k1"))]


@pytest.mark.parametrize(
    ("label", "name"),
    [("Open folder", "open_folder"), ("New run with these settings", "duplicate")],
)
def test_command_for_any_run(
    label: str, name: str, table: RunsTable, recorded: RecordedActions
) -> None:
    table.resize(1200, 300)
    table.show_rows(_rows(1))
    assert not _button(table, label).isEnabled()

    table.select("k1")
    QTest.mouseClick(_button(table, label), Qt.MouseButton.LeftButton)

    assert recorded.calls == [(name, Path("k1"))]


def test_buttons_without_room_are_in_the_menu(table: RunsTable) -> None:
    table.show_rows(_rows())
    table.resize(1400, 300)
    shown = [each.accessibleName() for each in table.buttons.buttons if each.isVisible()]
    assert shown == ["Compare", "New run with these settings", "Open folder"]

    table.resize(400, 300)
    table.buttons.menu.aboutToShow.emit()

    some = [each.accessibleName() for each in table.buttons.buttons if each.isVisible()]
    rest = [
        action.text().replace("&", "")
        for action in table.buttons.menu.actions()
        if not action.isSeparator() and not action.menu()
    ]
    assert some + rest == [*shown, "Rename", "Delete…"]
    assert len(some) < len(shown)
    assert table.buttons.more.mapTo(table, table.buttons.more.rect().topRight()).x() < 400
    assert table.minimumSizeHint().width() <= 400


def test_columns_are_hidden_and_remembered(
    table: RunsTable, recorded: RecordedActions, qtbot: QtBot
) -> None:
    table.show_rows(_rows())
    device, recipe = TITLES.index("Device"), TITLES.index("Recipe")
    assert table.view.isColumnHidden(device)
    for title in ("Device", "Recipe"):
        next(each for each in table.view.columns_menu.actions() if each.text() == title).trigger()
    assert table.view.isColumnHidden(recipe)
    assert not table.view.isColumnHidden(device)

    other = RunsTable(recorded.actions)
    qtbot.addWidget(other)
    other.view.restore_layout(table.view.layout_state())

    assert other.view.isColumnHidden(recipe)
    assert not other.view.isColumnHidden(device)
    assert not other.view.columns_menu.actions()[recipe - NAME - 1].isChecked()


def test_menu_sorts_without_a_mouse(table: RunsTable) -> None:
    table.show_rows(_rows())
    begun = table.sort_menu.actions()[STARTED]

    begun.trigger()

    assert _column(table) == ["run 1", "run 2", "run 3"]
    begun.trigger()
    assert _column(table) == ["run 3", "run 2", "run 1"]


def test_running_run_shows_its_progress_and_a_compared_one_its_color(table: RunsTable) -> None:
    first, second = _rows(2)
    table.show_rows([replace(first, active=True, icon="", fraction=0.5), second])
    table.select("k2")
    table.set_checked(["k1"])

    image = table.view.viewport().grab().toImage()

    mark, color = roles(table.palette()).mark, chart_palette(table.palette()).other(0)
    row = _column(table).index("run 1")
    state = table.view.visualRect(table.view.model().index(row, STATE))
    assert 0.7 < _halves(image, state, mark) < 1.3
    box = table.view.visualRect(table.view.model().index(row, COMPARE))
    middle = [image.pixelColor(x, box.center().y() - 6) for x in range(box.left(), box.right())]
    assert middle.count(color) > 10
    assert _amount(image, state, mark) > 1.7 * _amount(_progress(table, 0.25), state, mark)


def _halves(image: QImage, cell: QRect, color: QColor) -> float:
    """How much more of a color there is in the upper half of a cell than in the lower half."""
    middle = cell.height() // 2
    upper, lower = cell.adjusted(0, 0, 0, -middle), cell.adjusted(0, middle, 0, 0)
    return _amount(image, upper, color) / _amount(image, lower, color)


def _amount(image: QImage, place: QRect, color: QColor) -> int:
    points = (
        image.pixelColor(x, y)
        for x in range(place.left(), place.left() + 40)
        for y in range(place.top(), place.bottom())
    )
    return sum(point == color for point in points)


def _progress(table: RunsTable, fraction: float) -> QImage:
    first, second = _rows(2)
    table.show_rows([replace(first, active=True, icon="", fraction=fraction), second])
    return table.view.viewport().grab().toImage()


def test_selected_row_is_tinted_to_the_end_of_the_table(table: RunsTable) -> None:
    table.resize(1490, 300)
    table.show_rows(_rows())
    table.select("k2")

    image = table.view.viewport().grab().toImage()

    row, tint = table.view.visualRect(table.view.currentIndex()), roles(table.palette()).tint
    assert table.view.horizontalHeader().length() < image.width() - 20
    assert image.pixelColor(image.width() - 10, row.center().y()) == tint
    assert image.pixelColor(image.width() - 10, row.bottom() + 10) != tint


def test_best_numbers_and_states_are_set_off(table: RunsTable) -> None:
    first, second = _rows(2)
    table.show_rows([
        replace(first, validation="71 %", validation_value=0.71),
        replace(second, validation="82 %", validation_value=0.82, icon="success", tone="success"),
    ])  # fmt: skip
    model, delegate = table.view.model(), table.view.itemDelegate()
    assert isinstance(delegate, RunCells)
    column = TITLES.index("Validation")

    def painted(row: int, column: int) -> QStyleOptionViewItem:
        option = QStyleOptionViewItem()
        delegate.initStyleOption(option, model.index(row, column))
        return option

    assert painted(0, column).font.weight() > painted(1, column).font.weight()
    assert painted(1, TITLES.index("Test")).text.strip() == "\N{EN DASH}"
    assert not painted(0, STATE).icon.isNull()


def test_table_speaks_to_assistive_technology(table: RunsTable) -> None:
    table.show_rows(_rows(1))
    index = table.view.model().index(0, COMPARE)

    assert table.view.accessibleName() == "Runs"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "run 1: not compared"
    table.set_checked(["k1"])
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "run 1: compared"


def test_every_heading_is_explained(table: RunsTable) -> None:
    model, role = table.view.model(), Qt.ItemDataRole.ToolTipRole
    hints = [
        model.headerData(column, Qt.Orientation.Horizontal, role) for column in range(len(TITLES))
    ]
    assert all(hints)
    assert len(set(hints)) == len(TITLES)
    assert "accuracy on the validation split" in hints[TITLES.index("Validation")]
