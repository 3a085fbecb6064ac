"""Finds out what the form of the Training tab shows: devices, data, duration.

Made by the Training tab. What needs torch and time is asked of the trainer.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cifar_desktop.common.dataset_choices import CIFAR10
from cifar_desktop.trainer_process.command_queue import CommandQueue, QueuedCommand
from cifar_desktop.trainer_process.outcome import Outcome
from cifar_desktop.training.form import TrainingForm
from cifar_desktop.training.time_estimates import ForecastKey, TimeEstimates
from cifar_desktop.training.widgets.dataset.state import (
    DatasetInfo,
    DataState,
    Failed,
    Loading,
    NotDownloaded,
    NotInspected,
)
from cifar_desktop.ui import formatting
from trainer.config.train_config import TrainConfig
from trainer.data.cifar10 import CIFAR10_CLASSES, CIFAR10_IMAGES, is_cifar10
from trainer.events.base import Event
from trainer.events.command_events import DataDescribed, DataMissing, DeviceTried, Probed
from trainer.events.run_events import Preparing
from trainer.planning.duration import run_seconds

_PROBE_AFTER_MS = 800
"""Somebody who still types must not set off a computation with every key."""

_SAMPLES = "40"
"""Of each class at a time: ten others, and ten others, are there at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sizes:
    """Of a dataset.

    Attributes:
        images: To train and to test with.
        classes: Their names.
    """

    images: tuple[int, int]
    classes: tuple[str, ...]


class DatasetController(QObject):
    """What is known about devices, data and speed.

    Args:
        form: Shows it.
        questions: Asks the trainer.

    Signals:
        data_state_changed: `DataState` of the chosen dataset.
        samples_found: `DatasetInfo` of the same dataset, with other samples.
        samples_failed: Why there are no others, in words.
    """

    data_state_changed = Signal(object)
    samples_found = Signal(object)
    samples_failed = Signal(str)

    def __init__(self, form: TrainingForm, commands: CommandQueue) -> None:
        super().__init__(form)
        self._form, self._commands = form, commands
        self._begun = self._training = False
        self._devices: list[DeviceTried] = []
        self._state: DataState = NotInspected()
        self._seed = 0
        self._speeds: dict[tuple[str, int], Probed] = {}
        self._times = TimeEstimates(form, commands)
        self._failures: dict[tuple[str, int], str] = {}
        self._pause = QTimer(self, singleShot=True, interval=_PROBE_AFTER_MS)
        self._pause.timeout.connect(self._probe)
        form.changed.connect(self._show_estimate)
        form.data_changed.connect(self._on_data)
        form.download_requested.connect(self.download)
        form.estimate_requested.connect(self._probe_again)

    @property
    def state(self) -> DataState:
        """What is known about the chosen dataset."""
        return self._state

    @property
    def devices(self) -> list[DeviceTried]:
        """The devices that were tried so far."""
        return self._devices

    def begin(self) -> None:
        """Look at devices and data, once; nothing of this is needed before the tab is shown."""
        if not self._begun:
            self._begun = True
            self._ask("devices", ("devices",), self._on_device, self._on_devices_ended)
            self._inspect()
            self._show_estimate()

    def set_training(self, *, training: bool) -> None:
        """While a network is trained, nothing is probed: it would slow both and mislead."""
        if training != self._training:
            self._training = training
            if training:
                self._commands.drop("speed")
                self._times.leave()
            self._show_estimate()

    @Slot()
    def download(self) -> None:
        """Download the dataset now, instead of at the start of a run."""
        self._inspect("--download")

    @Slot()
    def look(self) -> None:
        """Look at the dataset, or once more at what it is now."""
        self._inspect()

    @Slot()
    def find_samples(self) -> None:
        """Find other samples of the same dataset, without a word until they are there."""
        if isinstance(self._state, DatasetInfo):
            self._seed += 1
            self._ask(
                "samples",
                self._inspection("--seed", str(self._seed)),
                self._on_samples_told,
                self._on_samples_ended,
            )

    @Slot()
    def cancel(self) -> None:
        """Stop reading or downloading; what has arrived of a download is kept for the next time."""
        self._commands.drop("data")
        self._set_state(NotInspected())
        self._show_estimate()

    def _ask(
        self,
        topic: str,
        arguments: tuple[str, ...],
        event_received: Callable[[Event], None],
        finished: Callable[[Outcome], None],
        stdin: bytes = b"",
    ) -> None:
        self._commands.ask(
            QueuedCommand(
                topic=topic,
                arguments=arguments,
                event_received=event_received,
                finished=finished,
                stdin=stdin,
            )
        )

    def _inspect(self, *more: str) -> None:
        self._commands.drop("samples")
        self._seed = 0
        self._set_state(Loading(what="Looking at the data"))
        self._ask("data", self._inspection(*more), self._on_data_told, self._on_data_ended)

    def _inspection(self, *more: str) -> tuple[str, ...]:
        return "inspect", self._form.data(), "--samples", _SAMPLES, *more

    def _set_state(self, state: DataState) -> None:
        self._state = state
        self._form.show_data_state(state)
        self.data_state_changed.emit(state)

    @Slot(str)
    def _on_data(self, _data: str) -> None:
        if self._begun:
            self._inspect()

    def _on_device(self, event: Event) -> None:
        if isinstance(event, DeviceTried):
            self._devices.append(event)

    def _on_devices_ended(self, _outcome: Outcome) -> None:
        # Without a list the form still offers "Automatic", and the run says what is wrong.
        self._form.show_devices(self._devices)

    def _on_data_told(self, event: Event) -> None:
        match event:
            case Preparing():
                self._set_state(Loading(what=event.what, done=event.done, total=event.total))
            case DataMissing():
                self._set_state(NotDownloaded(title="CIFAR-10", size=event.size))
            case DataDescribed():
                self._set_state(described(event))

    def _on_data_ended(self, outcome: Outcome) -> None:
        if not outcome.good or isinstance(self._state, Loading):
            self._set_state(Failed(reason=outcome.sentence))
        self._show_estimate()

    def _on_samples_told(self, event: Event) -> None:
        if isinstance(event, DataDescribed):
            found, state = described(event), self._state
            if isinstance(state, DatasetInfo) and _counts(found) == _counts(state):
                self.samples_found.emit(found)
            else:
                # The files have changed meanwhile.
                self._set_state(found)

    def _on_samples_ended(self, outcome: Outcome) -> None:
        if not outcome.good:
            self.samples_failed.emit(outcome.sentence)

    def _sizes(self) -> _Sizes | None:
        """Of the data, if they are known; of CIFAR-10 they are before it has been looked at."""
        state = self._state
        if isinstance(state, DatasetInfo):
            images = sum(state.train_counts), sum(state.test_counts)
            return _Sizes(images=images, classes=state.classes)
        if self._form.data() == CIFAR10 and not isinstance(state, Failed):
            return _Sizes(images=CIFAR10_IMAGES, classes=CIFAR10_CLASSES)
        return None

    @Slot()
    def _show_estimate(self) -> None:
        """Show the estimate for these settings, and find out the speed where it is not known."""
        self._pause.stop()
        config, sizes = self._form.config(), self._sizes()
        self._times.show(self._circumstances())
        if config is None or sizes is None:
            self._form.show_estimate("", offer=False)
            return
        key = _key(config, sizes)
        if (probed := self._speeds.get(key)) is not None:
            text = _estimate(config, probed, sizes.images)
            self._form.show_estimate(text, offer=not self._training)
            if not self._training:
                self._times.find_out()
        elif self._training:
            self._form.show_estimate("The time is estimated when nothing is trained.", offer=False)
        elif (failure := self._failures.get(key)) is not None:
            self._form.show_estimate(failure)
            self._times.find_out()
        elif self._begun:
            self._form.show_estimate("Estimating the time…", offer=False)
            self._pause.start()

    def _circumstances(self) -> ForecastKey | None:
        sizes = self._sizes()
        if sizes is None:
            return None
        return ForecastKey(
            device=self._form.device.key,
            images=None if is_cifar10(sizes.classes, *sizes.images) else sizes.images,
            classes=len(sizes.classes),
        )

    @Slot()
    def _probe_again(self) -> None:
        config, sizes = self._form.config(), self._sizes()
        if config is not None and sizes is not None:
            key = _key(config, sizes)
            self._speeds.pop(key, None)
            self._failures.pop(key, None)
        self._times.forget()
        self._show_estimate()

    @Slot()
    def _probe(self) -> None:
        config, sizes = self._form.config(), self._sizes()
        if config is None or sizes is None or self._training:
            return
        key = _key(config, sizes)
        self._ask(
            "speed",
            ("probe", "--config", "-", "--classes", str(len(sizes.classes))),
            lambda event: self._on_probed(key, event),
            lambda outcome: self._on_probe_ended(key, outcome),
            config.to_json().encode(),
        )

    def _on_probed(self, key: tuple[str, int], event: Event) -> None:
        if isinstance(event, Probed):
            self._speeds[key] = event

    def _on_probe_ended(self, key: tuple[str, int], outcome: Outcome) -> None:
        if not outcome.good:
            self._failures[key] = outcome.sentence
        self._show_estimate()


