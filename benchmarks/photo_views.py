"""Ways of looking at a picture: the whole, its mirror image, crops; used by `benchmarks.photos`."""

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from trainer.data.normalization import mirror, normalize
from trainer.devices.device import PLAIN_CPU
from trainer.images.crop import Crop
from trainer.images.preprocess import Pixels, resize
from trainer.models.model_file import ModelCard
from trainer.models.network import Network

CROPS = (
    Crop(),
    Crop(left=0.1, top=0.1, right=0.9, bottom=0.9),
    Crop(right=0.8, bottom=0.8),
    Crop(left=0.2, bottom=0.8),
    Crop(right=0.8, top=0.2),
    Crop(left=0.2, top=0.2),
)
"""The whole picture, the inner 80 % of its width and height, and as much of its four corners."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The mean of the logits of the first `crops` of `CROPS`, and of their mirror images."""

    crops: int
    mirrored: bool = True

    def of(self, logits: Tensor) -> Tensor:
        """Logits [N, C] from those of all crops, as they are and mirrored, [N, CROPS, 2, C]."""
        return logits[:, : self.crops, : 1 + self.mirrored].mean((1, 2))


WAYS = {
    "whole": Way(crops=1, mirrored=False),
    "whole + mirrored": Way(crops=1),
    "whole + inner": Way(crops=2, mirrored=False),
    "whole + inner + mirrored": Way(crops=2),
    "whole + inner + corners": Way(crops=6, mirrored=False),
    "whole + inner + corners + mirrored": Way(crops=6),
}


def cropped(image: Image.Image, side: int, crops: int) -> Pixels:
    """What a network sees of the first crops of a picture: uint8 [crops, side, side, 3]."""
    parts = [image, *(image.crop(each.box(*image.size)) for each in CROPS[1:crops])]
    return np.stack([resize(part, side) for part in parts])


@torch.inference_mode()
def view_logits(network: Network, card: ModelCard, views: Tensor, way: Way) -> Tensor:
    """Logits [N, crops, 1 or 2, C] of uint8 views [N, crops, 3, S, S], and of their mirror images.

    The network is on the CPU and in channels-last memory; like the program, it uses float32.
    """
    found = []
    for batch in torch.split(views.flatten(0, 1), PLAIN_CPU.evaluation_batch(views.size(-1))):
        images = normalize(batch, card.mean, card.std)
        both = torch.cat([images, mirror(images)]) if way.mirrored else images
        logits = network(both.contiguous(memory_format=torch.channels_last)).float()
        found.append(logits.view(-1, len(batch), logits.size(1)).transpose(0, 1))
    return torch.cat(found).view(*views.shape[:2], 1 + way.mirrored, -1)
