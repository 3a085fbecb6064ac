"""Reads the samples of a TIFF file, whatever their number, bits and number type.

libtiff decompresses them: strips or tiles are put into a file that calls every byte a pixel. What
the bytes mean is then worked out here.
"""

import io
import itertools
import struct
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from trainer.images import color_modes, samples
from trainer.images.readers.opened import Opened, unsupported
from trainer.images.readers.tiff_layout import TiffLayout
from trainer.images.samples import ROWS, Samples

_WEBP = 50001
READABLE_COMPRESSIONS = (1, 5, 8, 32773, 32946, 34925, 50000, _WEBP)
"""None, LZW, deflate, PackBits, deflate, LZMA, zstd and WebP."""
_WHITE_IS_ZERO, _PALETTE, _CMYK, _LAB = 0, 3, 5, 8
_COLORS = {_WHITE_IS_ZERO: 1, 1: 1, 2: 3, _PALETTE: 1, _CMYK: 4, _LAB: 3}
_PREMULTIPLIED = 1
_ALPHA = (_PREMULTIPLIED, 2, 999)
"""Values of ExtraSamples; Corel writes the last."""
_TYPES = {(1, 8): "u1", (1, 16): "u2", (1, 32): "u4", (1, 64): "u8", (2, 8): "i1", (2, 16): "i2",
          (2, 32): "i4", (2, 64): "i8", (3, 16): "f2", (3, 32): "f4", (3, 64): "f8"}  # fmt: skip
Tags = dict[int, Sequence[int]]
_HEADER_BYTES = 8
_PART_BYTES = 8 * 1024**2


class TiffSamples(Opened):
    """A TIFF file of samples that Pillow cannot read, or not in full."""

    def __init__(self, data: bytes, layout: TiffLayout) -> None:
        self._colors = layout.bands if layout.compression == _WEBP else _colors_of(layout)
        if min(layout.width, layout.height) < 1 or not layout.segments:
            raise ValueError("no pixels")
        if any(offset + length > len(data) for offset, length in layout.segments):
            raise EOFError("truncated: a part of the picture would be after the end of the file")
        # The frame carries what others need to know, not pixels.
        frame = Image.new("1", (1, 1))
        frame.info["icc_profile"] = layout.tags.get(34675) if layout.photometric != _CMYK else None
        super().__init__(frame, orientation=layout.orientation)
        self._data, self._layout = data, layout
        copies = 1 + layout.planar + (layout.predictor > 1)
        unpacked = 2 * layout.bands if layout.bits not in (8, 16, 32, 64) else 0
        self.overhead = copies * layout.bands * layout.bits / 8 + unpacked + 4
        self.overhead += len(data) / (layout.width * layout.height)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._layout.width, self._layout.height

    def load(self) -> Image.Image:
        """Decode to L, RGB or Lab, with alpha if there is any."""
        if self._layout.compression == _WEBP:
            return _from_webp(self._data, self._layout)
        values = _samples(self._data, self._layout)
        kinds = self._layout.numbers(338) or _ALPHA[1:2]
        alphas = 1 if self._layout.bands > self._colors and kinds[0] in _ALPHA else 0
        used = self._colors + alphas
        if self._layout.bands > used:
            self.notes.append(f"{used} of {self._layout.bands} bands used")
        to_image = self._conversion(values[..., : self._colors], values[..., self._colors : used])
        is_premultiplied = alphas and kinds[0] == _PREMULTIPLIED
        strips: Iterable[Image.Image] = (
            to_image(values[at : at + ROWS]) for at in range(0, len(values), ROWS)
        )
        return samples.painted(
            self.size, map(_unmultiplied, strips) if is_premultiplied else strips
        )

    def _conversion(self, colors: Samples, alpha: Samples) -> Callable[[Samples], Image.Image]:
        """How some rows of samples become a picture, after a look at all of them."""
        span = samples.Span(black=0, scale=1) if self._is_palette else self._span(colors)
        self.notes.append(span.note)
        opaque = samples.span_of_alpha(alpha, span, self._layout.bits) if alpha.size else None
        to_colors = self._palette_colors() if self._is_palette else self._plain_colors(span)

        def convert(values: Samples) -> Image.Image:
            image = to_colors(values[..., : self._colors])
            if opaque is not None:
                image.putalpha(Image.fromarray(samples.to_8_bit(values[..., self._colors], opaque)))
            return image

        return convert

    @property
    def _is_palette(self) -> bool:
        return self._layout.photometric == _PALETTE

    def _palette_colors(self) -> Callable[[Samples], Image.Image]:
        palette = self._palette()
        return lambda indexes: Image.fromarray(palette[indexes[..., 0]])

    def _plain_colors(self, span: samples.Span) -> Callable[[Samples], Image.Image]:
        photometric, profile = self._layout.photometric, self._layout.tags.get(34675) or b""

        def convert(values: Samples) -> Image.Image:
            plain = samples.to_8_bit(values, span)
            if photometric == _CMYK:
                return color_modes.to_rgb(samples.image_of(plain, mode="CMYK"), profile)
            if photometric == _WHITE_IS_ZERO:
                plain = 255 - plain
            return samples.image_of(plain, mode="LAB" if photometric == _LAB else None)

        return convert

    def _span(self, values: Samples) -> samples.Span:
        given = self._layout.given_range if self._layout.is_deep else None
        return samples.span_of(values, self._layout.bits, given)

    def _palette(self) -> npt.NDArray[np.uint8]:
        """The colors of a palette; uint8 array of shape [2 ** bits, 3]."""
        entries = np.array(self._layout.numbers(320), np.uint16)
        length = 3 << self._layout.bits
        entries = np.pad(entries[:length], (0, max(0, length - entries.size)))
        if entries.max() < 256:
            self.notes.append("palette with 8 bits per entry")
        else:
            entries >>= 8
        return np.ascontiguousarray(entries.astype(np.uint8).reshape(3, -1).T)


