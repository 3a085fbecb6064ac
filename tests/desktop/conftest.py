"""Fixtures of the window tests."""

from collections.abc import Generator, Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.common import color_scheme
from tests.desktop.screenshots import keep_if_failed
from tests.desktop.support import app, start, tiny_network

__all__ = ["app", "start", "tiny_network"]


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    """To put a widget into."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 800)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


@pytest.fixture
def scheme_reset() -> Iterator[None]:
    """Light or dark, as before the test."""
    yield
    color_scheme.apply("system")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    keep_if_failed(item, report)
    return report
