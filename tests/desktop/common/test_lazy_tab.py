import sys
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.common.lazy_tab import LazyTab, TabPage

_MODULE = "tabnanny"  # Nobody else imports this module of the standard library.


class _Page(TabPage):
    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def begin(self) -> None:
        self.calls.append("begin")

    def leave(self) -> None:
        self.calls.append("leave")


@pytest.fixture
def made() -> list[_Page]:
    return []


@pytest.fixture
def tab(made: list[_Page]) -> Iterator[LazyTab[_Page]]:
    def make() -> _Page:
        made.append(_Page())
        return made[-1]

    tab = LazyTab(make, _MODULE)
    yield tab
    tab.shutdown()


def test_page_is_made_when_the_tab_is_first_shown(
    tab: LazyTab[_Page], made: list[_Page], window: QWidget, qtbot: QtBot
) -> None:
    tabs = QTabWidget(window)
    tabs.resize(300, 200)
    first = QWidget()
    tabs.addTab(first, "first")
    tabs.addTab(tab, "second")
    tabs.show()
    assert made == []

    for shown in (tab, first, tab):
        tabs.setCurrentWidget(shown)

    [page] = made
    qtbot.waitUntil(page.isVisible)
    assert page.size() == tab.size()
    assert page.calls == ["begin", "begin"]
    tab.shutdown()
    assert page.calls[-1] == "leave"


def test_page_is_made_early_for_whoever_needs_it(tab: LazyTab[_Page], made: list[_Page]) -> None:
    assert tab.page is tab.page
    assert made == [tab.page]
    assert tab.page.calls == []


def test_tab_that_was_never_shown_has_nothing_to_end(
    tab: LazyTab[_Page], made: list[_Page]
) -> None:
    tab.shutdown()

    assert made == []


def test_modules_are_imported_in_the_background(
    tab: LazyTab[_Page],
    made: list[_Page],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, _MODULE, raising=False)

    tab.prepare()
    tab.prepare()

    qtbot.waitUntil(lambda: _MODULE in sys.modules)
    assert made == []
