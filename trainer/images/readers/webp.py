"""Reads WebP; its decoder takes memory for the whole picture as soon as it is made."""

import io

from PIL import Image
from PIL.WebPImagePlugin import WebPImageFile

from trainer.images.readers.opened import Opened

_OVERHEAD = 12
"""Two canvases of the decoder and a copy as bytes."""


class _Webp(Opened):
    """A WebP file, opened by Pillow only when it is decoded."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(Image.new("RGBA", (1, 1)), overhead=_OVERHEAD)
        self._file, self._size = file, _size_of(file.getvalue())

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    def load(self) -> Image.Image:
        self.frame = WebPImageFile(self._file)
        return super().load()


def open_webp(file: io.BytesIO) -> Opened:
    """Read the header of a WebP file."""
    return _Webp(file)


def _size_of(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if len(data) < 30:
        raise EOFError("truncated")
    if kind == b"VP8X":
        return _number(data, 24, 3) + 1, _number(data, 27, 3) + 1
    if kind == b"VP8L":
        bits = _number(data, 21, 4)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        return _number(data, 26, 2) & 0x3FFF, _number(data, 28, 2) & 0x3FFF
    raise ValueError("no picture")


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")
