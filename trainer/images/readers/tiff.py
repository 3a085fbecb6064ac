"""Opens TIFF: with Pillow where it can, otherwise by way of the samples in the file.

Pillow knows only certain combinations of channels, bits and number types, and of 16 bits in color
it keeps the upper eight. `tiff_samples` reads all others whose compression it knows.
"""

import contextlib
import ctypes
import io
import logging
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import PIL
from PIL import ImagePalette
from PIL.TiffImagePlugin import ImageFileDirectory_v2, TiffImageFile

from trainer.images.readers import camera_raw
from trainer.images.readers.opened import Opened, unsupported
from trainer.images.readers.tiff_layout import TiffLayout
from trainer.images.readers.tiff_samples import READABLE_COMPRESSIONS, TiffSamples, needs_samples

_COLOR_MAP = 320
_SUB_DIRECTORIES = 330
_MOST_DIRECTORIES = 32
_COMPRESSIONS = {
    33003: "JPEG 2000", 33004: "JPEG 2000", 33005: "JPEG 2000", 34661: "JBIG", 34712: "JPEG 2000",
    34887: "LERC", 34933: "PNG", 34934: "JPEG XR", 50002: "JPEG XL", 52546: "JPEG XL",
    32766: "NeXT", 32809: "ThunderScan", 34676: "LogLuv", 34677: "LogLuv",
}  # fmt: skip

Directory = dict[int, Any]


def open_tiff(file: io.BytesIO) -> Opened:
    """Read the header of a TIFF file; of a camera raw file, that of its preview."""
    _silence_libtiff()
    data = file.getvalue()
    if data.startswith(b"MM\0+"):
        raise unsupported("TIFF", "big-endian BigTIFF")  # which Pillow takes for ordinary TIFF
    directories = list(_directories(data))
    if camera_raw.is_raw(data, directories):
        return camera_raw.open_camera_raw(file)
    layout = TiffLayout(directories[0] if directories else {})
    is_readable = layout.compression in READABLE_COMPRESSIONS
    if is_readable and needs_samples(layout):
        return TiffSamples(data, layout)
    try:
        pillow = TiffImageFile(file)
    except Exception as error:
        if not is_readable:
            raise _named(layout, error) from error
        return TiffSamples(data, layout)
    return _with_palette(pillow)


def _directories(data: bytes) -> Iterator[Directory]:
    """The directories of a file, each followed by those below it; stops at the first broken one."""
    file = io.BytesIO(data)
    head = ImageFileDirectory_v2(data[:16] if data[2:4] == b"+\0" else data[:8])
    waiting = [head.next]
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_DIRECTORIES:
        at = waiting.pop(0)
        if not at or at in seen or at >= len(data):
            continue
        seen.add(at)
        head.reset()
        file.seek(at)
        head.load(file)
        tags = {tag: value for tag in head if (value := _value(head, tag)) is not None}
        yield tags
        below = tags.get(_SUB_DIRECTORIES, ())
        below = (below,) if isinstance(below, int) else below
        waiting = [*(each for each in below if isinstance(each, int)), head.next, *waiting]


def _value(head: ImageFileDirectory_v2, tag: int) -> Any:
    with contextlib.suppress(Exception):  # a broken tag is none
        return head[tag]
    return None


def _with_palette(frame: TiffImageFile) -> Opened:
    opened = Opened(frame)
    colors = frame.tag_v2.get(_COLOR_MAP, ())
    if frame.mode in ("P", "PA") and colors and max(colors) < 256:
        # The format wants 16 bits for each entry, which not every program knows.
        frame.palette = ImagePalette.raw("RGB;L", bytes(colors))
        opened.notes.append("palette with 8 bits per entry")
    return opened


def _named(layout: TiffLayout, error: Exception) -> Exception:
    name = _COMPRESSIONS.get(layout.compression)
    if name:
        return unsupported("TIFF", f"{name} compression", repr(error))
    if layout.compression in (6, 7):
        return unsupported("TIFF", f"JPEG compression, {layout.kind}", repr(error))
    return error


@cache
def _silence_libtiff() -> None:
    """Keep the warnings of libtiff and Pillow, which nobody can act on, from the terminal.

    libtiff prints them itself. Loading the one inside Pillow again by its path gives the same one.
    """
    logging.getLogger("PIL").addHandler(logging.NullHandler())  # else the last resort is stderr
    for path in _libtiff_paths():
        with contextlib.suppress(OSError, AttributeError):
            library = ctypes.CDLL(str(path))
            library.TIFFSetWarningHandler(None)
            library.TIFFSetErrorHandler(None)


def _libtiff_paths() -> Iterator[Path]:
    if sys.platform == "linux":
        maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
        words = (line.split(maxsplit=5)[-1] for line in maps.splitlines())
        yield from {Path(word) for word in words if "/libtiff" in word}
    else:
        yield from Path(PIL.__file__).parent.glob(".dylibs/libtiff*")
