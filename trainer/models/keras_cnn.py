"""The network of the `keras-cnn` recipe, found in countless Keras notebooks."""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from trainer.models.layers import conv, resized
from trainer.models.network import Network

SIDE = 2
"""Width of the feature maps after four poolings of a 32-pixel image."""
DENSE = (256, 128, 64)
CONV_DROPOUT = 0.2
DENSE_DROPOUT = 0.3


class KerasCnn(Network):
    """Four stages of convolution, pooling, dropout and batch norm; then three dense layers.

    Dropout and batch norm follow every dense layer. The output is logits, without a softmax.

    Args:
        classes: Number of classes.
        widths: Output channels of the four stages.
    """

    def __init__(self, classes: int, widths: Sequence[int] = (32, 64, 128, 256)) -> None:
        super().__init__()
        self.stages = nn.Sequential(*(_stage(*pair) for pair in pairwise([3, *widths])))
        sizes = [widths[-1] * SIDE**2, *DENSE]
        self.head = nn.Sequential(
            nn.Flatten(),
            *(_dense(*pair) for pair in pairwise(sizes)),
            nn.Linear(DENSE[-1], classes),
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
        nn.BatchNorm2d(channels_out),
    )


def _dense(size_in: int, size_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(size_in, size_out),
        nn.ReLU(inplace=True),
        nn.Dropout(DENSE_DROPOUT),
        nn.BatchNorm1d(size_out),
    )
