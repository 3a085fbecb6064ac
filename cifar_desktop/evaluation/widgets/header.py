"""What the Evaluation tab puts into the header row: network, dataset, Evaluate, Report."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShortcut,
    QStandardItem,
    QStandardItemModel,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QMenu,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
)

from cifar_desktop.look.icons import tinted
from cifar_desktop.look.roles import roles
from cifar_desktop.look.states import PRIMARY
from cifar_desktop.look.type_scale import unit
from cifar_desktop.look.widgets import flat, icon_button, with_icon
from cifar_desktop.ui.choice_field import Choice
from cifar_desktop.ui.page_header import ALL_WORDS, FEW_WORDS, PageHeader

_WIDTHS = {ALL_WORDS: (29, 21), FEW_WORDS: (25, 16), 0: (15, 12)}
"""Widths of the drop-down lists in units, from a width of the window on."""
_KEY = Qt.ItemDataRole.UserRole
_ICON = 18
_GAP = 6


class EvaluationHeader(PageHeader):
    """Drop-down lists and buttons.

    Signals:
        network_chosen: Key of the chosen run or network.
        data_chosen: Key of the dataset to evaluate it on.
        browse_requested: The user wants to choose a dataset folder.
        evaluate_requested: The user wants to evaluate the chosen network.
    """

    network_chosen = Signal(str)
    data_chosen = Signal(str)
    browse_requested = Signal()
    evaluate_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._width, self._evaluate_text = ALL_WORDS, ""
        self.network = TargetCombo("Networ&k", "network")
        self.data = TargetCombo("&Dataset", "data")
        self.browse = icon_button(
            "folder",
            "Folder…",
            "Evaluate on your own images: a folder with one subfolder per class",
        )
        self.browse.setShortcut(QKeySequence.mnemonic("F&older…"))
        self.evaluate = flat(QPushButton())
        self.save = QPushButton()
        with_icon(self.save, "report")
        self.save.setAccessibleName("Report")
        self.save.setShortcut(QKeySequence("Alt+S"))
        self.save.setToolTip("Save the chart as an image, or results as a table")
        self.menu = QMenu(self.save)
        self.save.setMenu(self.menu)
        for part in (self.network, self.data, self.browse, self.evaluate, self.save):
            self.row.addWidget(part)
        self.network.chosen.connect(self.network_chosen)
        self.data.chosen.connect(self.data_chosen)
        self.browse.clicked.connect(self.browse_requested)
        self.evaluate.clicked.connect(self.evaluate_requested)
        self.show_buttons(evaluate="", first=False, save=False)

    def show_buttons(self, *, evaluate: str, first: bool, save: bool) -> None:
        """Show the buttons that make sense now.

        Args:
            evaluate: Text of the Evaluate button; empty hides it.
            first: Whether there is no result yet, so that the button is what to press.
            save: Whether there is something to save.
        """
        self._evaluate_text = evaluate
        self.evaluate.setProperty(PRIMARY, first)
        with_icon(self.evaluate, *(("play", "on_fill") if first else ("reset",)))
        self.evaluate.setAccessibleName(evaluate.replace("&", ""))
        self.evaluate.setVisible(bool(evaluate))
        self.save.setVisible(save)
        self.fit(self._width)

    def fit(self, width: int) -> None:
        """Show as many words as there is room for."""
        self._width = width
        first = bool(self.evaluate.property(PRIMARY))
        words = width >= (FEW_WORDS if first else ALL_WORDS)
        _show_words(self.evaluate, self._evaluate_text, words=words)
        _show_words(self.save, "Report…", words=width >= ALL_WORDS)
        sizes = next(sizes for least, sizes in _WIDTHS.items() if width >= least)
        for combo, size in zip((self.network, self.data), sizes, strict=True):
            combo.shows_icon = width >= FEW_WORDS
            combo.setFixedWidth(size * unit())


class TargetCombo(QComboBox):
    """Exclusive choices.

    Args:
        label: What is chosen, for screen readers; its mnemonic moves the focus here.
        icon_name: A file of `resources/icons` without its suffix.

    Attributes:
        shows_icon: Whether there is room for the icon.

    Signals:
        chosen: Key of the item that the user chose; not emitted when the program chooses.
    """

    chosen = Signal(str)

    def __init__(self, label: str, icon_name: str) -> None:
        super().__init__()
        self.shows_icon = True
        self._icon_name, self._offered, self._key = icon_name, list[Choice](), ""
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.setAccessibleName(label.replace("&", ""))
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        shortcut = QShortcut(QKeySequence.mnemonic(label), self)
        shortcut.activated.connect(lambda: self.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.activated.connect(self._on_activated)

    @property
    def key(self) -> str:
        """Key of the chosen item; empty if there is none."""
        return self._key

    @property
    def keys(self) -> list[str]:
        """Keys of all enabled items."""
        return [each.key for each in self._offered if each.enabled]

    def show_choices(self, choices: Sequence[Choice], key: str) -> None:
        """Offer these; selects `key`, otherwise the first."""
        self._offered = list(choices)
        self._items.clear()
        for choice in choices:
            item = QStandardItem(choice.words)
            item.setData(choice.key, _KEY)
            item.setToolTip(choice.tooltip)
            item.setData(choice.tooltip, Qt.ItemDataRole.AccessibleDescriptionRole)
            item.setEnabled(choice.enabled)
            self._items.appendRow(item)
        if not self.choose(key):
            self.choose(next(iter(self.keys), ""))

    def choose(self, key: str) -> bool:
        """Choose the item with this key; returns False if it is missing or disabled."""
        if key not in self.keys:
            return False
        self._key = key
        self.setCurrentIndex(self.findData(key, _KEY))
        self._show_tooltip()
        return True

    def minimumSizeHint(self) -> QSize:
        """Room for the icon and a few letters."""
        return QSize(12 * unit(), super().minimumSizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Do not change the choice by accident."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the field, the icon, the name, and what is second where there is room."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        control = QStyle.ComplexControl.CC_ComboBox
        room = self.style().subControlRect(control, option, part, self)
        found = roles(self.palette())
        quiet = found.quiet if self.isEnabled() else found.faint
        room.adjust(unit() // 2, 0, -2, 0)
        if self.shows_icon:
            icon = tinted(self._icon_name, quiet, _ICON, self.devicePixelRatioF())
            painter.drawPixmap(room.left(), (self.height() - _ICON) // 2, icon)
            room.adjust(_ICON + _GAP, 0, 0, 0)
        self._paint_words(painter, room)

    def _paint_words(self, painter: QPainter, room: QRect) -> None:
        chosen = next((each for each in self._offered if each.key == self._key), None)
        if chosen is None:
            return
        found, metrics, middle = roles(self.palette()), self.fontMetrics(), Qt.AlignmentFlag
        beside = metrics.horizontalAdvance(chosen.helper) + _GAP if chosen.helper else 0
        beside = beside if metrics.horizontalAdvance(chosen.text) + beside <= room.width() else 0
        name = metrics.elidedText(chosen.text, Qt.TextElideMode.ElideMiddle, room.width() - beside)
        painter.setPen(found.text if self.isEnabled() else found.faint)
        painter.drawText(room, middle.AlignLeft | middle.AlignVCenter, name)
        if beside:
            painter.setPen(found.quiet)
            place = room.adjusted(metrics.horizontalAdvance(name) + _GAP, 0, 0, 0)
            painter.drawText(place, middle.AlignLeft | middle.AlignVCenter, chosen.helper)

    def _show_tooltip(self) -> None:
        chosen = self._items.item(self.currentIndex())
        self.setToolTip(f"{self.accessibleName()}: {chosen.toolTip() or chosen.text()}")

    @Slot(int)
    def _on_activated(self, _row: int) -> None:
        key = self.currentData(_KEY)
        if key != self._key:
            self._key = key
            self._show_tooltip()
            self.chosen.emit(key)


def _show_words(button: QPushButton, text: str, *, words: bool) -> None:
    """Show a button's words, or its icon only; its shortcut stays."""
    shortcut = QKeySequence.mnemonic(text) if "&" in text else button.shortcut()
    button.setText(text if words else "")
    button.setShortcut(shortcut)
