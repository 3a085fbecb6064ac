"""The verdict with its glyph, and the line below it; the top of the prediction panel."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cifar_desktop.look.type_scale import Text, font, label, set_size, unit
from cifar_desktop.ui.icon_label import IconLabel

_GLYPH, _GAP = 22, 9
_NARROW = 42.5
"""Width of the panel in units below which the verdict is smaller."""


class VerdictHeader(QWidget):
    """Shows a verdict or a state in large words, and one quiet line that is always there."""

    def __init__(self) -> None:
        super().__init__()
        self.glyph = IconLabel(side=_GLYPH)
        self.headline, self.hint = label(size=Text.VERDICT), label(quiet=True)
        self.headline.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for text in (self.headline, self.hint):
            text.setWordWrap(True)
            text.setTextFormat(Qt.TextFormat.PlainText)
        self._beside = QVBoxLayout()
        self._beside.addWidget(self.glyph)
        self._beside.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        row.addLayout(self._beside)
        row.addWidget(self.headline, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self.hint)

    def show_words(self, headline: str, hint: str, icon_name: str, role: str) -> None:
        """Show a headline with its glyph, and the line below."""
        self.glyph.show_icon(icon_name, role)
        self.headline.setText(headline)
        self.hint.setText(hint)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the size of the headline."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Take the smaller size in a narrow panel, or where it would need more than two lines."""
        metrics = QFontMetrics(font(Text.VERDICT))
        room = QRect(0, 0, self.width() - _GLYPH - _GAP, 10_000)
        wrapped = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self.headline.text())
        long = wrapped.height() > 2 * metrics.lineSpacing() + 1
        small = long or self.width() < (_NARROW - 6) * unit()
        size = Text.NARROW_VERDICT if small else Text.VERDICT
        set_size(self.headline, size)
        spare = QFontMetrics(font(size)).height() - self.glyph.sizeHint().height()
        self._beside.setContentsMargins(0, max(0, spare // 2), 0, 0)
        self.hint.setMinimumHeight(self.hint.fontMetrics().lineSpacing())
