"""Predictions averaged over views of an image: mirrored in use, six views on request."""

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.data.normalization import mirror
from trainer.devices.device import Device
from trainer.models.network import Network

SHIFTS = ((-1, -1), (1, 1))


@torch.inference_mode()
def predict_mirrored(network: Network, images: Tensor) -> Tensor:
    """Mean logits of images and their mirror images, as used for predictions.

    Args:
        network: Network in eval mode, on the device of the images.
        images: Normalized images, float of shape [N, 3, H, W].

    Returns:
        Float32 logits of shape [N, classes], before temperature scaling.
    """
    both: Tensor = network(torch.cat([images, mirror(images)])).float()
    return both.view(2, len(images), -1).mean(0)


@torch.inference_mode()
def predict_both(network: Network, images: Tensor) -> tuple[Tensor, Tensor]:
    """Logits of a single view and of two mirrored views; see `predict_mirrored`.

    Returns:
        Two float32 tensors of shape [N, classes].
    """
    single = network(images).float()
    return single, (single + network(mirror(images)).float()) / 2


@torch.inference_mode()
def predict_shifted(network: Network, images: Tensor, device: Device) -> Tensor:
    """Logits of the four of six views that are shifted (test-time augmentation).

    The six views are those of the CIFAR-10 speed records (Jordan 2024): half the weight is on the
    image and its mirror image, half on both of them shifted by a pixel up and left, and down and
    right. The latter serve only for comparison and are computed as fast as the device can.

    Args:
        network: Network in eval mode, on the device.
        images: Normalized images on the device, float of shape [N, 3, H, W].
        device: Device to compute on.

    Returns:
        Float32 tensor of shape [N, classes] on the device.
    """
    side = images.size(-1)
    padded = F.pad(images, (1,) * 4, mode="reflect")
    views = [padded[..., 1 + y : 1 + y + side, 1 + x : 1 + x + side] for y, x in SHIFTS]
    with device.autocast():
        return torch.stack([predict_mirrored(network, view) for view in views]).mean(0)
