"""A field to choose one of a few things; used by the form."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QWidget

from cifar_desktop.ui.field_row import FieldRow
from cifar_desktop.ui.style import GRID

_KEY = Qt.ItemDataRole.UserRole
_DESCRIPTION = Qt.ItemDataRole.AccessibleDescriptionRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something to choose.

    Attributes:
        key: What the program calls it.
        text: What the person reads.
        tooltip: More about it.
        enabled: Whether it can be chosen.
    """

    key: str
    text: str
    tooltip: str = ""
    enabled: bool = True


class _Combo(QComboBox):
    def __init__(self) -> None:
        super().__init__()
        # Long names must not make the whole form wide.
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:  # noqa: N802 (Qt's name)
        """Shorten a long text visibly; styles cut it off."""
        super().initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room.width() - GRID // 2
        )

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the form instead of choosing something in passing."""
        event.ignore()


class ChoiceField(FieldRow):
    """A drop-down list.

    Signals:
        chosen: The key of what the person chose; not emitted when the program chooses.
    """

    chosen = Signal(str)

    def __init__(
        self, label: str, choices: Sequence[Choice] = (), extra: QWidget | None = None
    ) -> None:
        self.combo = _Combo()
        super().__init__(label, self.combo, extra)
        self._model = QStandardItemModel(self.combo)
        self.combo.setModel(self._model)
        self._key = ""
        self._explanation = ""
        self.show_choices(choices)
        self.combo.activated.connect(self._on_activated)

    @property
    def key(self) -> str:
        """The key of what is chosen; empty if nothing is."""
        return self._key

    @property
    def keys(self) -> list[str]:
        """All that can be chosen."""
        rows = (self._model.item(row) for row in range(self._model.rowCount()))
        return [row.data(_KEY) for row in rows if row.isEnabled()]

    def show_choices(self, choices: Sequence[Choice], key: str | None = None) -> None:
        """Offer these; `key` or what was chosen before is chosen, or else the first."""
        wanted = self._key if key is None else key
        self._model.clear()
        for choice in choices:
            item = QStandardItem(choice.text)
            item.setData(choice.key, _KEY)
            item.setToolTip(choice.tooltip)
            item.setData(choice.tooltip, _DESCRIPTION)
            item.setEnabled(choice.enabled)
            self._model.appendRow(item)
        if not self.choose(wanted) and choices:
            self.choose(choices[0].key)

    def choose(self, key: str) -> bool:
        """Choose what has this key; returns whether it is there and can be chosen."""
        if key not in self.keys:
            return False
        row = self.combo.findData(key, _KEY)
        self._key = key
        self.combo.setCurrentIndex(row)
        self._show_tooltip()
        return True

    def explain(self, text: str) -> None:
        """What hovering tells, unless what is chosen has more to say."""
        self._explanation = text
        super().explain(text)
        self._show_tooltip()

    def _show_tooltip(self) -> None:
        item = self._model.item(self.combo.currentIndex())
        self.combo.setToolTip((item.toolTip() if item else "") or self._explanation)

    @Slot(int)
    def _on_activated(self, _row: int) -> None:
        key = self.combo.currentData(_KEY)
        if key != self._key:
            self._key = key
            self._show_tooltip()
            self.chosen.emit(key)
