"""What every network of `trainer.models` is to those who train, keep and ask it."""

from torch import Tensor, nn


class Network(nn.Module):
    """Takes normalised images, float [N, 3, 32, 32], and gives logits, float [N, classes]."""

    def prepare(self, images: Tensor) -> None:
        """Set what follows from the training images rather than from training; here nothing.

        Args:
            images: Normalised float images [N, 3, H, W]; a few thousand are enough.
        """
