"""The network of the `simple-cnn` recipe, as in a first lesson on convolutions."""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from trainer.models.layers import conv, resized
from trainer.models.network import Network

SIDE = 4
"""Width of the feature maps after three poolings of a 32-pixel image."""
DENSE = 128
CONV_DROPOUT = 0.2
DENSE_DROPOUT = 0.5


class SimpleCnn(Network):
    """Three stages of convolution and pooling, then two dense layers; with dropout.

    Args:
        classes: Number of classes.
        widths: Output channels of the three stages.
    """

    def __init__(self, classes: int, widths: Sequence[int] = (48, 96, 192)) -> None:
        super().__init__()
        self.stages = nn.Sequential(*(_stage(*pair) for pair in pairwise([3, *widths])))
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Linear(widths[-1] * SIDE**2, DENSE),
            nn.ReLU(inplace=True),
            nn.Dropout(DENSE_DROPOUT),
            nn.Linear(DENSE, classes),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Logits, float [N, classes], for normalized images [N, 3, S, S]."""
        logits: Tensor = self.head(resized(self.stages(images), SIDE))
        return logits


def _stage(channels_in: int, channels_out: int) -> nn.Sequential:
    return nn.Sequential(
        conv(channels_in, channels_out),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        nn.Dropout(CONV_DROPOUT),
    )
