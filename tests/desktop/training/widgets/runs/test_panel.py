"""What stands above the curves."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.training.widgets.runs.panel import RunPanel
from cifar_desktop.ui.facts_form import FactsForm
from tests.desktop.recorded_actions import RecordedActions

FACTS = [(f"Label {number}", f"value {number}") for number in range(9)]


@pytest.fixture
def recorded() -> RecordedActions:
    return RecordedActions()


@pytest.fixture
def panel(qtbot: QtBot, recorded: RecordedActions) -> Iterator[RunPanel]:
    window = QWidget()
    # Not the window itself: off the screen there is nobody to tell its size hints.
    host = QWidget(window)
    layout = QVBoxLayout(host)
    made = RunPanel(recorded.actions)
    layout.addWidget(made)
    layout.addWidget(QPushButton("something else"))
    qtbot.addWidget(window)
    host.resize(500, 200)
    window.show()
    qtbot.waitExposed(window)
    yield made
    window.close()


def test_as_many_figures_as_fit(panel: RunPanel) -> None:
    panel.show_buttons(stop=True, kill=False, resume=False, use=True, evaluate=True)
    panel.show_facts(FACTS)

    shown = [cell for cell in panel.facts._cells if cell.isVisible()]
    assert 1 <= len(shown) < 4
    assert max(cell.geometry().right() for cell in shown) <= panel.facts.width()
    assert panel.facts.texts == dict(FACTS)
    assert "Label 8 value 8" in panel.facts.accessibleName()
    host = panel.parentWidget()
    assert host is not None
    host.resize(1600, 200)
    assert [cell.isVisible() for cell in panel.facts._cells] == 4 * [True] + 5 * [False]
    panel.menu.aboutToShow.emit()
    [form] = panel.menu.findChildren(FactsForm)
    assert [(name, text.text()) for name, text in form.rows] == FACTS
    panel.show_facts(FACTS[:2])
    assert panel.facts.texts == dict(FACTS[:2])


def test_unknown_progress_runs_along_only_while_busy(panel: RunPanel) -> None:
    panel.show_progress(None, busy=True)
    assert (panel.bar.minimum(), panel.bar.maximum()) == (0, 0)
    panel.show_progress(None, busy=False)
    assert (panel.bar.maximum(), panel.bar.value()) == (1000, 0)
    panel.show_progress(0.25, busy=True)
    assert panel.bar.value() == 250


def test_focus_stays_when_its_button_goes(panel: RunPanel, qtbot: QtBot) -> None:
    panel.show_buttons(stop=True, kill=False, resume=False, use=True)
    panel.stop.setFocus()
    qtbot.waitUntil(panel.stop.hasFocus)

    panel.show_buttons(stop=False, kill=False, resume=True, use=True)

    assert panel.resume.hasFocus()
    assert not panel.stop.isVisible()


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("stop", "stop"),
        ("kill", "kill"),
        ("resume", "resume"),
        ("evaluate", "evaluate"),
        ("use", "use_network"),
    ],
)
def test_button_acts_on_the_run_that_is_shown(
    name: str, action: str, panel: RunPanel, recorded: RecordedActions
) -> None:
    panel.show_buttons(stop=True, kill=True, resume=True, use=True, evaluate=True)
    for path in (Path("first"), Path("second")):
        panel.show_run(path, "a name", "a state")
        QTest.mouseClick(getattr(panel, name), Qt.MouseButton.LeftButton)

    assert recorded.calls == [(action, Path("first")), (action, Path("second"))]


def test_very_long_names_are_shortened(panel: RunPanel) -> None:
    panel.show_run(Path("run"), "a name " * 60, "a state " * 60)

    assert panel.minimumSizeHint().width() < 500
    assert panel.name.toolTip().startswith("a name a name")


def test_learning_rate_has_a_curve_where_there_is_room(panel: RunPanel) -> None:
    host = panel.parentWidget()
    assert host is not None
    host.resize(1600, 200)
    panel.show_facts(FACTS[:2])
    assert not panel.rate.isVisible()

    panel.show_rate("0.05", np.linspace(0.1, 0.05, 500))

    assert panel.rate.isVisible()
    assert panel.rate.accessibleName() == "Learning rate"
    assert panel.rate.accessibleDescription() == "0.05"
    panel.show_buttons(stop=True, kill=False, resume=False, use=True, evaluate=True)
    host.resize(400, 200)
    assert not panel.rate.isVisible()


def test_buttons_keep_name_and_key_without_their_words(panel: RunPanel) -> None:
    panel.show_buttons(stop=True, kill=False, resume=False, use=True, evaluate=True)

    assert (panel.use.text(), panel.use.accessibleName()) == ("", "Use in Classify")
    assert panel.use.shortcut().toString() == "Alt+A"
    host = panel.parentWidget()
    assert host is not None
    host.resize(1600, 200)
    assert panel.use.text() == "Use in Cl&assify"
    assert panel.use.shortcut().toString() == "Alt+A"
