"""Reads PNG whatever its ancillary chunks contain, and 16 bits per channel by their values.

Only critical chunks describe pixels. Pillow refuses a picture with a large or faulty chunk of any
kind, so it is given only those that matter here, if they are sound.
"""

import io
import zlib
from collections.abc import Iterator
from functools import cached_property

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from trainer.images import samples
from trainer.images.readers.opened import Opened, unsupported

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CRITICAL = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
_MOST_PROFILE_BYTES = 16 * 1024**2
_MOST_TEXT_BYTES = 1024**2
# Texts in which cameras and programs store the orientation.
_TEXTS = (b"XML:com.adobe.xmp", b"Raw profile type exif", b"Raw profile type APP1")
# The raw modes of Pillow that read the lower byte of each sample where it reads the upper.
_TILES_16 = {2: "RGB;16L", 6: "RGBA;16L"}
_CLEAR_BYTES = {0: 2, 2: 6, 4: -1, 6: -1}
"""Length of a tRNS chunk by color type; none is allowed with an alpha channel."""
_DARK = 64
"""The upper byte of every value of 14 bits or fewer is below this."""


class _Chunks:
    """The chunks of a file that matter, and what was read from them.

    Attributes:
        data: The file with only those chunks.
        profile: Color profile; empty if there is none.
        significant: Significant bits of the first channel by the file; 0 if unknown.
    """

    def __init__(self, data: bytes) -> None:
        self.profile = b""
        self.significant = 0
        self._color_type = 0
        kept = [_SIGNATURE]
        for name, body, raw in _chunks(data):
            if name == b"CgBI":
                raise unsupported("PNG", "optimized for iPhone apps")
            if self._keeps(name, body, raw):
                kept.append(raw)
        self.data = b"".join(kept)

    def _keeps(self, name: bytes, body: bytes, raw: bytes) -> bool:
        if name == b"IHDR" and len(body) > 9:
            self._color_type = body[9]
        if name in _CRITICAL or not name[:1].islower():
            return True
        if zlib.crc32(raw[4:-4]).to_bytes(4, "big") != raw[-4:]:
            return False
        if name == b"iCCP":
            self.profile = _inflated(body.partition(b"\0")[2][1:], _MOST_PROFILE_BYTES)
        if name == b"sBIT" and body:
            self.significant = body[0]
        if name == b"tRNS":
            # One level, one color, or the opacity of each color of a palette.
            return len(body) == _CLEAR_BYTES.get(self._color_type, len(body))
        return name == b"eXIf" or _is_useful_text(name, body)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name, content and all bytes of each chunk; the last may be incomplete."""
    at = len(_SIGNATURE)
    while at + 8 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : end - 4], data[at:end]
        if data[at + 4 : at + 8] == b"IEND":
            return
        at = end


def _inflated(packed: bytes, most: int) -> bytes:
    """Decompressed data; empty if it is broken or longer than `most`."""
    try:
        stream = zlib.decompressobj()
        data = stream.decompress(packed, most)
    except zlib.error:
        return b""
    return data if stream.eof else b""


def _is_useful_text(name: bytes, body: bytes) -> bool:
    keyword, _, text = body.partition(b"\0")
    if name not in (b"tEXt", b"zTXt", b"iTXt") or keyword not in _TEXTS:
        return False
    if name == b"iTXt" and text[:1] == b"\1":
        return False  # nobody compresses it, and it may be a bomb
    return len(body) < _MOST_TEXT_BYTES if name != b"zTXt" else bool(_inflated(text[1:], 2**20 - 1))


class _Png(Opened):
    """A PNG file; 16 bits per channel are decoded in full where the upper eight may mislead."""

    def __init__(self, chunks: _Chunks) -> None:
        super().__init__(PngImageFile(io.BytesIO(chunks.data)))
        self._chunks = chunks
        self._depth, self._type = chunks.data[24], chunks.data[25]
        if chunks.profile:
            self.frame.info["icc_profile"] = chunks.profile
        self.overhead = len(chunks.data) / (self.frame.width * self.frame.height)
        if self._depth == 16:
            self.overhead += 4 if self._type == 0 else 8
        clear = self.frame.info.get("transparency")
        if self.frame.mode == "L" and isinstance(clear, int):
            # Pillow widens the pixels to 8 bits but not the transparent level.
            self.frame.info["transparency"] = clear * 255 // (2**self._depth - 1)

    def load(self) -> Image.Image:
        self.frame.load()
        if self._depth < 16:
            return self.frame
        if self._type in _TILES_16 and not self._needs_lower_byte():
            self.notes.append("16 bits per channel, scaled to 8")
            return self.frame
        return self._from_samples()

    def _needs_lower_byte(self) -> bool:
        if "transparency" in self.frame.info:
            return True
        colors = np.array(self.frame.getextrema())[:3]
        return bool(colors.max() < _DARK)

    def _strips(self) -> Iterator[samples.Samples]:
        """All 16 bits; uint16 arrays of shape [rows, W, channels]."""
        if self._type == 0:
            yield from (values[..., None] for values in _strips_of(self.frame))
        elif self._type == 4:
            yield from (values.view(">u2") for values in _strips_of(self._lower))
        else:
            for upper, lower in zip(_strips_of(self.frame), _strips_of(self._lower), strict=True):
                yield upper.astype(np.uint16) << 8 | lower

    @cached_property
    def _lower(self) -> Image.Image:
        """The picture with the lower bytes of the samples as well, or instead."""
        data = self._chunks.data
        if self._type == 4:
            # Filters see the same bytes per pixel if each byte is called a channel of its own.
            header = data[16:24] + b"\x08\x06" + data[26:29]
            crc = zlib.crc32(b"IHDR" + header).to_bytes(4, "big")
            return PngImageFile(io.BytesIO(data[:16] + header + crc + data[33:]))
        lower = PngImageFile(io.BytesIO(data))
        lower.tile = [tile._replace(args=_TILES_16[self._type]) for tile in lower.tile]
        return lower

    def _from_samples(self) -> Image.Image:
        channels = 1 if self._type in (0, 4) else 3
        highest = np.max([strip.max(axis=(0, 1)) for strip in self._strips()], axis=0)
        high = int(highest[:channels].max())
        bits, significant = 16, self._chunks.significant
        if 8 <= significant < 16 and high < 2**significant:
            bits = significant
        extremes = np.array([0, high], np.uint16)
        span = samples.span_of(extremes, bits, exact=significant == 16)
        opaque = samples.span_of_alpha(highest[channels:], span, 16)
        self.notes.append(span.note)
        strips = (self._image(strip, channels, span, opaque) for strip in self._strips())
        return samples.painted(self.frame.size, strips)

    def _image(
        self, values: samples.Samples, channels: int, span: samples.Span, opaque: samples.Span
    ) -> Image.Image:
        colors, alpha = values[..., :channels], values[..., channels:]
        clear = self.frame.info.get("transparency")
        opacity = None
        if clear is not None:
            opacity = np.where((colors == clear).all(axis=-1), 0, 255).astype(np.uint8)
        elif alpha.size:
            opacity = samples.to_8_bit(alpha[..., 0], opaque)
        return samples.image_of(samples.to_8_bit(colors, span), opacity)


def _strips_of(image: Image.Image) -> Iterator[samples.Samples]:
    for top in range(0, image.height, samples.ROWS):
        box = (0, top, image.width, min(top + samples.ROWS, image.height))
        yield np.asarray(image.crop(box))


def open_png(file: io.BytesIO) -> Opened:
    """Read the header of a PNG file."""
    return _Png(_Chunks(file.getvalue()))
