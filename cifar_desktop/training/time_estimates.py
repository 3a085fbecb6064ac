"""Finds out what can be trained in which time, for the form; made by `training_setup`.

Timing two recipes takes some ten seconds: the question is patient, so nobody else waits for it.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from cifar_desktop.trainer_process.command_queue import CommandQueue, QueuedCommand
from cifar_desktop.trainer_process.outcome import Outcome
from cifar_desktop.training.form import TrainingForm
from trainer.events.base import Event
from trainer.events.command_events import Forecast

_TOPIC = "forecast"
_ASKING = "What fits into which time is being measured…"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastKey:
    """What a forecast depends on.

    Attributes:
        device: As a config names it.
        images: Training and test images of the dataset; None for CIFAR-10.
        classes: How many classes there are.
    """

    device: str
    images: tuple[int, int] | None
    classes: int


class TimeEstimates(QObject):
    """Asks, and hands the answer to the form.

    Args:
        form: Shows it.
        questions: Asks the trainer.

    Signals: none.
    """

    def __init__(self, form: TrainingForm, commands: CommandQueue) -> None:
        super().__init__(form)
        self._form, self._commands = form, commands
        self._current: ForecastKey | None = None
        self._asked: ForecastKey | None = None
        self._found: dict[ForecastKey, Forecast] = {}
        self._failures: dict[ForecastKey, str] = {}

    def show(self, circumstances: ForecastKey | None) -> None:
        """Show what is known for these; None while nobody knows what there is to train on."""
        if circumstances != self._current:
            self._current = circumstances
            self.leave()

    def find_out(self) -> None:
        """Ask for what is shown, unless it is known, has failed, or is being asked for."""
        wanted = self._current
        answered = wanted in self._found or wanted in self._failures
        if wanted is not None and wanted != self._asked and not answered:
            self._asked = wanted
            self._show()
            self._ask(wanted)

    def forget(self) -> None:
        """Have what is shown measured anew."""
        if self._current is not None:
            self._found.pop(self._current, None)
            self._failures.pop(self._current, None)
        self.leave()

    def leave(self) -> None:
        """Ask no longer."""
        self._asked = None
        self._commands.drop(_TOPIC)
        self._show()

    def _show(self) -> None:
        current = self._current
        if current is None:
            self._form.show_forecast(None)
        else:
            hint = _ASKING if current == self._asked else self._failures.get(current, "")
            self._form.show_forecast(self._found.get(current), hint)

    def _ask(self, wanted: ForecastKey) -> None:
        arguments = ["forecast", "--device", wanted.device]
        if wanted.images is not None:
            train, test = (str(count) for count in wanted.images)
            arguments += ["--train-images", train, "--test-images", test]
            arguments += ["--classes", str(wanted.classes)]
        self._commands.ask(
            QueuedCommand(
                topic=_TOPIC,
                arguments=tuple(arguments),
                event_received=lambda event: self._on_event(wanted, event),
                finished=lambda outcome: self._on_finished(wanted, outcome),
                low_priority=True,
            )
        )

    def _on_event(self, wanted: ForecastKey, event: Event) -> None:
        if isinstance(event, Forecast):
            self._found[wanted] = event

    def _on_finished(self, wanted: ForecastKey, outcome: Outcome) -> None:
        if not outcome.good:
            self._failures[wanted] = outcome.sentence
        if wanted == self._asked:
            self._asked = None
        self._show()
