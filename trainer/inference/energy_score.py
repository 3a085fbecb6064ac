"""The energy score, which tells whether an image shows any of the classes."""

from torch import Tensor


def energy_score(logits: Tensor) -> Tensor:
    """Energy score of each row of calibrated logits [N, C]: float [N]; higher for known classes.

    The negative free energy of Liu et al., "Energy-based Out-of-distribution Detection" (2020).
    """
    return logits.logsumexp(1)
