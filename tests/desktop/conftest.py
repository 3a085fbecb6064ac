"""Fixtures of the window tests."""

from collections.abc import Generator, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.common import color_scheme
from cifar_desktop.evaluation.services import evaluator
from cifar_desktop.look.style import Look, use_look
from cifar_desktop.runs.services import run_launcher
from cifar_desktop.trainer_process import command
from tests.desktop.screenshots import keep_if_failed
from tests.desktop.support import app, start, tiny_network

__all__ = ["app", "start", "tiny_network"]


@pytest.fixture(autouse=True)
def application(qapp: QApplication) -> None:
    """Without one, the first widget aborts the process, whichever test comes first."""
    if not isinstance(qapp.style(), Look):
        use_look(qapp)


@pytest.fixture(autouse=True)
def quick_trainer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the window start trainers that are forked, but for tests marked `real_trainer`."""

    def program() -> list[str]:
        # Not before one is started: most tests of the window need none.
        forked: list[str] = request.getfixturevalue("trainer_command")
        return forked

    if request.node.get_closest_marker("real_trainer") is None:
        for module in (evaluator, run_launcher, command):
            monkeypatch.setattr(module, "trainer_program", program)


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
