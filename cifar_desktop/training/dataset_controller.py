"""Finds out which devices there are and what the chosen dataset contains; made by the page.

Whatever needs torch or time is done by the trainer.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from cifar_desktop.common.dataset_choices import CIFAR10, data_title
from cifar_desktop.trainer_process.command_queue import CommandQueue, QueuedCommand
from cifar_desktop.trainer_process.outcome import Outcome
from cifar_desktop.training.form import TrainingForm
from cifar_desktop.training.widgets.dataset.check_list import CheckResult
from cifar_desktop.training.widgets.dataset.state import (
    DatasetInfo,
    DataState,
    Failed,
    Loading,
    NotDownloaded,
    NotInspected,
    SourceSize,
)
from trainer.config.image_size import USUAL_SIDE
from trainer.data.cifar10 import CIFAR10_CLASSES, CIFAR10_IMAGES
from trainer.events.base import Event
from trainer.events.command_events import (
    DatasetInspected,
    DatasetNotDownloaded,
    DatasetNote,
    DeviceTested,
)
from trainer.events.run_events import DataSource, Preparing

_SAMPLES = "40"
"""Number of samples per class and request: the next ten, and ten more, are there at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetSize:
    """The size of a dataset.

    Attributes:
        images: Number of training and test images.
        classes: Names of the classes.
        has_none: Whether there are pictures of other things to train on.
        validation: Number of validation images of its own; None if training images are held out.
    """

    images: tuple[int, int]
    classes: tuple[str, ...]
    has_none: bool = False
    validation: int | None = None


