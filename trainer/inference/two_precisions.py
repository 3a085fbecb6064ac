"""Predictions for many images: in half precision where that is enough, in float32 where it matters.

A processor with instructions for bfloat16 computes several times as fast in it, but the last digits
differ. Where a network is all but certain, that changes no class, and probabilities hardly: those
of the bundled network on the CIFAR-10 test images by less than 0.005, and no figure of its
evaluation to the printed digits. All other images are computed once more in float32.
"""

import torch
from torch import Tensor

from trainer.devices.device import Device
from trainer.inference.views import predict_both
from trainer.models.network import Network

CERTAIN = 0.97
"""Probability from which half precision is enough."""
_CLEAR = 0.8
"""The same for a single view, of which only the class counts."""
_PAYS = 0.5
"""Share of images to compute again from which float32 alone is faster."""
_MANY = 1000
"""Number of images from which time matters."""


class TwoPrecisions:
    """Computes logits of single and of mirrored views on a CPU.

    Args:
        network: Network in eval mode, on the device.
        device: Device to compute on; where its mode is float32, so is everything.
        temperature: Divisor of the logits.
        images: Number of images in all; few are computed in float32 alone.
    """

    def __init__(
        self, network: Network, device: Device, temperature: float, *, images: int
    ) -> None:
        self._network, self._device, self._temperature = network, device, temperature
        # A GPU is fast enough in float32, and so is every processor for a few images.
        on_cpu = device.torch_device.type == "cpu"
        self._pays = on_cpu and device.mode.half is not None and images >= _MANY
        self.batch_factor = 6 if self._pays else 1
        """How many batches of the device to give at a time."""

    @torch.inference_mode()
    def predict(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Logits as those of `predict_both`.

        Args:
            images: Normalized images on the device, float of shape [N, 3, H, W].
        """
        if not self._pays:
            return self._predict(images)
        with self._device.autocast():
            # Twice as many at a time, as the weights are converted for every batch.
            single, mirrored = self._predict(images, 2)
        open_ = self._below(_CLEAR, single) | self._below(CERTAIN, mirrored)
        self._pays = open_.double().mean().item() < _PAYS
        if open_.any():
            single[open_], mirrored[open_] = self._predict(images[open_])
        return single, mirrored

    def _predict(self, images: Tensor, factor: int = 1) -> tuple[Tensor, Tensor]:
        count = factor * self._device.evaluation_batch(images.size(-1))
        parts = (predict_both(self._network, part) for part in torch.split(images, count))
        single, mirrored = zip(*parts, strict=True)
        return torch.cat(single), torch.cat(mirrored)

    def _below(self, least: float, logits: Tensor) -> Tensor:
        return (logits / self._temperature).softmax(1).amax(1) < least
