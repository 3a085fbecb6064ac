"""What the trainer finds out when it is asked without training: events of the short commands.

Written by `cifar-trainer devices`, `inspect`, `probe`, `forecast`, `evaluate`, `export` and
`combine`, read by the window and by programs. Standard library only.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from trainer.events.base import Event

FEW_IMAGES = 50
"""A class with fewer training images has few: what is learned of it may well be chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceTried(Event):
    """A kind of device was tried out with a real computation.

    Attributes:
        device: As a config names it.
        title: In words, such as `NVIDIA H200` or the processor's name.
        precision: What it computes with, such as `bfloat16`; empty if it does not work.
        works: Whether the computation came out right.
        reason: Why it does not work and what would help, in words; empty if it does.
        memory: Bytes it has, if that is known.
        automatic: Whether `auto` takes it.
    """

    name: ClassVar[str] = "device_tried"
    device: Literal["cpu", "cuda", "mps"]
    title: str
    precision: str
    works: bool
    reason: str
    memory: int | None
    automatic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDescribed(Event):
    """A dataset was read.

    Attributes:
        data: Its name.
        classes: Class names.
        train_counts: Training images of each class, those put aside to validate included.
        test_counts: Test images of each class.
        unreadable: The first of the files that were skipped, each with the reason.
        unreadable_count: How many were skipped.
        image_size: Side in pixels at which the images are used.
        sampled_classes: Of how many classes (the first ones) there are samples.
        samples_per_class: Samples of each; black where a class has fewer images.
        samples: Base64 of uint8 pixels of shape [sampled_classes, samples_per_class, S, S, 3].
        seed: What the samples were drawn with; another one draws others.
        smallest: Width and height of the picture with the fewest pixels, as it lies on disk.
        largest: Likewise, with the most; equal to `smallest` if all are alike.
        means: Base64 of uint8 pixels of shape [sampled_classes, S, S, 3], the mean training image
            of each class; black where it has none.
        duplicates: The first of the test images whose pixels are those of a training image too,
            each as a sentence that names both.
        duplicate_count: How many there are.
    """

    name: ClassVar[str] = "data_described"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DataMissing(Event):
    """The dataset has to be downloaded first, and nobody allowed that yet.

    Attributes:
        data: Its name.
        size: Of the download, in bytes.
    """

    name: ClassVar[str] = "data_missing"
    data: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed(Event):
    """A few steps of a recipe were timed on a device.

    Attributes:
        device: The device in words, such as `CPU (bfloat16)`.
        image_seconds: Of training on one image.
        step_seconds: What a step takes beyond its images: the optimiser.
        forward_seconds: Of one forward pass of one image.
    """

    name: ClassVar[str] = "probed"
    device: str
    image_seconds: float
    step_seconds: float
    forward_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast(Event):
    """What can be trained on a device in times that people think in, each more than the last.

    The tuples belong together, an entry a time.

    Attributes:
        device: The device in words, such as `CPU (bfloat16)`.
        minutes: The times.
        recipes: What to train in each.
        epochs: For how many epochs.
        seconds: What that takes here, from the first step to the model file.
        accuracies: What to expect of test images as the program answers, 0 to 1; None for data
            other than CIFAR-10.
    """

    name: ClassVar[str] = "forecast"
    device: str
    minutes: tuple[float, ...]
    recipes: tuple[str, ...]
    epochs: tuple[int, ...]
    seconds: tuple[float, ...]
    accuracies: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated(Event):
    """A network was judged.

    Attributes:
        report: Path of the report (`trainer.evaluation.report`); empty if none was asked for.
    """

    name: ClassVar[str] = "evaluated"
    report: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported(Event):
    """What runs came to was written: a network as a model file, or the curves for TensorBoard.

    Attributes:
        path: The file or folder.
        epoch: Epochs that the network was trained for, the running one as a fraction.
        content: What is in it.
    """

    name: ClassVar[str] = "exported"
    path: str
    epoch: float
    content: Literal["network", "curves"] = "network"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFailed(Event):
    """A command could not do what it was asked.

    Attributes:
        reason: Why, in words.
        details: Technical text; may be empty.
    """

    name: ClassVar[str] = "command_failed"
    reason: str
    details: str