def needs_samples(layout: TiffLayout) -> bool:
    """Whether Pillow would read such a file wrongly, in part or not at all."""
    return layout.is_deep or layout.compression == _WEBP


def _colors_of(layout: TiffLayout) -> int:
    """Number of color samples of a pixel; raises `ImageError` if their meaning is not known."""
    colors = _COLORS.get(layout.photometric, 0)
    # Which of several bands of gray are colors is not said.
    fits = colors and colors <= layout.bands and not (colors == 1 and layout.bands > 2)
    typed = (layout.format, layout.bits) in _TYPES or (layout.format == 1 and layout.bits < 16)
    index = layout.photometric != _PALETTE or (layout.format == 1 and layout.bits <= 16)
    if not (fits and typed and index and layout.is_uniform):
        raise unsupported("TIFF", layout.kind)
    return colors


def _samples(data: bytes, layout: TiffLayout) -> Samples:
    """All samples, as an array of shape [H, W, bands] of the number type of the file."""
    planes = [_plane(data, layout, number) for number in range(layout.planes)]
    return planes[0] if len(planes) == 1 else np.concatenate(planes, axis=-1)


def _plane(data: bytes, layout: TiffLayout, number: int) -> Samples:
    rows = _bytes_of(data, layout, number)
    order = "<" if data[:2] == b"II" else ">"
    shape = (layout.height, layout.padded_width, layout.bands_per_plane)
    if layout.bits not in (8, 16, 32, 64):
        values: Samples = _unpacked(rows, layout)
    else:
        if layout.predictor == 3:
            rows, order = _without_float_predictor(rows, layout), ">"
        values = rows.view(order + _TYPES[layout.format, layout.bits])
    values = values[:, : layout.padded_width * layout.bands_per_plane].reshape(shape)
    if layout.predictor == 2:
        values = _without_differences(values, layout)
    return values[:, : layout.width]


