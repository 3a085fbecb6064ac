"""Pieces that several of the classics are made of."""

from torch import nn

KERNEL = 3


def conv(channels_in: int, channels_out: int, *, bias: bool = True) -> nn.Conv2d:
    """A 3x3 convolution that keeps height and width."""
    return nn.Conv2d(channels_in, channels_out, KERNEL, padding="same", bias=bias)


def vgg_stage(channels_in: int, channels_out: int, convs: int, dropout: float) -> nn.Sequential:
    """Convolutions, each normalised and rectified, and pooling by two; then dropout.

    The pooling comes before the last normalisation, which then has a quarter of the work.

    Args:
        channels_in: Channels that come in.
        channels_out: Channels of every convolution.
        convs: How many there are.
        dropout: Share of the outputs that is left out in training.
    """
    layers: list[nn.Module] = []
    for index in range(convs):
        layers.append(conv(channels_in if index == 0 else channels_out, channels_out, bias=False))
        if index == convs - 1:
            layers.append(nn.MaxPool2d(2))
        layers += [nn.BatchNorm2d(channels_out), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.Dropout(dropout))
