"""Building blocks shared by the classic networks."""

from torch import Tensor, nn
from torch.nn import functional as F

KERNEL = 3


def conv(channels_in: int, channels_out: int, *, bias: bool = True) -> nn.Conv2d:
    """A 3x3 convolution that preserves height and width."""
    return nn.Conv2d(channels_in, channels_out, KERNEL, padding="same", bias=bias)


def vgg_stage(channels_in: int, channels_out: int, convs: int, dropout: float) -> nn.Sequential:
    """Convolutions, each with batch norm and ReLU, then 2x2 max pooling and dropout.

    The pooling precedes the last batch norm, which then has a quarter of the work.

    Args:
        channels_in: Number of input channels.
        channels_out: Number of output channels of every convolution.
        convs: Number of convolutions.
        dropout: Probability of zeroing an output during training.
    """
    layers: list[nn.Module] = []
    for index in range(convs):
        layers.append(conv(channels_in if index == 0 else channels_out, channels_out, bias=False))
        if index == convs - 1:
            layers.append(nn.MaxPool2d(2))
        layers += [nn.BatchNorm2d(channels_out), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.Dropout(dropout))


def resized(features: Tensor, side: int) -> Tensor:
    """Feature maps [N, C, S, S], averaged or repeated to [N, C, side, side] if they are not."""
    return features if features.size(-1) == side else F.adaptive_avg_pool2d(features, side)
