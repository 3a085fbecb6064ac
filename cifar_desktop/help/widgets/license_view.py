"""The licenses of all components: a searchable list with the license text beside it."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.look.icons import icon
from cifar_desktop.look.type_scale import Text, label
from cifar_desktop.ui.style import GRID

_NARROW, _SIDE = 64 * GRID, 14
_LINK = re.compile(r"https://[^\s<>\"'`)\]}]+[^\s<>\"'`)\]}.,;:]")
_NO_MATCHES = "No matches"


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component of the program.

    Attributes:
        name: Name of the component.
        version: Version; may be empty.
        license: Name of the license.
        text: Full license text.
    """

    name: str
    version: str
    license: str
    text: str

    @property
    def title(self) -> str:
        """Name and version, for the list."""
        return f"{self.name} {self.version}".strip()


class LicenseView(QWidget):
    """A search field above a list, and the license text.

    Signals:
        link_requested: Address of a clicked link.
    """

    link_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._components: Sequence[Component] = ()
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search names and licenses")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setAccessibleName("Search names and licenses")
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("Components")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._show)
        self.license = label("", Text.HEADING)
        self.license.setTextFormat(Qt.TextFormat.PlainText)
        self.license.setWordWrap(True)
        self.text = QTextBrowser()
        self.text.setAccessibleName("License text")
        self.text.setOpenLinks(False)
        self.text.document().setDocumentMargin(GRID + GRID // 2)
        self.text.anchorClicked.connect(self._follow)
        self.nothing = label(_NO_MATCHES, quiet=True)
        self.nothing.hide()
        self._arrange()

    def show_components(self, components: Sequence[Component]) -> None:
        """List these components, and show the first license."""
        self._components = components
        self.list.clear()
        for component in components:
            item = QListWidgetItem(component.title)
            item.setToolTip(f"{component.title}\n{component.license}")
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{component.title}, {component.license}"
            )
            self.list.addItem(item)
        self._filter(self.search.text())

    def show_problem(self, sentence: str) -> None:
        """Show why there is no list."""
        self.show_components(())
        self.license.setText(sentence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys navigate the list while the user types."""
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if (
            watched is self.search
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in keys
        ):
            self.list.event(event)
            return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the list above the text where the window is narrow."""
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW
        ways = QBoxLayout.Direction
        self._panes.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)
        self._left.setMaximumHeight(20 * GRID if narrow else _UNLIMITED)

    def _arrange(self) -> None:
        self._left, right = QWidget(), QWidget()
        for side, widgets in (
            (self._left, (self.search, self.list, self.nothing)),
            (right, (self.license, self.text)),
        ):
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(GRID)
            for widget in widgets:
                column.addWidget(widget)
        self._panes = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._panes.setContentsMargins(_SIDE, 2 * GRID, _SIDE, 2 * GRID)
        self._panes.setSpacing(2 * GRID)
        self._panes.addWidget(self._left, 2)
        self._panes.addWidget(right, 5)

    @Slot(str)
    def _filter(self, words: str) -> None:
        terms = words.lower().split()
        first = -1
        for row, component in enumerate(self._components):
            text = f"{component.title} {component.license}".lower()
            fits = all(word in text for word in terms)
            self.list.setRowHidden(row, not fits)
            first = row if fits and first < 0 else first
        current = self.list.currentRow()
        if current < 0 or self.list.isRowHidden(current):
            self.list.setCurrentRow(first)
        self.nothing.setVisible(first < 0 and bool(terms))

    @Slot(int)
    def _show(self, row: int) -> None:
        component = self._components[row] if 0 <= row < len(self._components) else None
        self.license.setText(component.license if component else "")
        self.text.setHtml(_as_html(component.text) if component else "")

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        self.link_requested.emit(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))


_UNLIMITED = 16_777_215  # Qt's own; PySide has no name for it


def _as_html(text: str) -> str:
    """The text as HTML, with clickable links."""
    parts: list[str] = []
    end = 0
    for match in _LINK.finditer(text):
        address = html.escape(match.group())
        parts += [html.escape(text[end : match.start()]), f'<a href="{address}">{address}</a>']
        end = match.end()
    parts.append(html.escape(text[end:]))
    return f'<div style="white-space: pre-wrap">{"".join(parts)}</div>'
