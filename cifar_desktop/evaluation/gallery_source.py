"""A selection of a report's images as a source for the gallery."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from cifar_desktop.ui.formatting import percent, readable

if TYPE_CHECKING:
    from trainer.evaluation.report import Indices, Report

_TOP_COUNT = 5


class ReportImages:
    """A selection of the images of a report.

    Args:
        report: The report.
        indices: Indices of the images, in display order.
    """

    def __init__(self, report: "Report", indices: "Indices") -> None:
        self._report, self.indices = report, indices

    def __len__(self) -> int:
        return len(self.indices)

    def image(self, position: int) -> QImage:
        """The image as the network receives it."""
        pixels = self._report.images[self.indices[position]]
        height, width, channels = pixels.shape
        # The image borrows the bytes; the copy owns them.
        return QImage(
            pixels.tobytes(), width, height, channels * width, QImage.Format.Format_RGB888
        ).copy()

    def caption(self, position: int) -> tuple[str, str]:
        """The true class, and the predicted class with its confidence."""
        report, index = self._report, self.indices[position]
        predicted = self._name(int(report.predicted[index]))
        confidence = percent(float(report.confidence[index]))
        return self._name(int(report.labels[index])), f"{predicted} {confidence}"

    def is_right(self, position: int) -> bool:
        """Whether the prediction is correct."""
        index = self.indices[position]
        return bool(self._report.labels[index] == self._report.predicted[index])

    def name(self, position: int) -> str:
        """Name of the image."""
        return self._report.image_name(int(self.indices[position]))

    def predictions(self, position: int) -> Sequence[tuple[str, float]]:
        """The most probable classes with their probabilities, in descending order."""
        probabilities = self._report.probabilities[self.indices[position]]
        best = (-probabilities).argsort(kind="stable")[:_TOP_COUNT].tolist()
        return [(self._name(each), float(probabilities[each])) for each in best]

    def _name(self, index: int) -> str:
        return readable(self._report.classes[index])
