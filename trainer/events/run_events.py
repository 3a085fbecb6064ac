"""Events of a training run, in the order in which they occur.

Reported by `cifar-trainer train --events`, one JSON object a line, and recorded in the run folder's
`events.jsonl`; read by the window and by other programs. A run reports `Preparing` and `Waiting`
any number of times, then `RunStarted`; for each epoch `EpochStarted`, `Progress` any number of
times, and `EpochFinished`; then `RunFinished`. `CheckpointSaved` and `Message` may come at any
time, and `RunFailed` in place of everything that would have followed.
"""

from typing import Literal

import msgspec

from trainer.events.base import Event


class DataSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the datasets that are used together.

    Attributes:
        name: `cifar10`, or the name of the folder.
        place: `cifar10`, or the folder; empty if unknown.
        train_images: Number of its training images, including those held out for validation.
        none_images: Number of its pictures of other things to train on.
    """

    name: str
    place: str = ""
    train_images: int
    none_images: int = 0

    def __str__(self) -> str:
        images = f"{self.train_images:,} training images" if self.train_images else ""
        none = f"{self.none_images:,} pictures of other things" if self.none_images else ""
        return f"{self.name}: {', '.join(filter(None, (images, none))) or 'nothing to train on'}"


class Preparing(Event, frozen=True, kw_only=True):
    """Something that takes a while before, between or after the epochs: downloads, evaluation.

    Attributes:
        what: The activity, such as `Reading images`.
        done: Number of images or bytes processed so far; 0 if they are not counted.
        total: Number of images or bytes; None if unknown.
    """

    what: str
    done: int
    total: int | None


class Waiting(Event, frozen=True, kw_only=True):
    """Another run uses the device; this one starts when that has finished.

    Attributes:
        device: Device and data type, such as `CPU (bfloat16)`.
    """

    device: str


class RunStarted(Event, frozen=True, kw_only=True):
    """Training started or was resumed.

    Attributes:
        recipe: Name of the recipe.
        data: Name of the dataset.
        device: Device and data type, such as `CPU (bfloat16)`.
        train_images: Number of images trained on.
        validation_images: Number of images held out for validation.
        test_images: Number of images in the test set.
        classes: Class names.
        parameters: Number of trainable parameters.
        epochs: Number of epochs.
        steps: Number of optimizer steps in all epochs.
        first_step: Number of steps taken before; 0 unless the run was resumed.
        batch_size: Number of images per step.
        memory: Memory of the device in bytes; None if unknown.
        sources: The datasets that are used together; empty in old logs.
        none_counts: Number of pictures of other things in the training, validation and test split.
    """

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
    sources: tuple[DataSource, ...] = ()
    none_counts: tuple[int, int, int] = (0, 0, 0)


class EpochStarted(Event, frozen=True, kw_only=True):
    """An epoch started.

    Attributes:
        epoch: Number of the epoch, from 1.
    """

    epoch: int


class Progress(Event, frozen=True, kw_only=True):
    """Steps were taken since the last `Progress`, on which the averages are based.

    Attributes:
        epoch: Number of the current epoch, from 1.
        step: Number of steps taken so far.
        steps: Number of steps of the whole run.
        loss: Mean training loss per image.
        accuracy: Accuracy on the augmented training images, 0 to 1.
        images_per_second: Training throughput; counts the whole batch even if only the hardest
            examples are trained on.
        learning_rate: Learning rate of the main optimizer.
        seconds_left: Estimated time to the end of training.
        memory: Memory in bytes that the run takes on the device; None if unknown.
    """

    epoch: int
    step: int
    steps: int
    loss: float
    accuracy: float
    images_per_second: float
    learning_rate: float
    seconds_left: float
    memory: int | None


class EpochFinished(Event, frozen=True, kw_only=True):
    """An epoch finished and the network was validated.

    Attributes:
        epoch: Number of the epoch, from 1.
        train_loss: Mean loss of the augmented training images during the epoch.
        train_accuracy: Accuracy on them, 0 to 1.
        validation_loss: Mean cross-entropy of the validation images after the epoch.
        validation_accuracy: Accuracy on them with a single forward pass, 0 to 1.
        learning_rate: Learning rate of the main optimizer at the end of the epoch.
        seconds: Duration of training and validation.
        images_per_second: Throughput of training alone, counted as in `Progress`.
    """

    epoch: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    learning_rate: float
    seconds: float
    images_per_second: float


class CheckpointSaved(Event, frozen=True, kw_only=True):
    """A checkpoint was written, from which the run can be resumed.

    Attributes:
        step: Number of steps taken so far.
        path: Path of the checkpoint.
    """

    step: int
    path: str


class Message(Event, frozen=True, kw_only=True):
    """A message for the user.

    Attributes:
        level: Severity; a detail is recorded and printed, but the window does not interrupt for it.
        text: One or more sentences.
    """

    level: Literal["detail", "info", "warning"]
    text: str


class RunFinished(Event, frozen=True, kw_only=True):
    """The run finished and its model file was written.

    Attributes:
        model: Path of the model file.
        figures: Accuracies and calibration error, as in the model file.
        seconds: Training time, including that before the run was resumed.
    """

    model: str
    figures: dict[str, float]
    seconds: float


class RunFailed(Event, frozen=True, kw_only=True):
    """The run ended early: it failed or was stopped.

    Attributes:
        reason: What happened and what to do about it.
        stopped: Whether the user stopped it.
        resumable: Whether it can be resumed from a checkpoint.
    """

    reason: str
    stopped: bool
    resumable: bool
