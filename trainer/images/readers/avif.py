"""Reads AVIF with the crop that the file asks for, and files whose extras libavif refuses."""

import contextlib
import io
import struct

from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile

from trainer.images.readers import boxes
from trainer.images.readers.opened import Opened, unsupported

_KEPT = (b"av1C", b"ispe", b"colr", b"a1op", b"irot", b"imir")
_ESSENTIAL = (b"av1C", b"a1op", b"irot", b"imir")
_OVERHEAD = 8


class _Avif(Opened):
    """An AVIF file, cropped as it asks for."""

    def __init__(self, frame: AvifImageFile, item: boxes.Item | None) -> None:
        super().__init__(frame, overhead=_OVERHEAD)
        self._box = boxes.crop_of(item, *frame.size) if item is not None else None

    def load(self) -> Image.Image:
        self.frame.load()
        return self.frame if self._box is None else self.frame.crop(self._box)


def open_avif(file: io.BytesIO) -> Opened:
    """Read the header of an AVIF file."""
    data = file.getvalue()
    item: boxes.Item | None = None
    with contextlib.suppress(ValueError, IndexError, struct.error):
        item = boxes.main_item(data)
    try:
        return _Avif(AvifImageFile(file), item)
    except Exception as error:
        if item is None:
            raise
        if item.kind != b"av01":
            raise unsupported("AVIF", "not one AV1 picture", repr(error)) from error
        opened = _Avif(AvifImageFile(io.BytesIO(_without_extras(data, item))), item)
        opened.notes.append("shown without transparency and other extras")
        return opened


def _without_extras(data: bytes, item: boxes.Item) -> bytes:
    """A file of nothing but the main picture.

    libavif refuses a file for any fault in its structure, even in parts that do not matter here.
    """
    picture = b"".join(data[start : start + length] for start, length in item.extents)
    kept = [(name, body) for name, body in item.properties if name in _KEPT]
    numbers = bytes(
        place | 0x80 * (name in _ESSENTIAL) for place, (name, _) in enumerate(kept, start=1)
    )
    properties = _box(b"ipco", *(_box(name, body) for name, body in kept))
    owner = _box(b"ipma", bytes(4), struct.pack(">IHB", 1, 1, len(kept)), numbers)
    entry = _box(b"infe", struct.pack(">BxxxHH4sx", 2, 1, 0, b"av01"))

    def meta(offset: int) -> bytes:
        place = struct.pack(">IHHHHHII", 0, 0x4400, 1, 1, 0, 1, offset, len(picture))
        return _box(
            b"meta",
            bytes(4),
            _box(b"hdlr", bytes(8), b"pict", bytes(13)),
            _box(b"pitm", bytes(4), b"\0\1"),
            _box(b"iloc", place),
            _box(b"iinf", bytes(4), b"\0\1", entry),
            _box(b"iprp", properties, owner),
        )

    head = _box(b"ftyp", b"avif", bytes(4), b"avifmif1miaf")
    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + _box(b"mdat", picture)


def _box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, name) + body
