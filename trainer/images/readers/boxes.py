"""Reads the boxes of HEIF and AVIF files (ISO base media file format); standard library only."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_MOST_BOXES = 4096
_FULL = {b"meta": 4, b"iprp": 0, b"ipco": 0}
"""Boxes that contain others, and the bytes before the first of those."""


@dataclass(frozen=True, slots=True)
class Item:
    """The main picture of a file.

    Attributes:
        kind: Type of the item, such as `av01`.
        properties: Name and content of each property in the order in which they apply.
        extents: Offset and length of each part of its data.
    """

    kind: bytes
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)
    extents: list[tuple[int, int]] = field(default_factory=list)

    def property(self, name: bytes) -> bytes | None:
        """Content of its first property of a name, or None."""
        return next((body for each, body in self.properties if each == name), None)


def brands(data: bytes) -> tuple[bytes, ...]:
    """The brands of a file, the major one first; empty if it is of another format."""
    if data[4:8] != b"ftyp":
        return ()
    end = min(int.from_bytes(data[:4], "big"), 512)
    return (data[8:12], *(data[at : at + 4] for at in range(16, end, 4)))


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name of each box, and where its content starts and ends."""
    for _ in range(_MOST_BOXES):
        if start + 8 > end:
            return
        length, head = int.from_bytes(data[start : start + 4], "big"), 8
        if length == 1:
            length, head = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        stop = end if length == 0 else start + length
        if stop < start + head or stop > end:
            raise ValueError("a box ends after the one around it")
        yield data[start + 4 : start + 8], start + head, stop
        start = stop


def main_item(data: bytes) -> Item | None:
    """The main picture of a file, or None if it has only tracks.

    Raises:
        ValueError, IndexError, struct.error: If the file is damaged.
    """
    top = {name: (start, end) for name, start, end in boxes(data, 0, len(data))}
    if b"meta" not in top:
        return None
    meta = {name: (a, b) for name, a, b in boxes(data, top[b"meta"][0] + 4, top[b"meta"][1])}
    if not {b"pitm", b"iinf", b"iloc", b"iprp"} <= meta.keys():
        return None
    number = _number(data, *meta[b"pitm"])
    base = meta.get(b"idat", (0, 0))[0]
    return Item(
        _kind_of(data, *meta[b"iinf"], number),
        _properties_of(data, *meta[b"iprp"], number),
        _extents_of(data[slice(*meta[b"iloc"])], number, base),
    )


def _number(data: bytes, start: int, end: int) -> int:
    return int.from_bytes(data[start + 4 : end], "big")


def _kind_of(data: bytes, start: int, end: int, number: int) -> bytes:
    first = start + (6 if data[start] == 0 else 8)
    for _, at, _end in boxes(data, first, end):
        size = 2 if data[at] < 3 else 4
        if int.from_bytes(data[at + 4 : at + 4 + size], "big") == number:
            return data[at + 6 + size : at + 10 + size]
    return b""


def _properties_of(data: bytes, start: int, end: int, number: int) -> list[tuple[bytes, bytes]]:
    children = list(boxes(data, start, end))
    known = [
        (name, data[a:b])
        for kind, first, last in children
        if kind == b"ipco"
        for name, a, b in boxes(data, first, last)
    ]
    # A file may have several of the boxes that say which properties belong to which picture.
    places = [
        place
        for kind, first, last in children
        if kind == b"ipma"
        for item, place in _associations(data[first:last])
        if item == number
    ]
    return [known[place - 1] for place in places if 0 < place <= len(known)]


def _associations(data: bytes) -> Iterator[tuple[int, int]]:
    """Each item with the place of one of its properties, from 1."""
    wide, large = data[3] & 1, data[0] >= 1
    (count,) = struct.unpack_from(">I", data, 4)
    at = 8
    for _ in range(min(count, _MOST_BOXES)):
        (item,) = struct.unpack_from(">I" if large else ">H", data, at)
        at += 4 if large else 2
        for _ in range(data[at]):
            place = data[at + 1] & 0x7F
            if wide:
                place = place << 8 | data[at + 2]
            yield item, place
            at += 1 + wide
        at += 1


def _extents_of(data: bytes, number: int, base: int) -> list[tuple[int, int]]:
    version = data[0]
    sizes = data[4] >> 4, data[4] & 15, data[5] >> 4, data[5] & 15 if version else 0
    numbers = _Numbers(data, 6)
    for _ in range(min(numbers.take(2 if version < 2 else 4), _MOST_BOXES)):
        item = numbers.take(2 if version < 2 else 4)
        inside = numbers.take(2) & 15 == 1 if version else False
        numbers.take(2)
        start = numbers.take(sizes[2]) + (base if inside else 0)
        extents = []
        for _ in range(min(numbers.take(2), _MOST_BOXES)):
            numbers.take(sizes[3])
            extents.append((start + numbers.take(sizes[0]), numbers.take(sizes[1])))
        if item == number:
            return extents
    return []


class _Numbers:
    """Takes big-endian numbers one after another."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def take(self, size: int) -> int:
        if self._at + size > len(self._data):
            raise ValueError("a table ends too early")
        self._at += size
        return int.from_bytes(self._data[self._at - size : self._at], "big")


def crop_of(item: Item, width: int, height: int) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of its clean aperture in pixels; None if all of it is shown."""
    body = item.property(b"clap")
    if body is None or len(body) < 32:
        return None
    values = struct.unpack(">IIIIiIiI", body[:32])
    if 0 in values[1::2]:
        return None
    wide, high, across, down = (values[n] / values[n + 1] for n in range(0, 8, 2))
    left = round(across + (width - wide) / 2)
    top = round(down + (height - high) / 2)
    box = max(0, left), max(0, top), min(width, left + round(wide)), min(height, top + round(high))
    return box if box[0] < box[2] and box[1] < box[3] else None
