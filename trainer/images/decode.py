"""The only image decoder: files and bytes in, upright sRGB out.

Used for predictions, previews and datasets, so that all of them see the same pixels. Importing this
module is cheap; Pillow is loaded with the first picture.
"""

import importlib
import io
import re
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.errors import ImageError
from trainer.images import color_modes, formats
from trainer.images.memory import MemoryBudget
from trainer.images.readers.opened import MAX_LONG_SIDE, Opened, exif_of

if TYPE_CHECKING:
    from PIL import Image

MAX_FILE_BYTES = 256 * 1024**2
MAX_HEADER_PIXELS = 250_000_000
"""Larger pictures are refused without decoding, even at reduced scale."""
MAX_DECODED_PIXELS = 100_000_000
"""Limit of decoded pixels; a large JPEG may get below it at reduced scale."""
MAX_DECODING_BYTES = 640 * 1024**2
"""Limit of what decoders use, of all threads together; files take up to `MAX_FILE_BYTES` more."""

_TRUNCATED = re.compile(
    r"truncat|not enough|unexpected end|end of (file|stream)|premature|EOF", re.I
)
_UNSUPPORTED = re.compile(
    r"unsupported|not (yet )?(supported|implemented|configured)|cannot handle|no decoding plugin"
    r"|unknown (pixel|data|compression|file version|mode)|unrecogni[sz]ed",
    re.IGNORECASE,
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
_NO_KIND = "This kind of {kind} picture cannot be read. Save it as PNG or JPEG and try again."
_TOO_LARGE = (
    "The picture is too large: {width} x {height} pixels. Resize it to less than"
    " {limit} megapixels and try again."
)
_NO_MEMORY = "There is not enough memory for this picture. Close other programs or resize it."
# Whoever holds pixels never waits for files, so that the two cannot wait for each other.
_FILES = MemoryBudget(MAX_FILE_BYTES)
_PIXELS = MemoryBudget(MAX_DECODING_BYTES)
_READABLE = "Try a photo such as a JPEG, PNG, WebP or HEIC file."


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedImage:
    """A decoded picture.

    Attributes:
        image: Upright picture in mode RGB, its longer side at most `MAX_LONG_SIDE`.
        format: File format, such as `JPEG`.
        width: Width of the upright original in pixels.
        height: Height of the upright original in pixels.
        notes: What was assumed or is missing, such as "12 bits per channel, scaled to 8".
    """

    image: "Image.Image"
    format: str
    width: int
    height: int
    notes: tuple[str, ...] = ()


def decode_image(source: Path | bytes) -> DecodedImage:
    """Decode a picture, detecting its format by content; thread-safe.

    Of an animation, the first frame is decoded. Transparency is rendered on white.

    Args:
        source: Path of a file, or its content.

    Raises:
        ImageError: If it is not a picture, or cannot be decoded; nothing else is raised.
    """
    try:
        if isinstance(source, bytes):
            return _decode(source)
        with _FILES.reserved(_length_of(source)):
            return _decode(_read(source))
    except MemoryError as error:
        raise ImageError(_NO_MEMORY, details=repr(error)) from error


def _length_of(path: Path) -> int:
    """Length of a file in bytes; raises `ImageError` if it cannot be a picture."""
    with _readable(path):
        status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise ImageError(f"{path.name or path} is a folder. Choose a picture inside it.")
    if not stat.S_ISREG(status.st_mode):
        raise ImageError(f"{path.name} is not a file.")
    _check_length(status.st_size)
    return status.st_size


def _read(path: Path) -> bytes:
    with _readable(path), path.open("rb") as file:
        return file.read(MAX_FILE_BYTES + 1)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Raise what the system says about a file as `ImageError`."""
    try:
        yield
    except FileNotFoundError as error:
        raise ImageError(_missing(path), details=repr(error)) from error
    except PermissionError as error:
        message = f"No permission to read {path.name}. Change its permissions or copy it."
        raise ImageError(message, details=repr(error)) from error
    except (OSError, ValueError) as error:
        raise ImageError(f"{path.name} could not be read.", details=repr(error)) from error


def _missing(path: Path) -> str:
    if path.is_symlink():
        return (
            f"{path.name} is a broken link: it leads to {path.readlink()}, which does not exist. "
            "Restore that file or replace the link."
        )
    return f"The file {path.name} does not exist. It may have been moved or deleted."


def _check_length(length: int) -> None:
    if length == 0:
        raise ImageError("The file is empty. Copy or download it again.")
    if length > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 1024**2
        raise ImageError(f"The file is too large: {length // 1024**2} MB; the limit is {limit} MB.")


def _recognize(data: bytes) -> formats.ImageFormat:
    kind = formats.detect_format(data)
    if kind is None:
        if picture := formats.describe_unreadable(data):
            raise ImageError(
                f"This is {picture}, which cannot be read. Save it as PNG or JPEG and try again.",
                details=f"starts with {data[:16]!r}",
            )
        other = formats.describe_other(data)
        what = f"This is {other}, not a picture." if other else "This is not a known image format."
        raise ImageError(f"{what} {_READABLE}", details=f"starts with {data[:16]!r}")
    return kind


def _decode(data: bytes) -> DecodedImage:
    _check_length(len(data))
    kind = _recognize(data)
    # Pillow warns about odd tags and sizes. Our own checks cover what matters, and nobody reads the
    # stream of warnings. Only Pillow's own modules are silenced.
    warnings.filterwarnings("ignore", module=r"(PIL|pi_heif)\b")
    try:
        opened = _open(kind, data)
        original = opened.size
        _set_scale(opened)
        with _PIXELS.reserved(opened.bytes_needed):
            try:
                return _finish(kind, opened, original)
            finally:
                del opened  # before another thread may take as much memory
    except (ImageError, MemoryError):
        raise
    except Exception as error:
        message = _failure(kind, data, str(error)).format(kind=kind.name)
        raise ImageError(message, details=f"{kind.name}: {error!r}") from error


def _failure(kind: formats.ImageFormat, data: bytes, error: str) -> str:
    if _TRUNCATED.search(error) or formats.is_truncated(kind, data):
        return _INCOMPLETE
    return _NO_KIND if _UNSUPPORTED.search(error) else _DAMAGED


def _open(kind: formats.ImageFormat, data: bytes) -> Opened:
    """Read the header.

    The reader is called directly: `Image.open` would apply a process-wide limit, which is too low
    for a photo of 200 megapixels that is decoded at an eighth of its size.
    """
    reader = getattr(importlib.import_module(kind.module), kind.reader)
    opened = reader(io.BytesIO(data))
    if isinstance(opened, Opened):
        return opened
    # An icon contains several pictures, the largest first, which may be larger than declared.
    return Opened(opened.frame(0) if kind is formats.ICO else opened)


def _finish(kind: formats.ImageFormat, opened: Opened, original: tuple[int, int]) -> DecodedImage:
    expected = opened.size
    loaded = opened.load()
    if loaded.size != expected:  # some headers declare a wrong size
        original = loaded.size
    orientation = _orientation_of(opened)
    upright = _upright(_shrink(loaded, opened), orientation)
    width, height = original if orientation < 5 else original[::-1]
    return DecodedImage(
        image=upright,
        format=opened.format or kind.name,
        width=width,
        height=height,
        notes=tuple(filter(None, opened.notes)),
    )


def _set_scale(opened: Opened) -> None:
    """Have a picture decoded at reduced scale where possible; refuse what is still too large."""
    width, height = opened.size
    pixels = width * height
    opened.reduce()
    # All in pixels of the whole picture, as the message names the one that applies to this kind.
    in_pixels = MAX_DECODED_PIXELS * pixels // max(1, opened.size[0] * opened.size[1])
    in_bytes = _PIXELS.total * pixels // max(1, opened.bytes_needed)
    if pixels > min(MAX_HEADER_PIXELS, in_pixels, in_bytes):
        # Smaller pictures need a little more for each pixel.
        limit = min(MAX_HEADER_PIXELS, in_pixels, in_bytes * 9 // 10) // 1_000_000
        raise ImageError(_TOO_LARGE.format(width=width, height=height, limit=limit))


def _orientation_of(opened: Opened) -> int:
    """The EXIF orientation, 1 to 8; 1 if EXIF is missing or broken."""
    orientation = opened.orientation or exif_of(opened.frame).get(_ORIENTATION, 1)
    return orientation if orientation in _TRANSPOSITIONS else 1


def _shrink(loaded: "Image.Image", opened: Opened) -> "Image.Image":
    """Convert to RGB with limited sides."""
    profile = opened.profile if color_modes.may_have_profile(loaded) else b""
    if loaded.mode in color_modes.DEEP_MODES:
        loaded, note = color_modes.to_8_bit(loaded)
        opened.notes.append(note)
    plain = color_modes.shrunk(loaded, MAX_LONG_SIDE)
    return color_modes.to_rgb(plain, profile)


def _upright(image: "Image.Image", orientation: int) -> "Image.Image":
    from PIL import Image

    return (
        image.transpose(Image.Transpose[_TRANSPOSITIONS[orientation]])
        if orientation in _TRANSPOSITIONS
        else image.copy()
    )
