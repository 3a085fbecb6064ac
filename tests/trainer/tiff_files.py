"""Writes TIFF files of any samples, for the tests of the decoder: Pillow writes few kinds."""

import io
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

_FORMATS = {3: "H", 4: "I", 11: "f", 12: "d", 13: "I", 2: "B", 1: "B", 7: "B"}
_SAMPLE_FORMATS = {"u": 1, "i": 2, "f": 3}
Tags = dict[int, tuple[int, Sequence[Any]]]
MoreTags = Mapping[int, tuple[int, Sequence[Any]]]


def pack_bits(data: bytes) -> bytes:
    """PackBits without runs."""
    parts = (data[at : at + 128] for at in range(0, len(data), 128))
    return b"".join(bytes([len(part) - 1]) + part for part in parts)


COMPRESSIONS: dict[int, Callable[[bytes], bytes]] = {
    1: bytes, 8: zlib.compress, 32946: zlib.compress, 32773: pack_bits,
}  # fmt: skip


def tiff(
    samples: npt.NDArray[Any],
    *,
    photometric: int = 1,
    bits: int = 0,
    order: str = "<",
    compression: int = 1,
    predictor: int = 1,
    tile: tuple[int, int] | None = None,
    rows: int = 0,
    planar: bool = False,
    tags: MoreTags | None = None,
) -> bytes:
    """A file of samples of shape [H, W] or [H, W, bands].

    Args:
        bits: Bits per sample as stored, if not those of the type.
        order: `<` for little-endian, `>` for big-endian.
        tile: Width and height of tiles, otherwise strips.
        rows: Rows of a strip; by default all.
        tags: More tags, or others: number, type and values.
    """
    values = samples if samples.ndim == 3 else samples[..., None]
    height, width, bands = values.shape
    stored = bits or values.itemsize * 8
    planes = [values[..., n : n + 1] for n in range(bands)] if planar else [values]
    parts = [part for plane in planes for part in _parts(plane, tile, rows or height)]
    packed = [COMPRESSIONS[compression](_encoded(p, stored, bits, order, predictor)) for p in parts]
    offsets = np.cumsum([8, *map(len, packed)])[:-1].tolist()
    head: Tags = {
        256: (3, [width]), 257: (3, [height]), 258: (3, [stored] * bands),
        259: (3, [compression]), 262: (3, [photometric]), 277: (3, [bands]),
        284: (3, [2 if planar else 1]), 317: (3, [predictor]),
        339: (3, [_SAMPLE_FORMATS[values.dtype.kind]] * bands),
        (273 if tile is None else 324): (4, offsets),
        (279 if tile is None else 325): (4, [*map(len, packed)]),
    }  # fmt: skip
    head |= (
        {278: (3, [rows or height])} if tile is None else {322: (3, tile[:1]), 323: (3, tile[1:])}
    )
    return assemble(head | dict(tags or {}), b"".join(packed), order)


def assemble(tags: Tags, data: bytes, order: str = "<", following: Sequence[Tags] = ()) -> bytes:
    """A file of data, which starts at byte 8, and directories."""
    file = io.BytesIO()
    file.write((b"II*\0" if order == "<" else b"MM\0*") + bytes(4) + data)
    link = 4
    for each in (tags, *following):
        start = file.seek(0, io.SEEK_END)
        start += file.write(bytes(start % 2))
        body = directory(each, start, order)
        file.write(body)
        file.seek(link)
        file.write(struct.pack(order + "I", start))
        link = start + 2 + 12 * len(each)
    return file.getvalue()


def directory(tags: Tags, start: int, order: str) -> bytes:
    """A directory at an offset, with its values after it."""
    entries, values = b"", b""
    values_at = start + 2 + 12 * len(tags) + 4
    for tag, (kind, numbers) in sorted(tags.items()):
        packed = struct.pack(f"{order}{len(numbers)}{_FORMATS[kind]}", *numbers)
        entries += struct.pack(f"{order}HHI", tag, kind, len(numbers))
        if len(packed) > 4:
            entries += struct.pack(f"{order}I", values_at + len(values))
            values += packed + bytes(len(packed) % 2)
        else:
            entries += packed.ljust(4, b"\0")
    return struct.pack(f"{order}H", len(tags)) + entries + bytes(4) + values


def _parts(
    plane: npt.NDArray[Any], tile: tuple[int, int] | None, rows: int
) -> list[npt.NDArray[Any]]:
    height, width, _ = plane.shape
    if tile is None:
        return [plane[top : top + rows] for top in range(0, height, rows)]
    across, down = -width % tile[0], -height % tile[1]
    padded = np.pad(plane, ((0, down), (0, across), (0, 0)), mode="edge")
    return [
        padded[top : top + tile[1], left : left + tile[0]]
        for top in range(0, height, tile[1])
        for left in range(0, width, tile[0])
    ]


def _encoded(part: npt.NDArray[Any], stored: int, bits: int, order: str, predictor: int) -> bytes:
    if bits:
        shifts = np.arange(bits - 1, -1, -1)
        rows = (part.reshape(len(part), -1, 1) >> shifts & 1).astype(np.uint8)
        return np.packbits(rows.reshape(len(part), -1), axis=1).tobytes()
    if predictor == 2:
        unsigned = part.view(f"u{part.itemsize}")
        part = np.diff(unsigned, axis=1, prepend=np.zeros_like(unsigned[:, :1]))
    if predictor == 3:
        height, width, bands = part.shape
        raw = part.astype(part.dtype.newbyteorder(">")).view(np.uint8)
        planes = raw.reshape(height, width * bands, part.itemsize).swapaxes(1, 2)
        rows = planes.reshape(height, -1, bands)
        return np.diff(rows, axis=1, prepend=np.zeros_like(rows[:, :1])).tobytes()
    return part.astype(order + part.dtype.str[1:]).tobytes()
