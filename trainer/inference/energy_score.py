"""How much an image looks like any of the classes: the energy score."""

from torch import Tensor


def energy_score(logits: Tensor) -> Tensor:
    """How much each row of calibrated logits [N, C] looks like any of the classes, float [N].

    The negative free energy of Liu et al., "Energy-based Out-of-distribution Detection" (2020).
    """
    return logits.logsumexp(1)
