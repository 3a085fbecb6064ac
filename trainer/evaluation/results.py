"""How good a network is, in numbers: what an evaluation comes to.

Made by `trainer.evaluation.metrics` and `trainer.evaluation.evaluate`, read by the window. Standard library only.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    """The answers whose confidence lies in one of several equal ranges (Guo et al. 2017).

    Attributes:
        low: Where the range begins, 0 to 1; it does not include that.
        high: Where it ends, 0 to 1, inclusive.
        count: Answers in it.
        confidence: Their mean confidence, 0 to 1; 0 where there is none.
        accuracy: Share of them that is right, 0 to 1; 0 where there is none.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationMetrics:
    """What `cifar-trainer evaluate` tells.

    Attributes:
        accuracy: As the program answers (mirrored views averaged), 0 to 1.
        accuracy_single: With one forward pass an image.
        accuracy_tta: With six views: mirrored, and shifted by one pixel.
        per_class: Accuracy of each class, its recall, 0 to 1; None for a class without images.
        precision: Share of the answers of each class that is right; None where it was never given.
        confusion: Images of class `row` taken for class `column`.
        calibration: Answers by confidence, from 0 to 1.
        ece: Expected calibration error of the answers, 0 to 1 (Guo et al. 2017; 15 bins).
        images: How many were looked at.
        seconds: Time taken.
    """

    accuracy: float
    accuracy_single: float
    accuracy_tta: float
    per_class: dict[str, float | None]
    precision: dict[str, float | None]
    confusion: list[list[int]]
    calibration: list[CalibrationBin]
    ece: float
    images: int
    seconds: float

    def headline(self) -> dict[str, float]:
        """Those that the card of a model file tells."""
        names = ("accuracy", "accuracy_single", "accuracy_tta", "ece", "images")
        return {name: getattr(self, name) for name in names}
