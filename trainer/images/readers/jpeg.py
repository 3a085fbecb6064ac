"""Reads JPEG whatever its metadata contain, and files that lack a little at their end."""

import io
import struct
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from trainer.images.readers.opened import MIN_SHORT_SIDE, Opened, unsupported

_START_OF_SCAN, _END = 0xDA, b"\xff\xd9"
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_HIERARCHICAL = {0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF}
_PROGRESSIVE = {0xC2, 0xCA}
_JPEG_LS = 0xF7
# Metadata that affect the pixels, and the size from which Pillow can read them.
_USED_METADATA = {0xE0: 14, 0xE1: 6, 0xE2: 16, 0xEE: 12}
_ICC = b"ICC_PROFILE\0"
_ENDS_EARLY = "cut short: the last blocks may be missing"
_GRAY = 128
_SLACK = 2
_MOST_MISSING = 0.05


class _Segments:
    """The header of a file, read marker by marker.

    Attributes:
        data: The file without metadata that nobody needs here and that may be faulty.
        frame: Marker of the frame header; 0 if there is none.
        precision: Bits per channel.
        channels: Number of channels.
        components: Identifier and sampling factors (horizontal, vertical) of each component.
    """

    def __init__(self, data: bytes) -> None:
        self.frame = self.precision = self.channels = 0
        self.components: list[tuple[int, int, int]] = []
        kept = [data[:2]]
        at = 2
        for marker, start, end in _markers(data):
            body = data[start + 4 : end]
            if marker in _FRAMES | {_JPEG_LS} and len(body) >= 6:
                self._read_frame(marker, body)
            if not _is_unused(marker, body):
                kept.append(data[start:end])
            at = end
        self._first_scan = sum(map(len, kept))
        kept.append(data[at:])
        self.data = b"".join(kept)

    def _read_frame(self, marker: int, body: bytes) -> None:
        self.frame, self.precision = marker, body[0]
        self.channels = body[5]
        parts = (body[at : at + 2] for at in range(6, len(body) - 2, 3))
        self.components = [(part[0], part[1] >> 4 or 1, part[1] & 15 or 1) for part in parts]

    @property
    def has_end(self) -> bool:
        """Whether there is an end marker; something else may follow it."""
        return self.data.rfind(_END, self._first_scan) >= 0

    def scans(self) -> Iterator[tuple[bytes, int, int, int]]:
        """Components, first and last coefficient and missing bits of each scan that has begun."""
        at = self.data.find(b"\xff\xda", self._first_scan)
        while 0 <= at < len(self.data) - 5:
            count = self.data[at + 4]
            parts = self.data[at + 5 : at + 5 + 2 * count : 2]
            last = self.data[at + 5 + 2 * count : at + 8 + 2 * count]
            if len(last) == 3:
                yield parts, last[0], last[1], last[2] & 15
            at = self.data.find(b"\xff\xda", at + 2)


def jpeg_size(data: bytes, start: int) -> tuple[int, int]:
    """Width and height of a JPEG inside a file; zeros if there is none that can be shown."""
    for marker, at, end in _markers(data, start):
        if marker in _FRAMES and marker <= 0xC2 and end - at >= 10 and data[at + 4] == 8:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
    return 0, 0


def _markers(data: bytes, start: int = 0) -> Iterator[tuple[int, int, int]]:
    """Each marker before the first scan, where its segment starts and where it ends."""
    at = start + 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        if data[at + 1] == 0xFF:  # padding
            at += 1
            continue
        end = at + 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
        if data[at + 1] in (0, _START_OF_SCAN) or end > len(data):
            return
        yield data[at + 1], at, end
        at = end


def _is_unused(marker: int, body: bytes) -> bool:
    if not (0xE0 <= marker <= 0xEF or marker == 0xFE):
        return False
    needed = _USED_METADATA.get(marker)
    return needed is None or len(body) < needed or (marker == 0xE2 and not body.startswith(_ICC))


