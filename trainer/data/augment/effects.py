"""What happens to pictures on their way from a camera to a program, by chance for each image."""

import torch
from torch import Tensor

from trainer.config.augmentation import Augmentation
from trainer.data.augment.colors import luminance
from trainer.data.augment.jpeg import compress_colors
from trainer.data.augment.rounding import to_uint8
from trainer.data.augment.softness import add_noise, blur_colors, gaussian_noise

_LOWEST_QUALITY, _HIGHEST_QUALITY = 30, 95


class Effects:
    """Grayscale, blur, noise and JPEG compression.

    Args:
        settings: How much of each.
        seed: Seed of the noise.
        device: Device of the images.
    """

    DRAWN = 7
    """Random numbers per image."""

    def __init__(self, settings: Augmentation, seed: int, device: torch.device) -> None:
        self._settings = settings
        self._device = device
        self._noise = gaussian_noise(seed).to(device) if settings.noise > 0 else None
        strengths = (settings.grayscale, settings.blur, settings.noise, settings.jpeg)
        self.used = any(strengths)

    def apply(self, images: Tensor, drawn: Tensor) -> Tensor:
        """Change images.

        Args:
            images: uint8 tensor of shape [N, 3, H, W].
            drawn: Uniform random numbers from 0 to 1, shape [N, DRAWN], on the CPU: how many images
                an effect changes is then known without waiting for a GPU.

        Returns:
            uint8 tensor of shape [N, 3, H, W].
        """
        gray, blur, noise, start, jpeg, quality, subsampled = drawn.unbind(1)
        colors = images.contiguous().float()
        settings = self._settings
        if settings.grayscale > 0:
            chosen = self._places(gray < settings.grayscale)
            colors[chosen] = luminance(colors[chosen]).expand(-1, 3, -1, -1)
        if settings.blur > 0:
            colors = blur_colors(colors, (settings.blur * blur).to(self._device))
        if self._noise is not None:
            deviations, starts = (
                (255 * settings.noise * noise).to(self._device),
                start.to(self._device),
            )
            colors = add_noise(colors, deviations, starts, self._noise)
        if settings.jpeg > 0:
            self._compress(colors, jpeg < settings.jpeg, quality, subsampled < 0.5)
        return to_uint8(colors)

    def _compress(
        self, colors: Tensor, compressed: Tensor, drawn: Tensor, subsampled: Tensor
    ) -> None:
        choices = _HIGHEST_QUALITY + 1 - _LOWEST_QUALITY
        qualities = (_LOWEST_QUALITY + drawn * choices).long().clamp(max=_HIGHEST_QUALITY)
        qualities = qualities.to(self._device)
        for half in (False, True):
            chosen = self._places(compressed & (subsampled == half))
            colors[chosen] = compress_colors(colors[chosen], qualities[chosen], subsampled=half)

    def _places(self, chosen: Tensor) -> Tensor:
        return chosen.nonzero()[:, 0].to(self._device)
