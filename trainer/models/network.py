"""The base class of all networks."""

from torch import Tensor, nn


class Network(nn.Module):
    """Maps normalized images, float [N, 3, S, S], to logits, float [N, classes].

    S is any of the sizes in `trainer.config.image_size`.
    """

    def prepare(self, images: Tensor) -> None:
        """Initialize layers that depend on the training images; by default there are none.

        Args:
            images: Normalized images, float [N, 3, H, W]; a few thousand are enough.
        """
