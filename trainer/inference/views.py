"""Several views of one image: mirrored as the program answers, six as the speed records are scored."""

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.data.normalization import mirror
from trainer.devices.device import Device
from trainer.models.network import Network

SHIFTS = ((0, 0), (-1, -1), (1, 1))


@torch.inference_mode()
def answer(network: Network, images: Tensor) -> Tensor:
    """Logits of normalised images as the program answers: the mean over image and mirror image.

    Args:
        network: In eval mode, on the images' device.
        images: Float [N, 3, H, W].

    Returns:
        Float32 [N, classes], not yet divided by a temperature.
    """
    both: Tensor = network(torch.cat([images, mirror(images)])).float()
    return both.view(2, len(images), -1).mean(0)


@torch.inference_mode()
def predict_tta(network: Network, images: Tensor, device: Device) -> tuple[Tensor, Tensor, Tensor]:
    """Logits with one forward pass, with the mirror image, and with shifts by a pixel as well.

    The six views are those by which the speed records are judged: half the weight on the image and
    its mirror image, half on both of them shifted by a pixel up and left, and down and right. Image
    and mirror image are what the program answers by, and computed in float32 as there; the shifted
    ones serve the comparison alone, and are computed as fast as the device can.

    Args:
        network: In eval mode, on the device.
        images: Float [N, 3, H, W], normalised, on the device.
        device: Where to compute.

    Returns:
        Three float32 tensors [N, classes] on the device.
    """
    side = images.size(-1)
    padded = F.pad(images, (1,) * 4, mode="reflect")
    views = [padded[..., 1 + y : 1 + y + side, 1 + x : 1 + x + side] for y, x in SHIFTS]
    single = network(images).float()
    centre = (single + network(mirror(images)).float()) / 2
    with device.autocast():
        shifted = torch.stack([answer(network, view) for view in views[1:]]).mean(0)
    return single, centre, (centre + shifted) / 2
