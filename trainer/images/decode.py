"""The only image decoder: files and bytes in, upright sRGB out.

Used for predictions, previews and datasets, so that all of them see the same pixels. Importing this
module is cheap; Pillow is loaded with the first picture.
"""

import importlib
import io
import re
import stat
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.errors import ImageError
from trainer.images import color_modes, formats

if TYPE_CHECKING:
    from PIL import Image

MAX_FILE_BYTES = 256 * 1024**2
MAX_HEADER_PIXELS = 250_000_000
"""Larger pictures are refused without decoding, even at reduced scale."""
MAX_DECODED_PIXELS = 100_000_000
"""Limit of decoded pixels; a large JPEG may get below it at reduced scale."""
MIN_SHORT_SIDE = 640
"""A JPEG is decoded at the smallest scale that keeps its shorter side this long."""
MAX_LONG_SIDE = 2048

_TRUNCATED = re.compile(
    r"truncat|not enough|unexpected end|end of (file|stream)|premature|EOF", re.I
)
_ORIENTATION = 0x0112
_TRANSPOSITIONS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
_INCOMPLETE = "The picture is incomplete: the file ends too early. Copy or download it again."
_DAMAGED = "The {kind} picture is damaged or incomplete. Try another copy of it."
_TOO_LARGE = (
    "The picture is too large: {width} x {height} pixels. Resize it to less than"
    " {limit} megapixels and try again."
)
_NO_MEMORY = "There is not enough memory for this picture. Close other programs or resize it."
_READABLE = "Try a photo such as a JPEG, PNG, WebP or HEIC file."


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedImage:
    """A decoded picture.

    Attributes:
        image: Upright picture in mode RGB, its longer side at most `MAX_LONG_SIDE`.
        format: File format, such as `JPEG`.
        width: Width of the upright original in pixels.
        height: Height of the upright original in pixels.
    """

    image: "Image.Image"
    format: str
    width: int
    height: int


def decode_image(source: Path | bytes) -> DecodedImage:
    """Decode a picture, detecting its format by content; thread-safe.

    Of an animation, the first frame is decoded. Transparency is rendered on white.

    Args:
        source: Path of a file, or its content.

    Raises:
        ImageError: If it is not a picture, or cannot be decoded; nothing else is raised.
    """
    try:
        data = _read(source) if isinstance(source, Path) else source
        _check_length(len(data))
        return _decode(_recognize(data), data)
    except MemoryError as error:
        raise ImageError(_NO_MEMORY, details=repr(error)) from error


def _read(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ImageError(f"{path.name or path} is a folder. Choose a picture inside it.")
        if not stat.S_ISREG(status.st_mode):
            raise ImageError(f"{path.name} is not a file.")
        _check_length(status.st_size)
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        message = f"The file {path.name} does not exist. It may have been moved or deleted."
        raise ImageError(message, details=repr(error)) from error
    except PermissionError as error:
        message = f"No permission to read {path.name}. Change its permissions or copy it."
        raise ImageError(message, details=repr(error)) from error
    except (OSError, ValueError) as error:
        raise ImageError(f"{path.name} could not be read.", details=repr(error)) from error


def _check_length(length: int) -> None:
    if length == 0:
        raise ImageError("The file is empty. Copy or download it again.")
    if length > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 1024**2
        raise ImageError(f"The file is too large: {length // 1024**2} MB; the limit is {limit} MB.")


def _recognize(data: bytes) -> formats.ImageFormat:
    kind = formats.detect_format(data)
    if kind is None:
        other = formats.describe_other(data)
        what = f"This is {other}, not a picture." if other else "This is not a known image format."
        raise ImageError(f"{what} {_READABLE}", details=f"starts with {data[:16]!r}")
    return kind


def _decode(kind: formats.ImageFormat, data: bytes) -> DecodedImage:
    # Pillow warns about odd tags and sizes. Our own checks cover what matters, and nobody reads the
    # stream of warnings. Only Pillow's own modules are silenced.
    warnings.filterwarnings("ignore", module=r"(PIL|pi_heif)\b")
    try:
        with _open(kind, data) as frame:
            return _finish(kind, frame)
    except (ImageError, MemoryError):
        raise
    except Exception as error:
        truncated = _TRUNCATED.search(str(error)) or formats.is_truncated(kind, data)
        message = _INCOMPLETE if truncated else _DAMAGED.format(kind=kind.name)
        raise ImageError(message, details=f"{kind.name}: {error!r}") from error


def _open(kind: formats.ImageFormat, data: bytes) -> "Image.Image":
    """Read the header.

    The reader is called directly: `Image.open` would apply a process-wide limit, which is too low
    for a photo of 200 megapixels that is decoded at an eighth of its size.
    """
    reader = getattr(importlib.import_module(kind.module), kind.reader)
    opened = reader(io.BytesIO(data))
    # An icon contains several pictures, the largest first, which may be larger than declared.
    frame: Image.Image = opened.frame(0) if kind is formats.ICO else opened
    return frame


def _finish(kind: formats.ImageFormat, frame: "Image.Image") -> DecodedImage:
    original = frame.size
    expected = _set_scale(frame)
    frame.load()
    if frame.size != expected:  # some headers declare a wrong size
        original = frame.size
    orientation = _orientation_of(frame)
    upright = _upright(_shrink(frame), orientation)
    width, height = original if orientation < 5 else original[::-1]
    return DecodedImage(image=upright, format=kind.name, width=width, height=height)


def _set_scale(frame: "Image.Image") -> tuple[int, int]:
    """Have a JPEG decoded at reduced scale, and refuse what is still too large."""
    full = frame.size
    _check_pixels(full, full, MAX_HEADER_PIXELS)
    # A progressive JPEG is held in memory at full size, whatever its scale.
    if frame.info.get("progressive"):
        _check_pixels(full, full, MAX_DECODED_PIXELS)
    frame.draft(None, (MIN_SHORT_SIDE, MIN_SHORT_SIDE))
    _check_pixels(frame.size, full, MAX_DECODED_PIXELS)
    return frame.size


def _check_pixels(size: tuple[int, int], full: tuple[int, int], limit: int) -> None:
    if size[0] * size[1] > limit:
        text = _TOO_LARGE.format(width=full[0], height=full[1], limit=limit // 1_000_000)
        raise ImageError(text)


def _orientation_of(frame: "Image.Image") -> int:
    """The EXIF orientation, 1 to 8; 1 if EXIF is missing or broken."""
    try:
        orientation = frame.getexif().get(_ORIENTATION, 1)
        return orientation if orientation in _TRANSPOSITIONS else 1
    except Exception:  # noqa: BLE001  # broken EXIF does not affect the picture
        return 1


def _shrink(frame: "Image.Image") -> "Image.Image":
    profile = color_modes.profile_of(frame)
    plain = color_modes.to_plain(frame)
    if max(plain.size) > MAX_LONG_SIDE:
        plain.thumbnail((MAX_LONG_SIDE, MAX_LONG_SIDE))
    return color_modes.to_rgb(plain, profile)


def _upright(image: "Image.Image", orientation: int) -> "Image.Image":
    from PIL import Image

    return (
        image.transpose(Image.Transpose[_TRANSPOSITIONS[orientation]])
        if orientation in _TRANSPOSITIONS
        else image.copy()
    )
