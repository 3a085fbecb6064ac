"""The results of an evaluation in numbers. Needs neither torch nor numpy."""

import msgspec


class CalibrationBin(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The predictions in one of several equal ranges of confidence (Guo et al. 2017).

    Attributes:
        low: Lower end of the range, 0 to 1, exclusive.
        high: Upper end of the range, 0 to 1, inclusive.
        count: Number of predictions in the range.
        confidence: Mean confidence, 0 to 1; 0 if there are none.
        accuracy: Share of correct predictions, 0 to 1; 0 if there are none.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


class UnknownMetrics(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How well the verdict “none of the classes” tells other pictures from those of the classes.

    Attributes:
        images: Number of images of other classes.
        found: Share of them that are said to be none of the classes, 0 to 1.
        mistaken: Share of the images of the network's classes that are said to be none of them.
        auroc: Area under the ROC curve of the energy score: the share of pairs of an image of the
            classes and one of others in which the former scores higher.
    """

    images: int
    found: float
    mistaken: float
    auroc: float


class EvaluationMetrics(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The metrics that `cifar-trainer evaluate` reports.

    Attributes:
        accuracy: Accuracy averaging each image with its mirror image, as in use, 0 to 1.
        accuracy_single: Accuracy with a single forward pass per image.
        accuracy_tta: Accuracy with six views per image: mirrored, and shifted by one pixel; None if
            it was not asked for.
        recall: Recall of each class, 0 to 1; None for a class without images.
        precision: Precision of each class, 0 to 1; None for a class that was never predicted.
        confusion: Confusion matrix: images of true class `row` predicted as class `column`.
        calibration: Predictions by confidence, from 0 to 1.
        ece: Expected calibration error, 0 to 1 (Guo et al. 2017; 15 bins).
        images: Number of images.
        seconds: Duration of the evaluation.
        unknown: The verdict on images of classes that the network does not know, which no other
            figure counts; None if there are none.
    """

    accuracy: float
    accuracy_single: float
    recall: dict[str, float | None]
    precision: dict[str, float | None]
    confusion: list[list[int]]
    calibration: list[CalibrationBin]
    ece: float
    images: int
    seconds: float
    unknown: UnknownMetrics | None = None
    accuracy_tta: float | None = None

    def headline(self) -> dict[str, float]:
        """The metrics on the card of a model file."""
        names = ("accuracy", "accuracy_single", "accuracy_tta", "ece", "images")
        values = {name: getattr(self, name) for name in names}
        return {name: float(value) for name, value in values.items() if value is not None}
