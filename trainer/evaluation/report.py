"""A report: every prediction of an evaluation with its image, in one file.

Written by `cifar-trainer evaluate` and at the end of a run, read by the window. Needs no torch.
"""

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from trainer.errors import ReportError
from trainer.evaluation.results import EvaluationMetrics
from trainer.files.atomic_write import write_atomically
from trainer.files.json_decoding import decode_json

METADATA_KEY = "cifar_desktop_report"

Indices = npt.NDArray[np.int64]
SplitName = Literal["test", "validation"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Summary:
    """The figures of an evaluation, without its images.

    Attributes:
        subject: The evaluated network, such as the name of its recipe.
        data: Name of the dataset.
        split: Whether its test or its validation images were evaluated.
        classes: Class names.
        epochs: Number of epochs that the network was trained for; 0 if unknown.
        date: Date of the evaluation, in ISO 8601.
        figures: The metrics.
        notes: What to know about the data, such as classes that were matched by name; sentences.
    """

    subject: str
    data: str
    split: SplitName
    classes: tuple[str, ...]
    epochs: float
    date: str
    figures: EvaluationMetrics
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Report(Summary):
    """The predictions of a network for all images of a split.

    Attributes:
        images: uint8 array of shape [N, S, S, 3].
        labels: int64 array of shape [N].
        probabilities: Calibrated probabilities, float32 array of shape [N, classes].
        files: Name of each image, such as `test/cat/1.png`; empty if images have no names.
    """

    images: npt.NDArray[np.uint8] = field(repr=False)
    labels: Indices = field(repr=False)
    probabilities: npt.NDArray[np.float32] = field(repr=False)
    files: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        count = len(self.labels)
        shapes = self.images.shape[:1], self.probabilities.shape
        if shapes != ((count,), (count, len(self.classes))) or self.images.shape[3:] != (3,):
            raise ValueError(f"shapes do not match: {count} labels, {shapes}")
        if len(self.files) not in (0, count):
            raise ValueError(f"{len(self.files)} names for {count} images")

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def predicted(self) -> Indices:
        """The predicted classes, int64 of shape [N]."""
        classes: Indices = self.probabilities.argmax(1)
        return classes

    @cached_property
    def confidence(self) -> npt.NDArray[np.float32]:
        """The probabilities of the predicted classes, float32 of shape [N]."""
        highest: npt.NDArray[np.float32] = self.probabilities.max(1)
        return highest

    def cell(self, label: int, predicted: int) -> Indices:
        """The images in a cell of the confusion matrix, most confident first."""
        return self._ranked((self.labels == label) & (self.predicted == predicted))

    def mistakes(self) -> Indices:
        """All misclassified images, most confident first."""
        return self._ranked(self.labels != self.predicted)

    def image_name(self, index: int) -> str:
        """The name of an image."""
        return self.files[index] if self.files else f"{self.split} image {index + 1:,}"

    def _ranked(self, chosen: npt.NDArray[np.bool_]) -> Indices:
        members = np.flatnonzero(chosen)
        order: Indices = members[np.argsort(-self.confidence[members], kind="stable")]
        return order


class _Header(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """All of a report but its arrays."""

    format_version: Literal[1]
    subject: str
    data: str
    split: SplitName
    classes: tuple[str, ...]
    epochs: float
    date: str
    figures: EvaluationMetrics
    files: tuple[str, ...]
    notes: tuple[str, ...] = ()


_SHARED = _Header.__struct_fields__[1:]


def save_report(path: Path, report: Report) -> None:
    """Save a report atomically.

    Raises:
        StorageError: If it cannot be written.
    """
    from safetensors.numpy import save_file

    tensors: dict[str, npt.NDArray[Any]] = {
        "images": np.ascontiguousarray(report.images),
        "labels": report.labels,
        "probabilities": report.probabilities,
    }
    header = _Header(format_version=1, **{name: getattr(report, name) for name in _SHARED})
    metadata = {METADATA_KEY: json.dumps(msgspec.to_builtins(header))}
    write_atomically(path, lambda file: save_file(tensors, file, metadata))


def load_report(path: Path) -> Report:
    """Load a report.

    Raises:
        ReportError: If it is missing, damaged, not a report or of another version.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            header = decode_json((file.metadata() or {})[METADATA_KEY], _Header)
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return Report(**{name: getattr(header, name) for name in _SHARED}, **tensors)
    except FileNotFoundError as error:
        raise ReportError(f"There is no report “{path}”.") from error
    except (OSError, SafetensorError, LookupError, TypeError, ValueError) as error:
        raise ReportError(
            f"The report “{path.name}” is damaged or of another version. Evaluate the network "
            "again.",
            details=repr(error),
        ) from error
