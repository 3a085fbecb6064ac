"""What a run tells while it goes on: typed events, one JSON object a line.

Written by `trainer.training.loop` through the command line, read by the window and by anyone who parses
`cifar-trainer train --events`. Standard library only.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from trainer.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparing(Event):
    """What takes its time before there is more to tell: fetching or reading data, judging.

    Attributes:
        what: In words, such as `Reading images`.
        done: Images or bytes so far, if that is what is being counted.
        total: Of how many, if that is known.
    """

    name: ClassVar[str] = "preparing"
    what: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Event):
    """Another run trains on the device; this one begins when that has ended.

    Attributes:
        device: The device in words.
    """

    name: ClassVar[str] = "waiting"
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(Event):
    """A run began or went on.

    Attributes:
        recipe: Its name.
        data: The dataset's name.
        device: The device in words, such as `CPU (bfloat16)`.
        train_images: Images trained on.
        validation_images: Images put aside.
        test_images: Images of the test set.
        classes: Class names.
        parameters: Trainable numbers of the network.
        epochs: Epochs in all.
        steps: Steps in all.
        first_step: 0, or the step a resumed run goes on from.
        batch_size: Images a step.
        memory: Bytes that the device has, if that is known.
    """

    name: ClassVar[str] = "run_started"
    recipe: str
    data: str
    device: str
    train_images: int
    validation_images: int
    test_images: int
    classes: tuple[str, ...]
    parameters: int
    epochs: int
    steps: int
    first_step: int
    batch_size: int
    memory: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochStarted(Event):
    """An epoch began; epochs count from 1."""

    name: ClassVar[str] = "epoch_started"
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Event):
    """Some steps were taken.

    Attributes:
        epoch: The running epoch, from 1.
        step: Steps taken in all.
        steps: Steps of the whole run.
        loss: Mean training loss an image since the last `progress`.
        accuracy: Training accuracy since then, of augmented images, 0 to 1.
        images_per_second: Training speed since then; of all images of a batch, also where only the
            hardest are trained on.
        learning_rate: Of the main optimiser.
        seconds_left: Expected time to the end of training.
        memory: Bytes of the device's memory that the run takes, if that is known.
    """

    name: ClassVar[str] = "progress"
    epoch: int
    step: int
    steps: int
    loss: float
    accuracy: float
    images_per_second: float
    learning_rate: float
    seconds_left: float
    memory: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochFinished(Event):
    """An epoch ended and was validated.

    Attributes:
        epoch: From 1.
        train_loss: Mean loss of the augmented training images during the epoch.
        train_accuracy: 0 to 1, likewise.
        validation_loss: Mean cross-entropy of the validation images after the epoch.
        validation_accuracy: 0 to 1, one forward pass each.
        learning_rate: Of the main optimiser, at the end.
        seconds: Training and validation together.
        images_per_second: Training alone, counted likewise.
    """

    name: ClassVar[str] = "epoch_finished"
    epoch: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    learning_rate: float
    seconds: float
    images_per_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointSaved(Event):
    """All of the run so far is on disk."""

    name: ClassVar[str] = "checkpoint_saved"
    step: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Event):
    """A sentence for the person.

    Attributes:
        level: How serious it is.
        text: The sentence.
    """

    name: ClassVar[str] = "message"
    level: Literal["info", "warning"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished(Event):
    """The run is over and its network written.

    Attributes:
        model: Path of the model file.
        figures: Accuracies and calibration, as in the model file.
        seconds: Training time of the whole run, resumed parts included.
    """

    name: ClassVar[str] = "run_finished"
    model: str
    figures: dict[str, float]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFailed(Event):
    """The run ended before its time.

    Attributes:
        reason: Why, in words; of a run stopped by the person, that.
        stopped: Whether the person stopped it.
        resumable: Whether a checkpoint allows to go on.
    """

    name: ClassVar[str] = "run_failed"
    reason: str
    stopped: bool
    resumable: bool
