"""The network of the `vgg-bn` recipe: a small VGG with batch normalization and dropout.

After Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition"
(2015): 3x3 convolutions in stages, each with twice the channels and half the resolution of the
previous one; and Ioffe and Szegedy, "Batch Normalization" (2015).
"""

from collections.abc import Sequence

from torch import Tensor, nn

from trainer.models.layers import resized, vgg_stage
from trainer.models.network import Network

SIDE = 4
"""Width of the feature maps after three poolings of a 32-pixel image."""
CONVS = (1, 2, 2)
DROPOUTS = (0.1, 0.2, 0.3)


class VggBn(Network):
    """Five convolutions in three stages, and one linear layer.

    Args:
        classes: Number of classes.
        widths: Output channels of the three stages.
    """

    def __init__(self, classes: int, widths: Sequence[int] = (64, 128, 256)) -> None:
        super().__init__()
        stages = zip([3, *widths[:-1]], widths, CONVS, DROPOUTS, strict=True)
        self.stages = nn.Sequential(*(vgg_stage(*each) for each in stages))
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(widths[-1] * SIDE**2, classes))

    def forward(self, images: Tensor) -> Tensor:
        """Logits, float [N, classes], for normalized images [N, 3, S, S]."""
        logits: Tensor = self.head(resized(self.stages(images), SIDE))
        return logits
