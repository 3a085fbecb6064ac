"""Reads HEIF and HEIC with libheif, which applies crop, rotation and mirroring itself."""

import contextlib
import io
import struct

import pi_heif  # type: ignore[import-untyped]
from PIL import Image

from trainer.images.readers import boxes
from trainer.images.readers.opened import Opened, unsupported

_OVERHEAD = 6
_CODECS = {
    b"av01": "AV1", b"avc1": "AVC", b"vvc1": "VVC", b"evc1": "EVC", b"j2k1": "JPEG 2000",
    b"jpeg": "JPEG", b"unci": "no",
}  # fmt: skip


class _Heif(Opened):
    """The main picture of a HEIF file, which may contain more."""

    def __init__(self, file: pi_heif.HeifFile) -> None:
        # The frame carries what others need to know, not pixels.
        frame = Image.new("1", (1, 1))
        super().__init__(frame, overhead=_OVERHEAD, orientation=1)
        self._file = file
        frame.info["icc_profile"] = file.info.get("icc_profile")

    @property
    def size(self) -> tuple[int, int]:
        width, height = self._file.size
        return width, height

    def load(self) -> Image.Image:
        image: Image.Image = self._file.to_pillow()
        return image


def open_heif(file: io.BytesIO) -> Opened:
    """Read the header of a HEIF file."""
    opened = pi_heif.HeifFile(file)
    if not len(opened):
        # libheif leaves out what it cannot decode.
        raise unsupported("HEIF", f"{_codec_of(file.getvalue())} compression")
    return _Heif(opened)


def _codec_of(data: bytes) -> str:
    item = None
    with contextlib.suppress(ValueError, IndexError, struct.error):
        item = boxes.main_item(data)
    kind = item.kind if item is not None else b""
    return _CODECS.get(kind, kind.decode("ascii", errors="replace") or "unknown")
