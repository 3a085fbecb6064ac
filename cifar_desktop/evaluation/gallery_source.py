"""Some of a report's images, as the gallery of the Evaluation tab takes them: one by one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from cifar_desktop.ui.formatting import percent, readable

if TYPE_CHECKING:
    from trainer.evaluation.report import Indices, Report

_ANSWERS = 5


class ReportImages:
    """A selection of the images of a report.

    Args:
        report: Where they are.
        indices: Which, in the order in which they are shown.
    """

    def __init__(self, report: "Report", indices: "Indices") -> None:
        self._report, self.indices = report, indices

    def __len__(self) -> int:
        return len(self.indices)

    def image(self, position: int) -> QImage:
        """The image as the network gets it."""
        pixels = self._report.images[self.indices[position]]
        height, width, channels = pixels.shape
        # The bytes are borrowed; the copy owns its own.
        return QImage(
            pixels.tobytes(), width, height, channels * width, QImage.Format.Format_RGB888
        ).copy()

    def caption(self, position: int) -> tuple[str, str]:
        """What it shows, and what was answered with how much confidence."""
        report, index = self._report, self.indices[position]
        answered = self._name(int(report.predicted[index]))
        confidence = percent(float(report.confidence[index]))
        return self._name(int(report.labels[index])), f"{answered} {confidence}"

    def is_right(self, position: int) -> bool:
        """Whether the answer is right."""
        index = self.indices[position]
        return bool(self._report.labels[index] == self._report.predicted[index])

    def name(self, position: int) -> str:
        """What it is called."""
        return self._report.called(int(self.indices[position]))

    def answers(self, position: int) -> Sequence[tuple[str, float]]:
        """The most probable classes, each with its probability."""
        chances = self._report.probabilities[self.indices[position]]
        best = (-chances).argsort(kind="stable")[:_ANSWERS].tolist()
        return [(self._name(each), float(chances[each])) for each in best]

    def _name(self, index: int) -> str:
        return readable(self._report.classes[index])
