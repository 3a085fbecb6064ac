"""The answer to "what is in this picture?"; made by `trainer.inference.predictor`, shown by window and CLI.

Standard library only, so that the window can use these types without loading torch.
"""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["sure", "unsure", "none"]
"""`sure`, `unsure` between classes, or `none`: probably none of the classes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassProbability:
    """One class and its calibrated probability.

    Attributes:
        name: The class name, such as `cat`.
        probability: From 0 to 1.
    """

    name: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a network says of one picture.

    Attributes:
        classes: Every class of the network, the likeliest first.
        verdict: How far to believe it.
        known_score: Grows with "shows one of the classes"; comparable within one network only.
        seen: What the network was fed: RGB, a byte each, row by row.
        seconds: From the decoded picture to the answer.
    """

    classes: tuple[ClassProbability, ...]
    verdict: Verdict
    energy_score: float
    seen: bytes
    seconds: float

    def top(self, count: int) -> tuple[ClassProbability, ...]:
        """The `count` likeliest classes, the likeliest first."""
        return self.classes[:count]