class Jpeg(Opened):
    """A JPEG file; `load` accepts one that lacks its end marker or a few of its last blocks."""

    def __init__(self, data: bytes) -> None:
        self._segments = segments = _Segments(data)
        if segments.frame == _JPEG_LS or segments.frame in _HIERARCHICAL:
            raise unsupported("JPEG", "JPEG-LS" if segments.frame == _JPEG_LS else "hierarchical")
        if segments.precision not in (0, 8):
            raise unsupported("JPEG", f"{segments.precision} bits per channel")
        if segments.channels not in (0, 1, 3, 4):
            raise unsupported("JPEG", f"{segments.channels} channels")
        super().__init__(JpegImageFile(io.BytesIO(segments.data)))
        self._full = self.frame.size

    def reduce(self) -> None:
        """Have it decoded at a half, a quarter or an eighth of its size, if that is enough."""
        # The blocks of a progressive file are held in memory at full size, whatever the scale.
        held = self._full[0] * self._full[1] * 6 if self._is_progressive else 0
        self.frame.draft(None, (MIN_SHORT_SIDE, MIN_SHORT_SIDE))
        self.overhead = held / (self.frame.width * self.frame.height)

    def load(self) -> Image.Image:
        """Decode, even without the end of the file."""
        try:
            self.frame.load()
        except OSError as error:
            self.frame = self._ended(error)
        if not self._segments.has_end:
            self.notes.append(_ENDS_EARLY)
        return self.frame

    def _ended(self, error: OSError) -> Image.Image:
        """The picture with an end marker appended, if little is missing; otherwise raises."""
        if "truncated" not in str(error) or not self._has_all_scans():
            raise error
        ended = JpegImageFile(io.BytesIO(self._segments.data + _END))
        reduced = self.frame.size
        ended.draft(None, reduced)
        ended.load()
        if ended.size != reduced:
            raise error
        missing, blocks = self._missing_blocks(ended)
        if missing > max(_MOST_MISSING * blocks, min(3, blocks / 6)):
            raise error
        return ended

    @property
    def _is_progressive(self) -> bool:
        return self._segments.frame in _PROGRESSIVE

    def _has_all_scans(self) -> bool:
        """Whether a scan has begun for all coefficients of all components in full precision."""
        begun = {
            (component, coefficient)
            for components, first, last, missing_bits in self._segments.scans()
            for component in components
            for coefficient in range(first, last + 1)
            if missing_bits == 0
        }
        needed = {name for name, _, _ in self._segments.components}
        return all((name, coefficient) in begun for name in needed for coefficient in range(64))

    def _missing_blocks(self, ended: Image.Image) -> tuple[int, int]:
        """How many blocks at the end were not in the file, and how many there are.

        libjpeg leaves them gray. In a progressive file they lack only their last bit of detail.
        """
        if self._is_progressive:
            return 0, 1
        interleaved = len(list(self._segments.scans())) == 1
        empty = _is_gray(ended) if interleaved else _is_colorless(ended)
        width, height = self._block_size(ended.size)
        padding = ((0, -empty.shape[0] % height), (0, -empty.shape[1] % width))
        padded = np.pad(empty, padding, constant_values=True)
        shape = (padded.shape[0] // height, height, padded.shape[1] // width, width)
        blocks = padded.reshape(shape).all(axis=(1, 3)).ravel()
        full = np.flatnonzero(~blocks)
        return blocks.size - 1 - int(full[-1]) if full.size else blocks.size, blocks.size

    def _block_size(self, size: tuple[int, int]) -> tuple[int, int]:
        scale = max(1, round(self._full[0] / size[0]))
        many = len(self._segments.components) > 1
        width = max(h for _, h, _ in self._segments.components) if many else 1
        height = max(v for _, _, v in self._segments.components) if many else 1
        return max(1, 8 * width // scale), max(1, 8 * height // scale)


def _is_gray(image: Image.Image) -> npt.NDArray[np.bool_]:
    values = np.asarray(image if image.mode == "CMYK" else image.convert("L"), np.int16)
    near = np.abs(values - _GRAY) <= _SLACK
    return np.atleast_1d(near.all(axis=-1)) if near.ndim == 3 else near


def _is_colorless(image: Image.Image) -> npt.NDArray[np.bool_]:
    values = np.asarray(image.convert("RGB"), np.int16)
    neutral: npt.NDArray[np.bool_] = np.ptp(values, axis=-1) <= _SLACK
    return neutral


def open_jpeg(file: io.BytesIO) -> Opened:
    """Read the header of a JPEG file."""
    return Jpeg(file.getvalue())
