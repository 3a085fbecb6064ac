"""A drop-down list with a label; used by the training form and the Evaluation tab."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QWidget

from cifar_desktop.look.icons import icon
from cifar_desktop.look.type_scale import unit
from cifar_desktop.ui.field_row import FieldRow, Place, tooltip

_KEY = Qt.ItemDataRole.UserRole
_DESCRIPTION = Qt.ItemDataRole.AccessibleDescriptionRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An item of a drop-down list.

    Attributes:
        key: Identifier within the program.
        text: Text on screen.
        helper: What it brings, second in rank to the text; may be empty.
        tooltip: Further explanation; may be empty.
        enabled: Whether it can be chosen.
    """

    key: str
    text: str
    helper: str = ""
    tooltip: str = ""
    enabled: bool = True

    @property
    def words(self) -> str:
        """The text, and what it brings."""
        return f"{self.text}: {self.helper}" if self.helper else self.text


class _Combo(QComboBox):
    def __init__(self, icon_name: str) -> None:
        super().__init__()
        self._icon = icon(icon_name, "quiet") if icon_name else QIcon()
        self.setIconSize(QSize(18, 18))
        # Long names must not widen the whole form.
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:  # noqa: N802 (Qt's name)
        """Add the icon, and elide long text, which styles would cut off."""
        super().initStyleOption(option)
        option.currentIcon = self._icon
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        taken = 0 if self._icon.isNull() else self.iconSize().width() + unit()
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room.width() - taken - unit() // 2
        )

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the form instead of changing the choice by accident."""
        event.ignore()


class ChoiceField(FieldRow):
    """A labeled drop-down list.

    Args:
        label: Name of the setting; `&` marks its shortcut.
        choices: What is offered.
        extra: A button after it.
        place: Where the list is.
        icon_name: A file of `resources/icons` without its suffix, or nothing.

    Signals:
        chosen: Key of the item that the user chose; not emitted when the program chooses.
    """

    chosen = Signal(str)
    room = 18

    def __init__(
        self,
        label: str,
        choices: Sequence[Choice] = (),
        extra: QWidget | None = None,
        *,
        place: Place = Place.BESIDE,
        icon_name: str = "",
    ) -> None:
        self.combo = _Combo(icon_name)
        super().__init__(label, self.combo, extra, place=place)
        self._model = QStandardItemModel(self.combo)
        self.combo.setModel(self._model)
        self._key = ""
        self.show_choices(choices)
        self.combo.activated.connect(self._on_activated)

    @property
    def key(self) -> str:
        """Key of the chosen item; empty if there is none."""
        return self._key

    @property
    def keys(self) -> list[str]:
        """Keys of all enabled items."""
        rows = (self._model.item(row) for row in range(self._model.rowCount()))
        return [row.data(_KEY) for row in rows if row.isEnabled()]

    def show_choices(self, choices: Sequence[Choice], key: str | None = None) -> None:
        """Offer these; selects `key`, otherwise the previous choice, otherwise the first."""
        chosen_key = self._key if key is None else key
        self._model.clear()
        for choice in choices:
            item = QStandardItem(choice.words)
            item.setData(choice.key, _KEY)
            item.setToolTip(choice.tooltip)
            item.setData(choice.tooltip, _DESCRIPTION)
            item.setEnabled(choice.enabled)
            self._model.appendRow(item)
        if not self.choose(chosen_key) and choices:
            self.choose(choices[0].key)

    def choose(self, key: str) -> bool:
        """Choose the item with this key; returns False if it is missing or disabled."""
        if key not in self.keys:
            return False
        row = self.combo.findData(key, _KEY)
        self._key = key
        self.combo.setCurrentIndex(row)
        self._show_tooltip()
        return True

    def explain(self, text: str) -> None:
        """Explain the setting in a tooltip; the chosen item's own tooltip takes precedence."""
        super().explain(text)
        self._show_tooltip()

    def _show_tooltip(self) -> None:
        item = self._model.item(self.combo.currentIndex())
        self.combo.setToolTip(tooltip((item.toolTip() if item else "") or self._explanation))

    @Slot(int)
    def _on_activated(self, _row: int) -> None:
        key = self.combo.currentData(_KEY)
        if key != self._key:
            self._key = key
            self._show_tooltip()
            self.chosen.emit(key)
