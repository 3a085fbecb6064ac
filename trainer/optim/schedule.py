"""Learning-rate schedule shared by the optimizers."""


def linear_decay(step: int, steps: int) -> float:
    """Factor that falls linearly from 1 at step 0 to 0 at step `steps`, and stays there."""
    return max(0.0, 1 - step / steps)
