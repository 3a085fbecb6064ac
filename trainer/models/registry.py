"""All network architectures, by name."""

from collections.abc import Callable, Sequence

from trainer.errors import ConfigError
from trainer.models.deep_cnn import DeepCnn
from trainer.models.keras_cnn import KerasCnn
from trainer.models.network import Network
from trainer.models.simple_cnn import SimpleCnn
from trainer.models.sprint_net import SprintNet
from trainer.models.sprint_resnet import SprintResnet
from trainer.models.vgg_bn import VggBn

MODELS: dict[str, Callable[[int, Sequence[int]], Network]] = {
    "sprint-net": SprintNet,
    "sprint-resnet": SprintResnet,
    "simple-cnn": SimpleCnn,
    "keras-cnn": KerasCnn,
    "vgg-bn": VggBn,
    "deep-cnn": DeepCnn,
}


def build(architecture: str, classes: int, widths: Sequence[int]) -> Network:
    """Build a network with random weights.

    Args:
        architecture: Name in `MODELS`.
        classes: Number of classes.
        widths: Output channels of the network's stages.

    Raises:
        ConfigError: If there is no such architecture.
    """
    if architecture not in MODELS:
        raise ConfigError(
            f"Unknown architecture “{architecture}”; choose from {', '.join(MODELS)}."
        )
    return MODELS[architecture](classes, widths)
