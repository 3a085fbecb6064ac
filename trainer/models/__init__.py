"""The networks that can be trained and opened, by name."""

from collections.abc import Callable, Sequence

from trainer.errors import ConfigError
from trainer.models.sprint_net import SprintNet

Network = SprintNet

MODELS: dict[str, Callable[[int, Sequence[int]], Network]] = {"sprint-net": SprintNet}


def build(architecture: str, classes: int, widths: Sequence[int]) -> Network:
    """A new network with random weights.

    Raises:
        ConfigError: If there is no such architecture.
    """
    if architecture not in MODELS:
        raise ConfigError(f"There is no architecture “{architecture}”, only {', '.join(MODELS)}.")
    return MODELS[architecture](classes, widths)
