"""Reads BMP, with any bit masks: Pillow knows a dozen of them."""

import io
import struct

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile

from trainer.images import samples
from trainer.images.readers.opened import Opened

_BIT_MASKS = (3, 6)
"""Compressions without and with a mask for alpha."""
_ROWS = 64


class _Bmp(Opened):
    """A BMP that Pillow can read."""

    def load(self) -> Image.Image:
        self.frame.load()
        if self.frame.mode == "RGBA" and self.frame.getchannel("A").getextrema() == (0, 0):
            # Programs reserve the byte for alpha and never fill it.
            return self.frame.convert("RGB")
        return self.frame


class _MaskedBmp(Opened):
    """A BMP of 16 or 32 bits per pixel, of which each channel has its own."""

    def __init__(self, data: bytes) -> None:
        self._offset, header = struct.unpack_from("<II", data, 10)
        width, height, _, self._bits = struct.unpack_from("<iiHH", data, 18)
        self._masks = struct.unpack_from("<4I", data, 54)
        if header < 56 and struct.unpack_from("<I", data, 30) != (6,):
            self._masks = (*self._masks[:3], 0)
        self._is_upside_down = height > 0
        stride = (width * self._bits + 31) // 32 * 4
        if width < 1 or height == 0 or not all(self._masks[:3]):
            raise ValueError("no pixels")
        if self._offset + stride * abs(height) > len(data):
            raise EOFError("truncated")
        # The frame carries what others need to know, not pixels.
        super().__init__(Image.new("1", (1, 1)), overhead=8)
        self._size, self._stride, self._data = (width, abs(height)), stride, data

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    def load(self) -> Image.Image:
        width, height = self._size
        kind, count = f"<u{self._bits // 8}", self._stride * height
        rows = np.frombuffer(self._data, np.uint8, count, self._offset).reshape(height, -1)
        pixels = rows.view(kind)[:, :width]
        pixels = pixels[::-1] if self._is_upside_down else pixels
        colors = np.stack([_channel(pixels, mask) for mask in self._masks[:3]], axis=-1)
        alpha = _channel(pixels, self._masks[3]) if self._masks[3] else None
        return samples.image_of(colors, alpha if alpha is not None and alpha.any() else None)


def _channel(pixels: samples.Samples, mask: int) -> npt.NDArray[np.uint8]:
    shift = (mask & -mask).bit_length() - 1
    values = np.empty(pixels.shape, np.uint8)
    for top in range(0, len(pixels), _ROWS):
        part = (pixels[top : top + _ROWS] & mask) >> shift
        values[top : top + _ROWS] = np.rint(part * (255 / (mask >> shift)))
    return values


def open_bmp(file: io.BytesIO) -> Opened:
    """Read the header of a BMP file."""
    try:
        return _Bmp(BmpImageFile(file))
    except OSError:
        data = file.getvalue()
        header, bits, compression = struct.unpack_from("<I10xHI", data, 14)
        if header < 40 or bits not in (16, 32) or compression not in _BIT_MASKS:
            raise
        return _MaskedBmp(data)
