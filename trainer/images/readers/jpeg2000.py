"""Reads JPEG 2000 at the smallest of its resolutions that is large enough."""

import io

from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

from trainer.images.readers.opened import MIN_SHORT_SIDE, Opened

_CODING_STYLE = b"\xff\x52"
_CODESTREAM = b"\xff\x4f\xff\x51"
_HEADER_BYTES = 4096
_BYTES_PER_CHANNEL = 6
"""OpenJPEG holds each value as an integer of 4 bytes; Pillow adds a copy of a tile."""


class _Jpeg2000(Opened):
    """A JPEG 2000 file, which contains smaller resolutions of the picture."""

    frame: Jpeg2KImageFile

    def __init__(self, frame: Jpeg2KImageFile, levels: int) -> None:
        super().__init__(frame, overhead=_BYTES_PER_CHANNEL * len(frame.getbands()) + 2)
        self._full, self._level, self._levels = frame.size, 0, levels

    @property
    def size(self) -> tuple[int, int]:
        # The frame has the size of the whole picture until it is decoded.
        return _halved(self._full[0], self._level), _halved(self._full[1], self._level)

    def reduce(self) -> None:
        for level in range(1, self._levels + 1):
            if min(self._full) >> level < MIN_SHORT_SIDE:
                break
            # Pillow rounds a half to the nearest, which is not always what is in the file.
            if all(
                side + (1 << level >> 1) >> level == _halved(side, level) for side in self._full
            ):
                self._level = level
        self.frame.reduce = self._level


def _halved(side: int, times: int) -> int:
    return -(-side >> times)


def open_jpeg2000(file: io.BytesIO) -> Opened:
    """Read the header of a JPEG 2000 file."""
    return _Jpeg2000(Jpeg2KImageFile(file), _levels_of(file.getvalue()))


def _levels_of(data: bytes) -> int:
    """How often the picture can be halved: the decompositions of its first component."""
    start = max(0, data.find(_CODESTREAM))
    at = data.find(_CODING_STYLE, start, start + _HEADER_BYTES)
    return data[at + 9] if 0 <= at < len(data) - 9 else 0