def _bytes_of(data: bytes, layout: TiffLayout, plane: int) -> npt.NDArray[np.uint8]:
    """The decompressed bytes of a plane; uint8 array of shape [H, bytes of a row]."""
    count = len(layout.segments) // layout.planes
    segments = layout.segments[plane * count : (plane + 1) * count]
    high = layout.tile[1] if layout.tile else layout.rows_per_strip
    across = layout.padded_width // layout.tile[0] if layout.tile else 1
    # Some at a time: libtiff returns a copy, and Pillow limits the size of a picture.
    step = max(1, _PART_BYTES // (high * layout.row_bytes))
    rows = np.empty((layout.height, layout.row_bytes), np.uint8)
    for first in range(0, -(-layout.height // high), step):
        part = segments[first * across : (first + step) * across]
        top, bottom = first * high, min((first + step) * high, layout.height)
        rows[top:bottom] = _decompressed(data, layout, part, bottom - top)
    return rows


def _decompressed(
    data: bytes, layout: TiffLayout, segments: list[tuple[int, int]], height: int
) -> npt.NDArray[np.uint8]:
    packed = [data[start : start + length] for start, length in segments]
    lengths = [len(part) for part in packed]
    places = list(itertools.accumulate(lengths[:-1], initial=_HEADER_BYTES))
    tags: Tags = {256: [layout.row_bytes], 257: [height], 258: [8], 259: [layout.compression],
                  262: [1], 266: layout.numbers(266, (1,)), 277: [1]}  # fmt: skip
    if layout.tile is None:
        tags |= {273: places, 278: [layout.rows_per_strip], 279: lengths}
    else:
        tags |= {322: [layout.tile_row_bytes], 323: [layout.tile[1]], 324: places, 325: lengths}
    file = TiffImageFile(io.BytesIO(_file(data[:2], packed, tags)))
    file.load()
    return np.asarray(file)


def _file(order_mark: bytes, packed: list[bytes], tags: Tags) -> bytes:
    """A file of some strips or tiles and a directory, whose tags are all 32-bit integers."""
    order = "<" if order_mark == b"II" else ">"
    length = _HEADER_BYTES + sum(map(len, packed))
    start = length + length % 2
    values_at = start + 2 + 12 * len(tags) + 4
    entries, values = b"", b""
    for tag, numbers in sorted(tags.items()):
        body = struct.pack(f"{order}{len(numbers)}I", *numbers)
        if len(body) > 4:
            values += body
            body = struct.pack(f"{order}I", values_at + len(values) - len(body))
        entries += struct.pack(f"{order}HHI", tag, 4, len(numbers)) + body
    head = order_mark + struct.pack(f"{order}HI", 42, start)
    directory = struct.pack(f"{order}H", len(tags)) + entries + bytes(4) + values
    return b"".join((head, *packed, bytes(length % 2), directory))


def _unpacked(rows: npt.NDArray[np.uint8], layout: TiffLayout) -> npt.NDArray[np.uint16]:
    """Samples of fewer bits than their type, most significant bit first."""
    count = layout.padded_width * layout.bands_per_plane
    values = np.empty((len(rows), count), np.uint16)
    weights = 1 << np.arange(layout.bits - 1, -1, -1, dtype=np.int32)
    for top in range(0, len(rows), ROWS):
        bits = np.unpackbits(rows[top : top + ROWS], axis=1)[:, : count * layout.bits]
        values[top : top + ROWS] = bits.reshape(len(bits), count, layout.bits) @ weights
    return values


def _without_differences(values: Samples, layout: TiffLayout) -> Samples:
    """Add up what each tile stores as the difference from the sample to the left."""
    unsigned = f"u{values.dtype.itemsize}"
    sums = np.empty(values.shape, unsigned)
    stored = values.view(values.dtype.byteorder + unsigned)
    width = layout.tile[0] if layout.tile else layout.padded_width
    for left in range(0, layout.padded_width, width):
        part = slice(left, left + width)
        np.cumsum(stored[:, part], axis=1, dtype=unsigned, out=sums[:, part])
    return sums.view(values.dtype.newbyteorder("="))


def _without_float_predictor(
    rows: npt.NDArray[np.uint8], layout: TiffLayout
) -> npt.NDArray[np.uint8]:
    """Bytes of floats, most significant first, which are stored plane by plane as differences."""
    width, step, size = layout.tile_row_bytes, layout.bands_per_plane, layout.bits // 8
    values = np.empty_like(rows)
    for top in range(0, len(rows), ROWS):
        part = rows[top : top + ROWS].reshape(-1, width // step, step)
        sums = np.cumsum(part, axis=1, dtype=np.uint8).reshape(-1, size, width // size)
        values[top : top + ROWS] = sums.swapaxes(1, 2).reshape(-1, rows.shape[1])
    return values


def _unmultiplied(image: Image.Image) -> Image.Image:
    premultiplied = Image.frombytes(image.mode[:-1] + "a", image.size, image.tobytes())
    return premultiplied.convert(image.mode)


def _from_webp(data: bytes, layout: TiffLayout) -> Image.Image:
    """A picture whose strips or tiles are WebP files, which libtiff is built without."""
    image = Image.new("RGBA" if layout.bands == 4 else "RGB", (layout.width, layout.height))
    width, height = layout.tile or (layout.width, layout.rows_per_strip)
    across = -(-layout.width // width)
    for number, (offset, length) in enumerate(layout.segments):
        part = WebPImageFile(io.BytesIO(data[offset : offset + length]))
        image.paste(part, (number % across * width, number // across * height))
    return image
