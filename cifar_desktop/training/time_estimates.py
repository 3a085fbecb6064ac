"""Estimates how long the run of the form will take, and what can be trained in a given time.

Made by the Training page. Both come from timing a few training steps in the trainer: those of the
form's own settings, and those of two recipes, which takes some ten seconds and has low priority.
"""

from dataclasses import dataclass

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cifar_desktop.trainer_process.command_queue import CommandQueue, QueuedCommand
from cifar_desktop.trainer_process.outcome import Outcome
from cifar_desktop.training.dataset_controller import DatasetController
from cifar_desktop.training.form import TrainingForm
from cifar_desktop.ui import formatting
from trainer.config.recipes import recipe
from trainer.config.train_config import TrainConfig
from trainer.events.base import Event
from trainer.events.command_events import Forecast, SpeedMeasured
from trainer.planning.dataset_counts import DatasetCounts
from trainer.planning.duration import run_seconds

_MEASURE_AFTER_MS = 800
"""A measurement must not start with every key that is typed."""
_SPEED, _FORECAST = "speed", "forecast"
_MEASURING = "Measuring training speed…"

SpeedKey = tuple[str, int]
"""What the speed depends on: settings, as JSON, and number of classes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastKey:
    """What a forecast depends on.

    Attributes:
        device: The device, as in a config.
        counts: The size of the dataset.
    """

    device: str
    counts: DatasetCounts


class TimeEstimates(QObject):
    """Shows the estimated duration in the form.

    Args:
        form: The form.
        dataset: Knows the size of the dataset.
        commands: Runs commands of the trainer.

    Signals: none.
    """

    def __init__(
        self, form: TrainingForm, dataset: DatasetController, commands: CommandQueue
    ) -> None:
        super().__init__(form)
        self._form, self._dataset, self._commands = form, dataset, commands
        self._begun = self._training = False
        self._counts = dataset.counts
        self._speeds: dict[SpeedKey, SpeedMeasured] = {}
        self._failures: dict[SpeedKey, str] = {}
        self._forecasts = TimeForecasts(form, commands)
        self._forecasts.found.connect(self._on_forecast)
        self._timer = QTimer(self, singleShot=True, interval=_MEASURE_AFTER_MS)
        self._timer.timeout.connect(self._measure)
        form.changed.connect(self._show)
        form.estimate_requested.connect(self._measure_again)
        dataset.data_state_changed.connect(self._on_data)

    @property
    def forecast_key(self) -> ForecastKey | None:
        """What the forecast depends on now; None while the dataset is unknown."""
        counts = self._dataset.counts
        return None if counts is None else ForecastKey(device=self._form.device.key, counts=counts)

    def begin(self) -> None:
        """Start estimating; nothing of this is needed before the tab is shown."""
        if not self._begun:
            self._begun = True
            self._show()

    def set_training(self, *, training: bool) -> None:
        """Measure nothing while a run is active: it would slow both, and mislead."""
        if training != self._training:
            self._training = training
            if training:
                self._commands.drop(_SPEED)
                self._forecasts.leave()
            self._show()

    @Slot()
    def _on_data(self) -> None:
        if self._dataset.counts != self._counts:
            self._show()

    @Slot()
    def _show(self) -> None:
        """Show the estimate for these settings, or measure the speed if it is unknown."""
        self._timer.stop()
        self._counts = counts = self._dataset.counts
        config = self._form.config()
        self._forecasts.show(self.forecast_key)
        if config is None or counts is None:
            self._form.show_estimate("", offer=False)
            return
        key = _speed_key(config, counts.classes)
        if (speed := self._speeds.get(key)) is not None:
            about, details = _estimate(config, speed, counts)
            measured = formatting.speed(1 / speed.image_seconds)
            self._form.show_estimate(about, details, speed=measured, offer=not self._training)
            if not self._training:
                self._forecasts.request()
        elif self._training:
            self._form.show_estimate("Estimated when no run is active.", offer=False)
        elif (failure := self._failures.get(key)) is not None:
            self._form.show_estimate(failure)
            self._forecasts.request()
        elif self._begun:
            self._form.show_estimate(_MEASURING, offer=False)
            self._timer.start()

    @Slot(object, object)
    def _on_forecast(self, key: ForecastKey, forecast: Forecast) -> None:
        """Estimate from the same measurement as the forecast: two would not agree."""
        for name, speed in forecast.speeds.items():
            config = recipe(name).with_changes({"device": key.device})
            self._speeds[_speed_key(config, key.counts.classes)] = speed
        self._show()

    @Slot()
    def _measure_again(self) -> None:
        config, counts = self._form.config(), self._dataset.counts
        if config is not None and counts is not None:
            key = _speed_key(config, counts.classes)
            self._speeds.pop(key, None)
            self._failures.pop(key, None)
        self._forecasts.forget()
        self._show()

    @Slot()
    def _measure(self) -> None:
        config, counts = self._form.config(), self._dataset.counts
        if config is None or counts is None or self._training:
            return
        key = _speed_key(config, counts.classes)
        self._commands.add(
            QueuedCommand(
                topic=_SPEED,
                arguments=("probe", "--config", "-", "--classes", str(counts.classes)),
                event_received=lambda event: self._on_event(key, event),
                finished=lambda outcome: self._on_finished(key, outcome),
                stdin=config.to_json().encode(),
            )
        )

    def _on_event(self, key: SpeedKey, event: Event) -> None:
        if isinstance(event, SpeedMeasured):
            self._speeds[key] = event

    def _on_finished(self, key: SpeedKey, outcome: Outcome) -> None:
        if not outcome.good:
            self._failures[key] = outcome.sentence
        self._show()


def _estimate(config: TrainConfig, speed: SpeedMeasured, counts: DatasetCounts) -> tuple[str, str]:
    """How long a run takes, and on what that is based."""
    duration = formatting.roughly(run_seconds(config, counts, speed))
    where = "CPU" if speed.device.startswith("CPU") else "GPU"
    based = f"on {speed.device}, measured {formatting.speed(1 / speed.image_seconds)}"
    amount = duration.removeprefix("about ")
    about = "about " if amount != duration else ""
    return (
        f"Takes {about}<b>{amount}</b> on the {where}",
        f"{formatting.capital(duration)} {based}",
    )


def _speed_key(config: TrainConfig, classes: int) -> SpeedKey:
    default = TrainConfig(recipe="")
    settings = replace(
        config,
        epochs=default.epochs,
        seed=default.seed,
        optimizer=default.optimizer,
        init=default.init,
        balance=default.balance,
        none_fraction=default.none_fraction,
        none_weight=default.none_weight,
        label_smoothing=default.label_smoothing,
        validation_images=default.validation_images,
        early_stopping=None,
        reduce_on_plateau=None,
        augmentation=default.augmentation,
    )
    return settings.to_json(), classes


def _size_options(counts: DatasetCounts) -> list[str]:
    """The size of a dataset as options of `cifar-trainer forecast`."""
    sizes = {"train": counts.train, "test": counts.test, "none": counts.none[0]}
    if counts.validation is not None:
        sizes["validation"] = counts.validation
    options = [word for name, size in sizes.items() for word in (f"--{name}-images", str(size))]
    return [*options, "--classes", str(counts.classes)]


class TimeForecasts(QObject):
    """Requests forecasts, and shows them in the form.

    Args:
        form: The form.
        commands: Runs commands of the trainer.

    Signals:
        found: `ForecastKey`, and the `Forecast` for it.
    """

    found = Signal(object, object)

    def __init__(self, form: TrainingForm, commands: CommandQueue) -> None:
        super().__init__(form)
        self._form, self._commands = form, commands
        self._current: ForecastKey | None = None
        self._requested: ForecastKey | None = None
        self._found: dict[ForecastKey, Forecast] = {}
        self._failures: dict[ForecastKey, str] = {}

    def show(self, key: ForecastKey | None) -> None:
        """Show what is known for this key; None while the dataset is unknown."""
        if key != self._current:
            self._current = key
            self.leave()

    def request(self) -> None:
        """Request the current forecast, unless it is known, has failed, or was requested."""
        key = self._current
        known = key in self._found or key in self._failures
        if key is not None and key != self._requested and not known:
            self._requested = key
            self._show()
            self._ask(key)

    def forget(self) -> None:
        """Forget the current forecast, so that it can be measured again."""
        if self._current is not None:
            self._found.pop(self._current, None)
            self._failures.pop(self._current, None)
        self.leave()

    def leave(self) -> None:
        """Cancel the request."""
        self._requested = None
        self._commands.drop(_FORECAST)
        self._show()

    def _show(self) -> None:
        current = self._current
        if current is None:
            self._form.show_forecast(None)
        else:
            self._form.show_forecast(
                self._found.get(current),
                self._failures.get(current, ""),
                measuring=current == self._requested,
            )

    def _ask(self, key: ForecastKey) -> None:
        arguments = ["forecast", "--device", key.device]
        if not key.counts.is_cifar10:
            arguments += _size_options(key.counts)
        self._commands.add(
            QueuedCommand(
                topic=_FORECAST,
                arguments=tuple(arguments),
                event_received=lambda event: self._on_event(key, event),
                finished=lambda outcome: self._on_finished(key, outcome),
                low_priority=True,
            )
        )

    def _on_event(self, key: ForecastKey, event: Event) -> None:
        if isinstance(event, Forecast):
            self._found[key] = event
            self.found.emit(key, event)

    def _on_finished(self, key: ForecastKey, outcome: Outcome) -> None:
        if not outcome.good:
            self._failures[key] = outcome.sentence
        if key == self._requested:
            self._requested = None
        self._show()