class DatasetController(QObject):
    """What is known about devices and dataset.

    Args:
        form: Shows the devices and the state of the dataset.
        commands: Runs commands of the trainer.

    Signals:
        data_state_changed: `DataState` of the chosen dataset.
        samples_found: `DatasetInfo` of the same dataset, with other samples.
        samples_failed: A sentence: why there are no other samples.
    """

    data_state_changed = Signal(object)
    samples_found = Signal(object)
    samples_failed = Signal(str)

    def __init__(self, form: TrainingForm, commands: CommandQueue) -> None:
        super().__init__(form)
        self._form, self._commands = form, commands
        self._begun = False
        self._devices: list[DeviceTested] = []
        self._state: DataState = NotInspected()
        self._seed = 0
        self._side = USUAL_SIDE
        form.changed.connect(self._on_settings)
        form.data_changed.connect(self._on_data)
        form.download_requested.connect(self.download)

    @property
    def state(self) -> DataState:
        """What is known about the chosen dataset."""
        return self._state

    @property
    def devices(self) -> list[DeviceTested]:
        """The devices that were tested so far."""
        return self._devices

    @property
    def size(self) -> DatasetSize | None:
        """The size of the dataset if it is known; that of CIFAR-10 is known in advance."""
        state = self._state
        if isinstance(state, DatasetInfo):
            images = sum(state.train_counts), sum(state.test_counts)
            own = sum(state.validation_counts) or None
            return DatasetSize(
                images=images,
                classes=state.classes,
                validation=own,
                has_none=state.none_counts[0] > 0,
            )
        if self._form.datasets() == (CIFAR10,) and not isinstance(state, Failed):
            return DatasetSize(images=CIFAR10_IMAGES, classes=CIFAR10_CLASSES)
        return None

    def begin(self) -> None:
        """Test the devices and inspect the dataset, once; not needed before the tab is shown."""
        if not self._begun:
            self._begun = True
            self._ask("devices", ("devices",), self._on_device, self._on_devices_tested)
            self.inspect()

    @Slot()
    def download(self) -> None:
        """Download the dataset now, instead of at the start of a run."""
        self._inspect("--download")

    @Slot()
    def inspect(self) -> None:
        """Inspect the dataset, or inspect it again."""
        self._inspect()

    @Slot()
    def find_samples(self) -> None:
        """Find other samples of the same dataset; its state does not change meanwhile."""
        if isinstance(self._state, DatasetInfo):
            self._seed += 1
            self._ask(
                "samples",
                self._inspect_command("--seed", str(self._seed)),
                self._on_samples_event,
                self._on_samples_finished,
            )

    @Slot()
    def cancel(self) -> None:
        """Cancel loading or downloading; the part of a download that has arrived is kept."""
        self._commands.drop("data")
        self._set_state(NotInspected())

    def _ask(
        self,
        topic: str,
        arguments: tuple[str, ...],
        event_received: Callable[[Event], None],
        finished: Callable[[Outcome], None],
    ) -> None:
        self._commands.add(
            QueuedCommand(
                topic=topic, arguments=arguments, event_received=event_received, finished=finished
            )
        )

    def _inspect(self, *options: str) -> None:
        self._commands.drop("samples")
        self._seed = 0
        self._side = self._form.image_size()
        self._set_state(Loading(what="Inspecting the dataset"))
        command = self._inspect_command(*options)
        self._ask("data", command, self._on_data_event, self._on_data_finished)

    def _inspect_command(self, *options: str) -> tuple[str, ...]:
        size = "--image-size", str(self._side)
        return "inspect", *self._form.datasets(), *size, "--samples", _SAMPLES, *options

    def _set_state(self, state: DataState) -> None:
        self._state = state
        self._form.show_data_state(state)
        self.data_state_changed.emit(state)

    @Slot(object)
    def _on_data(self, _datasets: tuple[str, ...]) -> None:
        if self._begun:
            self.inspect()

    @Slot()
    def _on_settings(self) -> None:
        # What the network will see is shown, and prepared for the run.
        if self._begun and self._form.image_size() != self._side:
            self.inspect()

    def _on_device(self, event: Event) -> None:
        if isinstance(event, DeviceTested):
            self._devices.append(event)

    def _on_devices_tested(self, _outcome: Outcome) -> None:
        # Without a list the form still offers "Automatic", and the run reports what is wrong.
        self._form.show_devices(self._devices)

    def _on_data_event(self, event: Event) -> None:
        match event:
            case Preparing():
                self._set_state(Loading(what=event.what, done=event.done, total=event.total))
            case DatasetNotDownloaded():
                self._set_state(NotDownloaded(title="CIFAR-10", size=event.size))
            case DatasetInspected():
                self._set_state(dataset_info(event))

    def _on_data_finished(self, outcome: Outcome) -> None:
        if not outcome.good or isinstance(self._state, Loading):
            self._set_state(Failed(reason=outcome.sentence))

    def _on_samples_event(self, event: Event) -> None:
        if isinstance(event, DatasetInspected):
            found, state = dataset_info(event), self._state
            if isinstance(state, DatasetInfo) and _counts(found) == _counts(state):
                self.samples_found.emit(found)
            else:
                # The files have changed meanwhile.
                self._set_state(found)

    def _on_samples_finished(self, outcome: Outcome) -> None:
        if not outcome.good:
            self.samples_failed.emit(outcome.sentence)


def _counts(state: DatasetInfo) -> tuple[object, ...]:
    counts = state.train_counts, state.validation_counts, state.test_counts, state.none_counts
    return state.classes, *counts


def dataset_info(event: DatasetInspected) -> DatasetInfo:
    """The result of an inspection, as plain values for the widgets."""
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
        validation_counts=event.validation_counts,
        notes=tuple(map(_note, event.notes)),
        sources=tuple(map(_source, event.sources)),
        none_counts=event.none_counts,
        none_samples=base64.b64decode(event.none_samples),
        none_mean=base64.b64decode(event.none_mean),
    )


def _source(source: DataSource) -> SourceSize:
    title = data_title(source.place) if source.place == CIFAR10 else source.name
    return SourceSize(name=title, train_images=source.train_images, none_images=source.none_images)


def _note(note: DatasetNote) -> CheckResult:
    return CheckResult(severity=note.severity, sentence=note.text, items=note.names, more=note.more)
