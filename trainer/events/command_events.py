"""Events of the commands other than `train`: what they found out or wrote.

Reported by `cifar-trainer devices`, `inspect`, `probe`, `forecast`, `evaluate`, `export` and
`combine` with `--events`; read by the window and by other programs.
"""

from typing import Literal

import msgspec

from trainer.events.base import Event
from trainer.events.run_events import DataSource

FEW_IMAGES = 50
"""Classes with fewer training images are flagged: their accuracy may be a matter of chance."""


class DeviceTested(Event, frozen=True, kw_only=True):
    """A device was tested with a real computation.

    Attributes:
        device: Kind of device, as in a config.
        title: Name, such as `NVIDIA H200` or that of the processor.
        precision: Precision that is fastest in training, such as `bfloat16`; empty if not measured.
        works: Whether the result was correct.
        reason: Why it does not work and what would help; empty if it works.
        memory: Memory in bytes; None if unknown.
        automatic: Whether `auto` selects it.
        speeds: Images per second in forward and backward passes of `sprint`, by mode, such as
            `bfloat16, channels last`; empty if not measured.
    """

    device: Literal["cpu", "cuda", "mps"]
    title: str
    precision: str
    works: bool
    reason: str
    memory: int | None
    automatic: bool
    speeds: dict[str, float] = msgspec.field(default_factory=dict)


class DatasetNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a dataset was read where that is not obvious, or what of it is wrong or not used.

    Attributes:
        severity: `warning` if something is wrong or not used.
        text: A sentence.
        names: The first files, folders or classes concerned; may be empty.
        more: Number of further ones beyond `names`.
    """

    severity: Literal["info", "warning"]
    text: str
    names: tuple[str, ...] = ()
    more: int = 0


class DatasetInspected(Event, frozen=True, kw_only=True):
    """A dataset was loaded and summarized.

    Attributes:
        data: Name of the dataset.
        classes: Class names.
        train_counts: Number of training images per class, including those held out for validation.
        test_counts: Number of test images per class.
        unreadable: The first few skipped files, each with the reason.
        unreadable_count: Number of skipped files.
        image_size: Width and height in pixels to which the images are resized.
        sampled_classes: Number of classes, from the first, that `samples` and `means` show.
        samples_per_class: Number of samples per class; black where a class has fewer images.
        samples: Base64 of uint8 pixels of shape [sampled_classes, samples_per_class, S, S, 3].
        seed: Random seed of the samples.
        smallest: Width and height of the original image with the fewest pixels.
        largest: Width and height of the original image with the most pixels.
        means: Base64 of uint8 pixels of shape [sampled_classes, S, S, 3]: the mean training image
            of each class; black where a class has none.
        duplicates: The first few test images that are also training images, pixel for pixel; a
            sentence each that names both.
        duplicate_count: Number of such test images.
        validation_counts: Number of validation images per class; empty if training images are held
            out for validation.
        notes: How the dataset was read, and what of it is not used.
        sources: The datasets that are used together.
        none_counts: Number of pictures of other things in the training, validation and test split.
        none_samples: Base64 of uint8 pixels of shape [1, samples_per_class, S, S, 3]: pictures of
            other things, black where there are fewer; empty if there are none.
        none_mean: Base64 of uint8 pixels of shape [1, S, S, 3], their mean; empty if there are
            none.
    """

    data: str
    classes: tuple[str, ...]
    train_counts: tuple[int, ...]
    test_counts: tuple[int, ...]
    unreadable: tuple[str, ...]
    unreadable_count: int
    image_size: int
    sampled_classes: int
    samples_per_class: int
    samples: str
    seed: int
    smallest: tuple[int, int]
    largest: tuple[int, int]
    means: str
    duplicates: tuple[str, ...]
    duplicate_count: int
    validation_counts: tuple[int, ...] = ()
    notes: tuple[DatasetNote, ...] = ()
    sources: tuple[DataSource, ...] = ()
    none_counts: tuple[int, int, int] = (0, 0, 0)
    none_samples: str = ""
    none_mean: str = ""


class DatasetNotDownloaded(Event, frozen=True, kw_only=True):
    """The dataset must be downloaded first, which the command was not allowed to do.

    Attributes:
        data: Name of the dataset.
        size: Size of the download in bytes.
    """

    data: str
    size: int


class SpeedMeasured(Event, frozen=True, kw_only=True):
    """A few training steps of a recipe were timed on a device.

    Attributes:
        device: Device and data type, such as `CPU (bfloat16)`.
        image_seconds: Time to train on one image.
        step_seconds: Overhead of a step, mostly the optimizer's update.
        forward_seconds: Time of the forward pass of one image.
    """

    device: str
    image_seconds: float
    step_seconds: float
    forward_seconds: float


class Forecast(Event, frozen=True, kw_only=True):
    """What can be trained on a device within several time budgets, in ascending order.

    Each tuple has one entry per budget.

    Attributes:
        device: Device, such as `CPU`.
        minutes: Time budgets.
        recipes: Recommended recipe.
        epochs: Number of epochs.
        seconds: Expected time from the first step to the model file.
        accuracies: Expected test accuracy, 0 to 1; None for data other than CIFAR-10.
        speeds: The measured speed of each recipe, on which the times are based.
    """

    device: str
    minutes: tuple[float, ...]
    recipes: tuple[str, ...]
    epochs: tuple[int, ...]
    seconds: tuple[float, ...]
    accuracies: tuple[float | None, ...]
    speeds: dict[str, SpeedMeasured]


class Evaluated(Event, frozen=True, kw_only=True):
    """A network was evaluated.

    Attributes:
        report: Path of the report (`trainer.evaluation.report`); empty if none was requested.
    """

    report: str


class Exported(Event, frozen=True, kw_only=True):
    """A file was written: a network, or a run's curves for TensorBoard.

    Attributes:
        content: What was written.
        path: Model file, or folder of TensorBoard files.
        epoch: Number of epochs the network was trained for; a fraction if within an epoch.
    """

    content: Literal["network", "curves"]
    path: str
    epoch: float


class CommandFailed(Event, frozen=True, kw_only=True):
    """The command failed.

    Attributes:
        reason: What happened and what to do about it.
        details: Technical details; may be empty.
    """

    reason: str
    details: str
