"""The run line above the curves: which run it is, its progress, and buttons to control it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from cifar_desktop.look.roles import roles
from cifar_desktop.look.type_scale import QUIET, Text, font, set_size, unit
from cifar_desktop.look.widgets import IconLabel, Surface, flat, icon_button, with_icon
from cifar_desktop.runs.actions import RESTART, RESUME, RunAction, RunActions
from cifar_desktop.training.widgets.runs.rate_cell import RateCell
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.fact_strip import Fact, FactStrip
from cifar_desktop.ui.facts_form import FactsForm
from cifar_desktop.ui.style import GRID

_ALL_WORDS = 112
"""Width in units from which all buttons have words."""
_MOST_FACTS = 4
_STATE_ICON = 14


class RunPanel(Surface):
    """Name and state of a run, its progress and metrics, and what can be done with it.

    Args:
        actions: What the buttons do.
        parent: The parent widget.
    """

    def __init__(self, actions: RunActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = Path()
        self._facts: Sequence[Fact] = ()
        self.name, self.mark = ElidedLabel(), IconLabel(side=_STATE_ICON)
        self.state = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        set_size(self.name, Text.HEADING)
        set_size(self.state, Text.CAPTION)
        self.state.setForegroundRole(QUIET)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(3)
        self.bar.setAccessibleName("Progress of the run")
        self.rate = RateCell()
        self.facts = FactStrip(_MOST_FACTS, self.rate)
        self._make_buttons(actions)
        self._arrange()
        self.show_buttons(stop=False, kill=False, resume=False, use=False)

    def show_run(
        self, path: Path, name: str, state: str, details: str = "", mark: tuple[str, str] = ("", "")
    ) -> None:
        """Show which run it is and its state; the buttons act on this run from now on.

        Args:
            path: Its folder.
            name: Its name.
            state: What it does, or how it ended.
            details: More of that, for a tooltip.
            mark: Icon of the state and its role, or nothing.
        """
        self._path = path
        self.name.show_text(name)
        self.state.show_text(state, details)
        self.mark.setVisible(bool(mark[0]))
        self.mark.show_icon(*mark)
        self._fit()

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these facts, most important first; the menu has all of them."""
        self._facts = facts
        self.facts.show_facts(facts)

    def show_rate(self, text: str, rates: NDArray[np.float64]) -> None:
        """Show the latest learning rate, and all of them as a curve; nothing without any."""
        self.rate.show_rate(text, rates)
        self.facts.offer_last(offered=len(rates) > 0)

    def show_buttons(
        self, *, stop: bool, kill: bool, resume: bool, use: bool, evaluate: bool = False
    ) -> None:
        """Show the buttons that make sense now; what has no network to use starts again."""
        focused = next((button for button in self._buttons() if button.hasFocus()), None)
        visible = (stop, kill, resume, evaluate, use)
        for button, shown in zip(self._buttons(), visible, strict=True):
            button.setVisible(shown)
        self._words[self.resume], tip = RESUME if use else RESTART
        self.resume.setToolTip(tip)
        self._fit()
        # Hiding the focused button would send the focus to whatever comes next.
        others = [button for button in self._buttons() if not button.isHidden()]
        if focused is not None and focused.isHidden() and others:
            others[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, fraction: float | None, *, busy: bool) -> None:
        """Show the progress from 0 to 1; None is unknown, and animated while `busy`."""
        self.bar.setRange(0, 0 if busy and fraction is None else 1000)
        self.bar.setValue(round(1000 * (fraction or 0.0)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out words where there is no room."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a line below, on which the progress runs."""
        super().paintEvent(event)
        line = self.rect().adjusted(0, self.height() - 1, 0, 0)
        QPainter(self).fillRect(line, roles(self.palette()).line)

    def _make_buttons(self, actions: RunActions) -> None:
        self._words: dict[QPushButton, str] = {}
        add = self._button
        self.stop = add("Sto&p", "stop", "Save a checkpoint and stop", actions.stop)
        self.kill = add(
            "F&orce stop", "close", "Progress since the last checkpoint is lost", actions.kill
        )
        self.resume = add(RESUME[0], "play", RESUME[1], actions.resume)
        self.evaluate = add(
            "Evaluate", "evaluation", "See which classes and images its network gets wrong",
            actions.evaluate,
        )  # fmt: skip
        self.use = add(
            "Use in Cl&assify", "classify", "Classify photos with this run's network",
            actions.use_network,
        )  # fmt: skip
        for button in (self.evaluate, self.use):
            flat(button)
        self.more = icon_button("more", "More about this run")
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.more.setMenu(self.menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _button(self, words: str, icon_name: str, tip: str, action: RunAction) -> QPushButton:
        button = QPushButton(words)
        with_icon(button, icon_name)
        button.setToolTip(tip)
        button.clicked.connect(lambda: action(self._path))
        self._words[button] = words
        return button

    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.stop, self.kill, self.resume, self.evaluate, self.use

    def _fit(self) -> None:
        """Leave out words of buttons, and give name and state as much room as they need."""
        roomy = self.width() >= _ALL_WORDS * unit()
        for button, words in self._words.items():
            shown = "" if not roomy and button in (self.evaluate, self.use) else words
            if button.text() != shown:
                button.setText(shown)
            button.setAccessibleName(words.replace("&", ""))
            button.setShortcut(QKeySequence.mnemonic(words))
        name = QFontMetrics(font(Text.HEADING)).horizontalAdvance(self.name.text())
        state = QFontMetrics(font(Text.CAPTION)).horizontalAdvance(self.state.text())
        taken = 0 if self.mark.isHidden() else _STATE_ICON + unit() // 2
        # What a mark is about, such as a failure, may take some words.
        most = max(16 * unit(), self.width() // (4 if self.mark.isHidden() else 2))
        self._titles.setFixedWidth(min(max(name, state + taken) + 2, most))

    @Slot()
    def _fill_menu(self) -> None:
        self.menu.clear()
        shown = QWidgetAction(self.menu)
        shown.setDefaultWidget(FactsForm(self._facts, 2 * unit()))
        self.menu.addAction(shown)

    def _arrange(self) -> None:
        state = QHBoxLayout()
        state.setSpacing(GRID // 2)
        state.addWidget(self.mark)
        state.addWidget(self.state, 1)
        self._titles = QWidget()
        titles = QVBoxLayout(self._titles)
        titles.setContentsMargins(0, 0, 0, 0)
        titles.setSpacing(0)
        titles.addWidget(self.name)
        titles.addLayout(state)
        line = QHBoxLayout()
        line.setContentsMargins(2 * GRID + GRID // 2, 6, GRID, 6)
        line.setSpacing(GRID)
        line.addWidget(self._titles)
        line.addSpacing(GRID + GRID // 2)
        line.addWidget(self.facts, 1)
        for button in (*self._buttons(), self.more):
            line.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(self.bar)
