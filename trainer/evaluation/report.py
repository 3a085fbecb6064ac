"""A report: every answer of an evaluation beside the image it was given for, in one file.

Written by `cifar-trainer evaluate` and at the end of a run, read by the window. Needs no torch.
"""

import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from trainer.errors import ReportError
from trainer.evaluation.results import CalibrationBin, EvaluationMetrics
from trainer.files.atomic_write import write_atomically

FORMAT_VERSION = 1
METADATA_KEY = "cifar_desktop_report"

Indices = npt.NDArray[np.int64]
SplitName = Literal["test", "validation"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Report:
    """What a network answered to each image of a split.

    Attributes:
        subject: What was judged, such as the recipe's name.
        data: Name of the dataset.
        split: Which of its images: those of the test set, or those put aside to validate.
        classes: Class names.
        epochs: Epochs that the network was trained for; 0 where that is not known.
        date: When it was judged, as ISO 8601.
        figures: What the answers come to.
        images: uint8 of shape [N, S, S, 3].
        labels: int64 of shape [N].
        probabilities: float32 of shape [N, classes], calibrated, as the program answers.
        files: What each image is called, such as `test/cat/1.png`; empty where they have no names.
    """

    subject: str
    data: str
    split: SplitName
    classes: tuple[str, ...]
    epochs: float
    date: str
    figures: EvaluationMetrics
    images: npt.NDArray[np.uint8] = field(repr=False)
    labels: Indices = field(repr=False)
    probabilities: npt.NDArray[np.float32] = field(repr=False)
    files: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        count = len(self.labels)
        shapes = self.images.shape[:1], self.probabilities.shape
        if shapes != ((count,), (count, len(self.classes))) or self.images.shape[3:] != (3,):
            raise ValueError(f"shapes do not fit: {count} labels, {shapes}")
        if len(self.files) not in (0, count):
            raise ValueError(f"{len(self.files)} names for {count} images")

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def predicted(self) -> Indices:
        """The class that was answered, int64 of shape [N]."""
        answered: Indices = self.probabilities.argmax(1)
        return answered

    @cached_property
    def confidence(self) -> npt.NDArray[np.float32]:
        """The probability of the answer, float32 of shape [N]."""
        highest: npt.NDArray[np.float32] = self.probabilities.max(1)
        return highest

    def cell(self, shown: int, answered: int) -> Indices:
        """The images that a cell of the confusion matrix counts, the most confident first."""
        return self._ranked((self.labels == shown) & (self.predicted == answered))

    def mistakes(self) -> Indices:
        """All images with a wrong answer, the most confident first."""
        return self._ranked(self.labels != self.predicted)

    def called(self, index: int) -> str:
        """What an image is called."""
        return self.files[index] if self.files else f"{self.split} image {index + 1:,}"

    def _ranked(self, chosen: npt.NDArray[np.bool_]) -> Indices:
        members = np.flatnonzero(chosen)
        order: Indices = members[np.argsort(-self.confidence[members], kind="stable")]
        return order


def save_report(path: Path, report: Report) -> None:
    """Write a report, whole or not at all.

    Raises:
        StorageError: If it cannot be written.
    """
    from safetensors.numpy import save_file

    tensors: dict[str, npt.NDArray[Any]] = {
        "images": np.ascontiguousarray(report.images),
        "labels": report.labels,
        "probabilities": report.probabilities,
    }
    about = {
        "format_version": FORMAT_VERSION,
        "subject": report.subject,
        "data": report.data,
        "split": report.split,
        "classes": report.classes,
        "epochs": report.epochs,
        "date": report.date,
        "figures": asdict(report.figures),
        "files": report.files,
    }
    metadata = {METADATA_KEY: json.dumps(about)}
    write_atomically(path, lambda file: save_file(tensors, file, metadata))


def load_report(path: Path) -> Report:
    """Read a report.

    Raises:
        ReportError: If it is missing, damaged, foreign or of another version.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            about = json.loads((file.metadata() or {})[METADATA_KEY])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if about.pop("format_version") != FORMAT_VERSION:
            raise ValueError("another version")
        return _report(about, tensors)
    except FileNotFoundError as error:
        raise ReportError(f"There is no report “{path}”.") from error
    except (OSError, SafetensorError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise ReportError(
            f"The report “{path.name}” is damaged or of another version. Evaluate the network "
            "again.",
            details=repr(error),
        ) from error


def _report(about: dict[str, Any], tensors: dict[str, Any]) -> Report:
    return Report(
        **{
            **about,
            "classes": tuple(about["classes"]),
            "files": tuple(about["files"]),
            "figures": figures_from(about["figures"]),
        },
        **tensors,
    )


def figures_from(values: dict[str, Any]) -> EvaluationMetrics:
    """Figures from what `asdict` made of them.

    Raises:
        TypeError: If they are of another version.
    """
    bins = [CalibrationBin(**each) for each in values["calibration"]]
    return EvaluationMetrics(**{**values, "calibration": bins})
