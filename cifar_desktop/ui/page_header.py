"""What a page puts into the one header row of the window."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

ALL_WORDS, FEW_WORDS = 1100, 860
"""Widths of the window from which a header has room for all its words, and for some of them."""


class PageHeader(QWidget):
    """The actions of a page at the right of the header row, from left to right.

    At most 47 pixels high at the usual text size; empty unless a page adds to `row`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(8)
        self.row.addStretch(1)

    def fit(self, width: int) -> None:
        """Show as many words as there is room for.

        Args:
            width: Width of the window in pixels as if text had its usual size: `ALL_WORDS` and
                more leave room for all words, less than `FEW_WORDS` for hardly any.
        """


class HeaderSlot(PageHeader):
    """Room for the header of a page that is made later."""

    def __init__(self) -> None:
        super().__init__()
        self._width = ALL_WORDS
        self._content: QWidget | None = None

    def put(self, header: QWidget) -> None:
        """Show the page's header; it has a method `fit` as a `PageHeader` has."""
        self._content = header
        self.row.addWidget(header)
        self.fit(self._width)

    def fit(self, width: int) -> None:
        """Show as many words as there is room for, now or once there is a header."""
        self._width = width
        if self._content is not None:
            self._content.fit(width)  # type: ignore[attr-defined]
