"""Writes AVIF and HEIC files around the data of a picture, with any properties and faults."""

import struct
from collections.abc import Sequence

from tests.trainer.drawings import HEIC, drawing, encode
from trainer.images.readers import boxes

Property = tuple[bytes, bytes]
SIZE = (96, 64)


def box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, name) + body


def crop(width: int, height: int, across: float = 0, down: float = 0) -> Property:
    """A crop of a size, its center so many pixels right of and below that of the picture."""
    offsets = (round(across * 2), 2, round(down * 2), 2)
    return b"clap", struct.pack(">IIIIiIiI", width, 1, height, 1, *offsets)


def rotation(quarters: int) -> Property:
    """A rotation by quarters of a turn, counterclockwise."""
    return b"irot", bytes([quarters])


def mirror(axis: int) -> Property:
    """Top and bottom exchanged (0), or left and right (1)."""
    return b"imir", bytes([axis])


def source(kind: str) -> tuple[boxes.Item, bytes]:
    """The picture of a sample, 96 x 64, and its data."""
    data = HEIC.read_bytes() if kind == "HEIF" else encode(drawing(SIZE), "AVIF", quality=95)
    item = boxes.main_item(data)
    assert item is not None
    return item, b"".join(data[at : at + length] for at, length in item.extents)


def heif(
    kind: str,
    properties: Sequence[Property] = (),
    *,
    brand: bytes = b"",
    others: bytes = b"mif1miaf",
    item_type: bytes = b"",
    pictures: int = 1,
    split_association: bool = False,
    in_idat: bool = False,
) -> bytes:
    """A file of the sample picture with more properties, which apply in their order.

    Args:
        brand: Major brand.
        others: Compatible brands.
        item_type: Type of the item, if not that of the sample.
        pictures: How many pictures there are, all of the same data.
        split_association: Whether two boxes say which properties belong to the picture.
        in_idat: Whether the data are inside the box of metadata.
    """
    item, payload = source(kind)
    known = [*item.properties, *properties]
    places = bytes(place | 0x80 for place in range(1, len(known) + 1))
    if split_association:
        parts = [places[: len(item.properties)], places[len(item.properties) :]]
    else:
        parts = [places]
    numbers = range(1, pictures + 1)
    owners = [
        box(b"ipma", struct.pack(">II", 0, pictures),
            *(struct.pack(">HB", number, len(part)) + part for number in numbers))
        for part in parts if part
    ]  # fmt: skip
    entries = [
        box(b"infe", struct.pack(">BxxxHH4sx", 2, number, 0, item_type or item.kind))
        for number in numbers
    ]

    def meta(offset: int) -> bytes:
        method = struct.pack(">H", 1) if in_idat else b""
        place = struct.pack(">BxxxHH", 1 if in_idat else 0, 0x4400, pictures)
        where = struct.pack(">HHII", 0, 1, 0 if in_idat else offset, len(payload))
        place += b"".join(struct.pack(">H", number) + method + where for number in numbers)
        return box(
            b"meta",
            bytes(4),
            box(b"hdlr", bytes(8), b"pict", bytes(13)),
            box(b"pitm", bytes(4), b"\0\1"),
            box(b"iloc", place),
            box(b"iinf", bytes(4), struct.pack(">H", len(entries)), *entries),
            box(b"iprp", box(b"ipco", *(box(*each) for each in known)), *owners),
            box(b"idat", payload) if in_idat else b"",
        )

    brand = brand or (b"heic" if kind == "HEIF" else b"avif")
    head = box(b"ftyp", brand, bytes(4), others)
    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + (b"" if in_idat else box(b"mdat", payload))
