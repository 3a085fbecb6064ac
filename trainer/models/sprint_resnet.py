"""The network of the `best` recipe: that of `sprint`, deeper and with residual connections.

Architecture after airbench96 of Keller Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single A100
GPU" (2024).
"""

from torch import Tensor
from torch.nn import functional as F

from trainer.models.sprint_net import ConvGroup, SprintNet, batch_norm, square_conv


class ResidualGroup(ConvGroup):
    """A group with a third convolution, whose output is added to that of the first.

    Args:
        channels_in: Number of input channels.
        channels_out: Number of output channels.
    """

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__(channels_in, channels_out)
        self.conv3 = square_conv(channels_out, channels_out)
        self.norm3 = batch_norm(channels_out)

    def forward(self, features: Tensor) -> Tensor:
        """Halve height and width: [N, channels_in, H, W] to [N, channels_out, H//2, W//2]."""
        shortcut = self.halved(features)
        features = F.gelu(self.norm2(self.conv2(shortcut)))
        return F.gelu(self.norm3(self.conv3(features)) + shortcut)


class SprintResnet(SprintNet):
    """A fixed whitening layer, three residual convolution groups, one linear layer.

    Args:
        classes: Number of classes.
        widths: Output channels of the three groups.
    """

    group = ResidualGroup