def _counts(state: DatasetInfo) -> tuple[object, ...]:
    return state.classes, state.train_counts, state.test_counts


def _estimate(config: TrainConfig, probed: Probed, images: tuple[int, int]) -> str:
    train, test = images
    seconds = run_seconds(config, train_images=train, test_images=test, probed=probed)
    fastest = formatting.speed(1 / probed.image_seconds)
    return f"Takes {formatting.roughly(seconds)} on {probed.device}: {fastest} just now"


def _key(config: TrainConfig, sizes: _Sizes) -> tuple[str, int]:
    """What the speed depends on."""
    same = TrainConfig(recipe="")
    settings = replace(
        config,
        epochs=same.epochs,
        seed=same.seed,
        optimizer=same.optimizer,
        label_smoothing=same.label_smoothing,
        validation_images=same.validation_images,
        early_stopping=None,
        plateau=None,
        augmentation=same.augmentation,
    )
    return settings.to_json(), len(sizes.classes)


def described(event: DataDescribed) -> DatasetInfo:
    """What was found out about a dataset, for the widgets."""
    return DatasetInfo(
        classes=event.classes,
        train_counts=event.train_counts,
        test_counts=event.test_counts,
        unreadable=event.unreadable,
        unreadable_count=event.unreadable_count,
        side=event.image_size,
        sampled_classes=event.sampled_classes,
        samples_per_class=event.samples_per_class,
        samples=base64.b64decode(event.samples),
        seed=event.seed,
        smallest=event.smallest,
        largest=event.largest,
        means=base64.b64decode(event.means),
        duplicates=event.duplicates,
        duplicate_count=event.duplicate_count,
    )
