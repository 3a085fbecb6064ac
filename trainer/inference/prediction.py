"""What a network predicts for a picture; shown by the window and the command line.

Standard library only, so that the window can use these types without loading torch.
"""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["sure", "unsure", "none"]
"""`sure`, `unsure` between classes, or `none`: probably none of the classes."""

SURE = 0.6
"""Calibrated probability from which a prediction counts as sure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassProbability:
    """One class and its calibrated probability.

    Attributes:
        name: Class name, such as `cat`.
        probability: Probability from 0 to 1.
    """

    name: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a network predicts for one picture.

    Attributes:
        classes: All classes of the network, the most probable first.
        verdict: How far the prediction can be trusted.
        energy_score: Higher for pictures of a known class; comparable within one network only.
        seen: Input of the network: RGB, one byte per value, row by row.
        seconds: Time from the decoded picture to the prediction.
    """

    classes: tuple[ClassProbability, ...]
    verdict: Verdict
    energy_score: float
    seen: bytes
    seconds: float

    def top(self, count: int) -> tuple[ClassProbability, ...]:
        """The `count` most probable classes, the most probable first."""
        return self.classes[:count]
