"""The contrast of texts and marks, measured on pixels of real widgets."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QMenu,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QScrollBar,
    QSlider,
    QStyle,
    QStyleOptionButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.look.colors import MARK_CONTRAST, TEXT_CONTRAST, contrast
from cifar_desktop.look.type_scale import label
from cifar_desktop.look.widgets import Card, Page, flat, primary, small
from tests.desktop.look.test_roles import palette_of

SCALE = 3
"""So large that the strokes of letters have pixels that are covered whole."""
PALETTES = (
    ("light", "#3584e4"), ("light", "#ffff00"), ("dark", "#3584e4"), ("dark", "#000000"),
    ("Fusion", "#308cc6"), ("Breeze dark", "#3daee9"), ("Windows 11", "#ffffff"),
    ("Windows 11 dark", "#60cdff"), ("macOS dark", "#007aff"), ("high contrast", "#00ff00"),
)  # fmt: skip


@pytest.fixture(params=PALETTES, ids="-".join, autouse=True)
def palette(request: pytest.FixtureRequest) -> Iterator[QPalette]:
    before, made = QApplication.palette(), palette_of(*request.param)
    names = QPalette.ColorRole
    for name in (names.Text, names.ButtonText):
        made.setColor(name, made.color(names.WindowText))
    QApplication.style().polish(made)
    QApplication.setPalette(made)
    yield made
    QApplication.setPalette(before)


@pytest.fixture(params=[Card, Page], ids=["raised", "sunken"])
def ground(request: pytest.FixtureRequest) -> QWidget:
    made: QWidget = request.param()
    QVBoxLayout(made)
    return made


def on(ground: QWidget, widget: QWidget) -> QImage:
    """A widget on a ground, in pixels of the widget alone."""
    ground.layout().addWidget(widget)  # type: ignore[union-attr]
    ground.resize(ground.sizeHint() + QSize(40, 40))
    # Lays out its children, as showing it would.
    ground.grab()
    return part_of(ground, QRect(widget.mapTo(ground, QPoint()), widget.size()))


def part_of(widget: QWidget, rect: QRect) -> QImage:
    widget.ensurePolished()
    QApplication.sendPostedEvents()
    image = QImage(widget.size() * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    widget.grab()
    widget.render(image)
    return image.copy(QRect(rect.topLeft() * SCALE, rect.size() * SCALE))


def stands_out(image: QImage, ground: QColor | None = None) -> float:
    """The highest contrast of a pixel with the ground, else with the color of most pixels."""
    packed = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    colors, counts = np.unique(packed[:, : image.width()], return_counts=True)
    found = [QColor(int(color) & 0xFFFFFF) for color in colors]
    usual = ground or found[int(counts.argmax())]
    return max(contrast(color, usual) for color in found)


def _hovered(button: QAbstractButton) -> QAbstractButton:
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    return button


def _down(button: QAbstractButton) -> QAbstractButton:
    button.setDown(True)
    return button


def _checked(button: QAbstractButton) -> QAbstractButton:
    button.setCheckable(True)
    button.setChecked(True)
    return button


def _tool() -> QToolButton:
    made = QToolButton()
    made.setText("Words")
    made.setAutoRaise(True)
    return made


def _combo() -> QComboBox:
    made = QComboBox()
    made.addItem("simple-cnn")
    return made


def _hint() -> QLineEdit:
    made = QLineEdit()
    made.setPlaceholderText("Address or path")
    return made


def _progress() -> QProgressBar:
    made = QProgressBar()
    made.setValue(40)
    return made


TEXTS: dict[str, Callable[[], QWidget]] = {
    "button": lambda: QPushButton("Open"),
    "hovered": lambda: _hovered(QPushButton("Open")),
    "pressed": lambda: _down(QPushButton("Open")),
    "checked": lambda: _checked(QPushButton("Open")),
    "primary": lambda: primary(QPushButton("Start")),
    "primary, hovered": lambda: _hovered(primary(QPushButton("Start"))),
    "primary, pressed": lambda: _down(primary(QPushButton("Start"))),
    "flat": lambda: flat(QPushButton("Reset")),
    "small": lambda: small(QPushButton("Stop")),
    "tool button": _tool,
    "tool button, hovered": lambda: _hovered(_tool()),
    "tool button, checked": lambda: _checked(_tool()),
    "field": lambda: QLineEdit("resnet"),
    "placeholder": _hint,
    "combo box": _combo,
    "check box": lambda: QCheckBox("Log scale"),
    "radio button": lambda: QRadioButton("1 hour"),
    "progress": _progress,
    "text": lambda: label("Text"),
    "quiet text": lambda: label("Quiet", quiet=True),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_can_be_read(ground: QWidget, name: str) -> None:
    widget = TEXTS[name]()

    image = on(ground, widget)

    if isinstance(widget, QCheckBox | QRadioButton):
        image = image.copy(24 * SCALE, 0, image.width(), image.height())
    inset = 3 * SCALE  # without the outline of a field
    inside = image.rect().adjusted(inset, inset, -inset, -inset)
    assert stands_out(image.copy(inside)) >= TEXT_CONTRAST


def test_tabs_can_be_read_and_the_open_one_is_marked(ground: QWidget) -> None:
    tabs = QTabWidget()
    for name in ("Confusion", "Classes"):
        tabs.addTab(QWidget(), name)
    on(ground, tabs)
    bar = tabs.tabBar()

    opened, other = (part_of(bar, bar.tabRect(index)) for index in (0, 1))

    words = QRect(0, 0, opened.width(), opened.height() - 5 * SCALE)
    usual = QColor(other.pixel(1, 1))
    assert stands_out(opened.copy(words)) >= TEXT_CONTRAST
    assert stands_out(other) >= TEXT_CONTRAST
    middle = QRect(opened.width() // 2, words.height(), SCALE, 5 * SCALE)
    assert stands_out(opened.copy(middle), usual) >= MARK_CONTRAST


def test_rows_can_be_read_and_the_chosen_one_is_marked(ground: QWidget) -> None:
    table = QTableWidget(2, 2)
    table.setHorizontalHeaderLabels(["Name", "State"])
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    for row in range(2):
        for column in range(2):
            table.setItem(row, column, QTableWidgetItem("Finished"))
    table.selectRow(0)
    on(ground, table)
    view, header = table.viewport(), table.horizontalHeader().viewport()

    cells = [part_of(view, table.visualRect(table.model().index(row, 1))) for row in range(2)]

    assert all(stands_out(cell) >= TEXT_CONTRAST for cell in cells)
    assert stands_out(part_of(header, QRect(2, 2, 80, header.height() - 6))) >= TEXT_CONTRAST
    first = table.visualRect(table.model().index(0, 0))
    mark = part_of(view, QRect(first.x(), first.center().y(), 3, 3))
    assert stands_out(mark, QColor(cells[1].pixel(1, 1))) >= MARK_CONTRAST


def test_lists_can_be_read(ground: QWidget) -> None:
    items = QListWidget()
    items.addItems(["Pillow", "NumPy"])
    items.setCurrentRow(0)
    on(ground, items)

    for row in range(2):
        rect = items.visualRect(items.model().index(row, 0)).adjusted(3, 3, -3, -3)
        assert stands_out(part_of(items.viewport(), rect)) >= TEXT_CONTRAST


def test_menus_can_be_read() -> None:
    menu = QMenu()
    plain, chosen = menu.addAction("Copy"), menu.addAction("Paste\tCtrl+V")
    menu.resize(menu.sizeHint())
    menu.setActiveAction(chosen)

    for action in (plain, chosen):
        rect = menu.actionGeometry(action).adjusted(6, 3, -6, -3)
        left, right = rect.adjusted(0, 0, -60, 0), rect.adjusted(rect.width() - 55, 0, 0, 0)
        assert stands_out(part_of(menu, left)) >= TEXT_CONTRAST
        if action is chosen:
            assert stands_out(part_of(menu, right)) >= TEXT_CONTRAST


@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_tooltips_can_be_read(qapp: QApplication) -> None:
    QToolTip.showText(QPoint(1, 1), "What this does")
    tip = next(each for each in qapp.topLevelWidgets() if each.inherits("QTipLabel"))

    assert stands_out(part_of(tip, tip.rect().adjusted(4, 4, -4, -4))) >= TEXT_CONTRAST
    QToolTip.hideText()


def _slider() -> QSlider:
    made = QSlider(Qt.Orientation.Horizontal)
    made.setFixedWidth(150)
    made.setValue(60)
    return made


def _scroll_bar() -> QScrollBar:
    made = QScrollBar(Qt.Orientation.Vertical)
    made.setRange(0, 100)
    made.setFixedHeight(100)
    return made


MARKS: dict[str, Callable[[], QWidget]] = {
    "check box": QCheckBox,
    "check box, checked": lambda: _checked(QCheckBox()),
    "radio button": QRadioButton,
    "radio button, checked": lambda: _checked(QRadioButton()),
    "field": QLineEdit,
    "combo box": QComboBox,
    "slider": _slider,
    "scroll bar": _scroll_bar,
}


@pytest.mark.parametrize("name", MARKS)
def test_marks_stand_out(ground: QWidget, name: str) -> None:
    image = on(ground, MARKS[name]())

    surroundings = QColor(part_of(ground, QRect(4, ground.height() // 2, 1, 1)).pixel(0, 0))
    assert stands_out(image, surroundings) >= MARK_CONTRAST


def test_progress_stands_out_from_its_track(ground: QWidget) -> None:
    bar = _progress()
    bar.setTextVisible(False)
    image = on(ground, bar)
    middle = image.height() // 2

    done, track = (QColor(image.pixel(image.width() * x // 10, middle)) for x in (2, 8))

    assert contrast(done, track) >= MARK_CONTRAST


def test_the_focus_ring_stands_out_from_ground_and_button(
    ground: QWidget, palette: QPalette
) -> None:
    ground.resize(120, 60)
    image = part_of(ground, ground.rect())
    usual = QColor(image.pixel(60 * SCALE, 30 * SCALE))
    states = QStyle.StateFlag
    option = QStyleOptionButton()
    option.palette, option.rect = palette, QRect(20, 14, 80, 32)
    option.state = states.State_Enabled | states.State_HasFocus | states.State_KeyboardFocusChange
    painter = QPainter(image)
    QApplication.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter)
    painter.end()

    across = image.copy(QRect(20 * SCALE, 30 * SCALE, 10 * SCALE, 1))
    ring, inside = (QColor(across.pixel(x * SCALE, 0)) for x in (1, 7))
    assert contrast(ring, usual) >= MARK_CONTRAST
    assert QColor(across.pixel(3 * SCALE, 0)) == usual
    assert contrast(ring, inside) >= 2
