"""The network of the `deep-cnn` recipe: a VGG with one more stage and a dense layer."""

from collections.abc import Sequence

from torch import Tensor, nn

from trainer.models.layers import resized, vgg_stage
from trainer.models.network import Network

SIDE = 2
"""Width of the feature maps after four poolings of a 32-pixel image."""
CONVS = (1, 2, 2, 3)
DROPOUTS = (0.1, 0.2, 0.2, 0.3)
DENSE = 256


class DeepCnn(Network):
    """Eight convolutions in four stages, a dense layer, and one linear layer.

    Args:
        classes: Number of classes.
        widths: Output channels of the four stages.
    """

    def __init__(self, classes: int, widths: Sequence[int] = (64, 128, 256, 256)) -> None:
        super().__init__()
        stages = zip([3, *widths[:-1]], widths, CONVS, DROPOUTS, strict=True)
        self.stages = nn.Sequential(*(vgg_stage(*each) for each in stages))
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Linear(widths[-1] * SIDE**2, DENSE, bias=False),
            nn.BatchNorm1d(DENSE),
            nn.ReLU(inplace=True),
            nn.Dropout(DROPOUTS[-1]),
            nn.Linear(DENSE, classes),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Logits, float [N, classes], for normalized images [N, 3, S, S]."""
        logits: Tensor = self.head(resized(self.stages(images), SIDE))
        return logits
