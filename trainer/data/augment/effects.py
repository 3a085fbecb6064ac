"""What happens to pictures on their way from a camera to a program, by chance for each image."""

import torch
from torch import Tensor

from trainer.config.augmentation import Augmentation
from trainer.data.augment.colors import gray_images
from trainer.data.augment.jpeg import compress_images
from trainer.data.augment.softness import add_noise, blur_images, gaussian_noise

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
        self._noise = gaussian_noise(seed).to(device) if settings.noise > 0 else None

    def apply(self, images: Tensor, drawn: Tensor) -> Tensor:
        """Change images.

        Args:
            images: uint8 tensor of shape [N, 3, H, W] in channels-last memory.
            drawn: Uniform random numbers from 0 to 1, shape [N, DRAWN].

        Returns:
            uint8 tensor of shape [N, 3, H, W] in channels-last memory.
        """
        gray, blur, noise, start, jpeg, quality, subsampled = drawn.unbind(1)
        settings = self._settings
        if settings.grayscale > 0:
            images = gray_images(images, gray < settings.grayscale)
        if settings.blur > 0:
            images = blur_images(images, settings.blur * blur)
        if self._noise is not None:
            images = add_noise(images, 255 * settings.noise * noise, start, self._noise)
        if settings.jpeg > 0:
            qualities = _LOWEST_QUALITY + quality * (_HIGHEST_QUALITY + 1 - _LOWEST_QUALITY)
            compressed = compress_images(images, qualities.long(), subsampled < 0.5)
            images = torch.where((jpeg < settings.jpeg).view(-1, 1, 1, 1), compressed, images)
        return images
