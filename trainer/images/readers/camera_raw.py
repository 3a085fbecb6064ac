"""Shows the preview inside camera raw files; nothing here develops the sensor's data.

Cameras store one or more JPEG pictures beside it, the largest of which is the picture as the camera
shows it.
"""

import contextlib
import io
import itertools
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from trainer.errors import ImageError
from trainer.images.readers.jpeg import Jpeg, jpeg_size
from trainer.images.readers.opened import Opened, exif_of

NOTE = "the preview embedded in a camera raw file"
_NO_PREVIEW = (
    "This camera raw file contains no preview that can be shown. Develop it with a raw converter,"
    " save it as PNG or JPEG and try again."
)
_JPEG_START = re.compile(rb"\xff\xd8\xff[\xc0-\xfe]")
_MOST_PREVIEWS = 64
_MOST_METADATA = 1024**2
_DNG_VERSION, _COMPRESSION, _PHOTOMETRIC, _ORIENTATION = 50706, 259, 262, 274
_SENSOR = (32803, 34892)
"""Photometric interpretations of the sensor's data: a color filter array, linear raw."""
_MAKERS = (32767, 32769, 32770, 34713, 65000, 65535)
"""Compressions of Sony, Epson, Samsung, Nikon, Kodak and Pentax."""
_CANON = re.compile(rb"(?:II\*\0|MM\0\*).{4}CR", re.DOTALL)


def is_raw(data: bytes, directories: Sequence[dict[int, Any]]) -> bool:
    """Whether a TIFF file with these directories is a camera raw file."""
    return bool(_CANON.match(data[:16])) or any(
        _DNG_VERSION in tags
        or tags.get(_PHOTOMETRIC) in _SENSOR
        or tags.get(_COMPRESSION) in _MAKERS
        for tags in directories
    )


def open_camera_raw(file: io.BytesIO) -> Opened:
    """Open the largest preview of a file that is known to be a camera raw file."""
    data = file.getvalue()
    sizes = {match.start(): jpeg_size(data, match.start()) for match in _previews(data)}
    at = max(sizes, key=lambda place: math.prod(sizes[place]), default=0)
    preview = _uncompressed(file)
    if preview is None or math.prod(sizes.get(at, (0, 0))) > math.prod(preview.size):
        if not math.prod(sizes.get(at, (0, 0))):
            raise ImageError(_NO_PREVIEW)
        # A JPEG is never longer than its pixels; what follows it is the sensor's data.
        preview = Jpeg(data[at : at + 3 * math.prod(sizes[at]) + _MOST_METADATA])
    preview.format = "camera raw"
    if _ORIENTATION not in exif_of(preview.frame):
        preview.orientation = _orientation_of(data)
    preview.notes.append(NOTE)
    return preview


def _previews(data: bytes) -> Iterator[re.Match[bytes]]:
    return itertools.islice(_JPEG_START.finditer(data), _MOST_PREVIEWS)


def _uncompressed(file: io.BytesIO) -> Opened | None:
    """The preview of a TIFF file whose first picture is one, which need not be a JPEG."""
    try:
        frame = TiffImageFile(file)
    except Exception:  # noqa: BLE001  # of no kind that Pillow knows, so it is no preview
        return None
    return Opened(frame) if frame.mode == "RGB" and min(frame.size) >= 32 else None


def _orientation_of(data: bytes) -> int:
    """EXIF orientation by the file's first directory, 1 to 8."""
    if data[4:8] == b"ftyp":
        data = data[data.find(b"CMT1") + 4 :][:_MOST_METADATA]
    if data[:2] not in (b"II", b"MM"):
        return 1
    exif = Image.Exif()
    with contextlib.suppress(Exception):  # without it, the preview is shown as it is
        # Olympus and Panasonic write other numbers after the byte order.
        exif.load(data[:2] + (b"*\0" if data[:2] == b"II" else b"\0*") + data[4:])
    orientation = exif.get(_ORIENTATION, 1)
    return orientation if orientation in range(1, 9) else 1
