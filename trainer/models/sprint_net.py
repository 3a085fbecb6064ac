"""The small, fast network of the `sprint` recipe.

Architecture, including its wider variants, after Keller Jordan, "94% on CIFAR-10 in 3.29 Seconds on
a Single A100 GPU" (2024).
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from trainer.models.network import Network

WHITENING_KERNEL = 2


class ConvGroup(nn.Module):
    """Convolution, 2x2 max pooling, convolution, each convolution with batch norm and GELU.

    Args:
        channels_in: Number of input channels.
        channels_out: Number of output channels.
    """

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.conv1 = square_conv(channels_in, channels_out)
        self.norm1 = batch_norm(channels_out)
        self.conv2 = square_conv(channels_out, channels_out)
        self.norm2 = batch_norm(channels_out)

    def forward(self, features: Tensor) -> Tensor:
        """Halve height and width: [N, channels_in, H, W] to [N, channels_out, H//2, W//2]."""
        return F.gelu(self.norm2(self.conv2(self.halved(features))))

    def halved(self, features: Tensor) -> Tensor:
        """Input of the second convolution, [N, channels_out, H//2, W//2]."""
        return F.gelu(self.norm1(F.max_pool2d(self.conv1(features), 2)))


def square_conv(channels_in: int, channels_out: int) -> nn.Conv2d:
    """A 3x3 convolution without bias that preserves height and width."""
    conv = nn.Conv2d(channels_in, channels_out, 3, padding="same", bias=False)
    # The first filters start as identity, so that signal and gradient reach every layer.
    nn.init.dirac_(conv.weight[:channels_in])
    return conv


def batch_norm(channels: int) -> nn.BatchNorm2d:
    """Batch norm with a trained bias but no trained scale."""
    # Training takes few steps, so the running statistics must adapt fast.
    norm = nn.BatchNorm2d(channels, eps=1e-12, momentum=0.4)
    norm.weight.requires_grad = False
    return norm


class SprintNet(Network):
    """A fixed whitening layer, three small convolution groups, one linear layer.

    Args:
        classes: Number of classes.
        widths: Output channels of the three groups.
    """

    group: type[ConvGroup] = ConvGroup

    def __init__(self, classes: int, widths: Sequence[int] = (64, 256, 256)) -> None:
        super().__init__()
        patch = 3 * WHITENING_KERNEL**2
        self.whitening = nn.Conv2d(3, 2 * patch, WHITENING_KERNEL)
        self.whitening.weight.requires_grad = False
        nn.init.zeros_(self.whitening_bias)
        sizes = pairwise([2 * patch, *widths])
        self.groups = nn.ModuleList(self.group(*size) for size in sizes)
        self.head = nn.Linear(widths[-1], classes, bias=False)
        with torch.no_grad():
            self.head.weight.div_(self.head.weight.std())

    @property
    def whitening_bias(self) -> Tensor:
        """Biases of the first layer, which are trained, unlike its filters."""
        assert self.whitening.bias is not None  # noqa: S101 - for the type checker
        return self.whitening.bias

    def forward(self, images: Tensor) -> Tensor:
        """Logits, float [N, classes], for normalized images [N, 3, S, S]."""
        features = F.gelu(self.whitening(images))
        for group in self.groups:
            features = group(features)
        # Over the whole map; `amax` would divide gradients among equal values.
        pooled = F.max_pool2d(features, features.size(-1)).flatten(1)
        logits: Tensor = self.head(pooled) / pooled.size(1)
        return logits

    @torch.no_grad()
    def prepare(self, images: Tensor, epsilon: float = 5e-4) -> None:
        """Make the outputs of the first layer uncorrelated over the training images (whitening).

        Its filters are the eigenvectors of the covariance of all 2x2 patches, scaled to unit
        variance, and their negatives, because GELU only passes positive values.

        Args:
            images: Normalized images, float [N, 3, H, W]; a few thousand are enough.
            epsilon: Added to the variances, so that noise in weak directions is not amplified.
        """
        patches = F.unfold(images.float(), WHITENING_KERNEL).transpose(1, 2).flatten(0, 1)
        covariance = patches.T @ patches / len(patches)
        variances, vectors = torch.linalg.eigh(covariance.cpu())
        whitening = (vectors / (variances + epsilon).sqrt()).T.flip(0)
        filters = torch.cat([whitening, -whitening]).view_as(self.whitening.weight)
        self.whitening.weight.copy_(filters)
