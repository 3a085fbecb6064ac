"""A tab whose page is made when the tab is first shown; Training and Evaluation are such tabs.

Nobody who came to classify a photo should wait for charts. What the page needs is imported in the
background beforehand, once the network is ready.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cifar_desktop.common.background_import import BackgroundImport
from cifar_desktop.ui.page_header import HeaderSlot


class TabPage(QWidget):
    """The content of a `LazyTab`.

    Its attribute `header`, if it has a method `fit` as a `PageHeader` has, is shown in the header
    row of the window.
    """

    def begin(self) -> None:
        """The page is shown; called each time."""

    def leave(self) -> None:
        """The window was closed; called once."""


Page = TypeVar("Page", bound=TabPage)


class LazyTab(QWidget, Generic[Page]):
    """Empty until it is first shown.

    Args:
        make: Makes the page; imports its module inside the call.
        modules: Names of the modules to import in the background.

    Attributes:
        header: Room for the page's actions in the header row of the window.

    Signals: none.
    """

    def __init__(self, make: Callable[[], Page], *modules: str) -> None:
        super().__init__()
        self._make = make
        self._page: Page | None = None
        self._imports = BackgroundImport(*modules)
        self.header = HeaderSlot()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    @property
    def page(self) -> Page:
        """The page; made on first access."""
        if self._page is None:
            self._page = self._make()
            self._layout.addWidget(self._page)
            header = getattr(self._page, "header", None)
            if isinstance(header, QWidget) and hasattr(header, "fit"):
                self.header.put(header)
        return self._page

    @Slot()
    def prepare(self) -> None:
        """Import the modules in the background, so that the window does not freeze later."""
        self._imports.begin()

    def showEvent(self, event: QShowEvent) -> None:
        """Make the page if needed."""
        super().showEvent(event)
        self.page.begin()

    def shutdown(self) -> None:
        """Wait for the imports, and end what the page has begun."""
        self._imports.shutdown()
        if self._page is not None:
            self._page.leave()
