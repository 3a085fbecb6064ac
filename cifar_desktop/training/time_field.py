"""The time that a run may take, as a field of the training form.

A forecast tells which recipe and how many epochs fit; until there is one, a chosen time waits.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from cifar_desktop.training import form_choices
from cifar_desktop.training.form_choices import OWN_TIME
from cifar_desktop.training.widgets.form.time_rows import TimeRows
from cifar_desktop.ui.choice_field import Choice, ChoiceField
from cifar_desktop.ui.field_row import Place
from trainer.config.train_config import TrainConfig
from trainer.events.command_events import Forecast

_BUYS, _MEASURING = "what it buys", "being measured…"
_WAITING = "Recipe and epochs follow when the training speed has been measured."
_NOT_YET = "Wait for the training speed to be measured, or choose “Custom” as time."


class TimeField(ChoiceField):
    """Offers times, and what a forecast promises for each: as rows, or where it is low, as a list.

    Signals:
        picked: Recipe and epochs for the chosen time are known: a `TrainConfig`.
        waiting_changed: A chosen time began to wait, or no longer does.
    """

    picked = Signal(object)
    waiting_changed = Signal()

    def __init__(self) -> None:
        self._forecast: Forecast | None = None
        self._hint, self._measuring = "", False
        self._offered: Sequence[Choice] = ()
        self.rows = TimeRows()
        super().__init__("Time", (), place=Place.BELOW, icon_name="clock")
        self.add_below(self.rows)
        self.set_low(low=False)
        self.show_choices(form_choices.time_choices(None))
        self.chosen.connect(self._on_chosen)
        self.rows.chosen.connect(self._on_row)
        self._show_hint()

    @property
    def is_waiting(self) -> bool:
        """Whether a time was chosen for which the settings are not known yet."""
        return self._forecast is None and self.key != OWN_TIME

    @property
    def problem(self) -> str:
        """Why a run cannot start yet; empty if it can."""
        return _NOT_YET if self.is_waiting else ""

    @property
    def order(self) -> list[QWidget]:
        """Its controls in the order of the keyboard."""
        return [*self.rows.order, self.combo]

    def set_low(self, *, low: bool) -> None:
        """Show a list in place of the rows, which take more height."""
        self.show_control(shown=low)
        self.rows.setVisible(not low)

    def show_choices(self, choices: Sequence[Choice], key: str | None = None) -> None:
        """Offer these in the list, and the most usual ones as rows."""
        self._offered = choices
        super().show_choices(choices, key)

    def choose(self, key: str) -> bool:
        """Choose a time, in the rows too."""
        chosen = super().choose(key)
        usual = form_choices.usual_times(self._offered, self.key)
        others = [each for each in self._offered if each not in usual]
        self.rows.show_choices(usual, self.key, others)
        return chosen

    def explain(self, text: str) -> None:
        """Explain the setting."""
        super().explain(text)
        self.rows.explain(text)

    def show_forecast(
        self, forecast: Forecast | None, hint: str = "", *, measuring: bool = False
    ) -> None:
        """Offer what can be trained; None while unknown, with a hint why or while measuring."""
        self._measuring = measuring
        waited_for = form_choices.minutes_of(self.key) if self.is_waiting else None
        self._forecast, self._hint = forecast, hint
        self.show_choices(form_choices.time_choices(forecast))
        if forecast is not None and waited_for is not None:
            self._settle(forecast, waited_for)
        else:
            self._show_hint()

    def match(self, config: TrainConfig | None, *, keep: bool = False) -> None:
        """Choose the time that these settings are for; `keep` leaves one that waits."""
        if not (keep and self.is_waiting):
            self.choose(form_choices.time_key(self._forecast, config))
            self._show_hint()

    def _settle(self, forecast: Forecast, minutes: int) -> None:
        """Pick the settings that a time has waited for."""
        key = form_choices.key_within(forecast, minutes)
        if key is None:
            self._hint = form_choices.nothing_within(minutes)
        else:
            self.choose(key)
            self.picked.emit(form_choices.timed_config(forecast, key))
        self._show_hint()
        self.waiting_changed.emit()

    def _show_hint(self) -> None:
        texts = (_WAITING if self.is_waiting else "", self._hint)
        self.show_hint(" ".join(filter(None, texts)))
        words = _BUYS if self._forecast is not None else ""
        self.show_helper(_MEASURING if self._measuring else words)

    @Slot(str)
    def _on_row(self, key: str) -> None:
        if key != self.key and self.choose(key):
            self.chosen.emit(key)

    @Slot(str)
    def _on_chosen(self, key: str) -> None:
        if self._forecast is not None and key != OWN_TIME:
            self.picked.emit(form_choices.timed_config(self._forecast, key))
        self._show_hint()
        self.waiting_changed.emit()
