"""The one picture decoder: files and bytes in, upright sRGB out.

Called by the window, the prediction, the command line and the dataset reader, so that all of
them see the same pixels. Importing this module is cheap; Pillow comes with the first picture.
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
"""Larger pictures are refused unread, whatever the reduced scale would make of them."""
MAX_DECODED_PIXELS = 100_000_000
"""What is ever unpacked at once; a large JPEG may get below it by its reduced scale."""
MIN_SHORT_SIDE = 640
"""A JPEG is decoded at the smallest scale that leaves its shorter side this long."""
MAX_LONG_SIDE = 2048

_CUT_OFF = re.compile(r"truncat|not enough|unexpected end|end of (file|stream)|premature|EOF", re.I)
_ORIENTATION = 0x0112
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
_INCOMPLETE = "The picture is incomplete: its file ends too early. Copy or download it again."
_DAMAGED = "The {kind} picture is damaged or incomplete. Try another copy of it."
_TOO_LARGE = (
    "The picture is too large: {width} x {height} pixels. Reduce it to less than"
    " {limit} megapixels and try again."
)
_NO_MEMORY = "There is not enough memory for this picture. Close other programs or reduce it."
_READABLE = "Try a photo such as a JPEG, PNG, WebP or HEIC file."


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedImage:
    """A picture as a person sees it.

    Attributes:
        image: The upright picture in mode RGB, its longer side at most `MAX_LONG_SIDE`.
        format: What the file is, such as `JPEG`.
        width: Of the upright original.
        height: Of the upright original.
    """

    image: "Image.Image"
    format: str
    width: int
    height: int


def decode_image(source: Path | bytes) -> DecodedImage:
    """Decode a picture, whatever its name says it is; safe to call from any thread.

    The first frame of an animation counts. Transparent parts lie on white.

    Args:
        source: A file, or the bytes of one.

    Raises:
        ImageError: If there is no picture, or none that can be shown; nothing else is raised.
    """
    try:
        data = _read(source) if isinstance(source, Path) else source
        _check_length(len(data))
        return _decode(_recognise(data), data)
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
        message = f"The file {path.name} is not there. It may have been moved or deleted."
        raise ImageError(message, details=repr(error)) from error
    except PermissionError as error:
        message = f"You are not allowed to read {path.name}. Change its permissions or copy it."
        raise ImageError(message, details=repr(error)) from error
    except (OSError, ValueError) as error:
        raise ImageError(f"{path.name} cannot be read.", details=repr(error)) from error


def _check_length(length: int) -> None:
    if length == 0:
        raise ImageError("The file is empty. Copy or download it again.")
    if length > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 1024**2
        raise ImageError(f"The file is too large: {length // 1024**2} MB of at most {limit} MB.")


def _recognise(data: bytes) -> formats.Kind:
    kind = formats.sniff(data)
    if kind is None:
        other = formats.name_other(data)
        what = f"That is {other}, not a picture." if other else "That is no picture known here."
        raise ImageError(f"{what} {_READABLE}", details=f"begins with {data[:16]!r}")
    return kind


def _decode(kind: formats.Kind, data: bytes) -> DecodedImage:
    # Pillow warns of odd tags and of sizes; what matters of it is said by our own checks, and
    # the rest would land on a stream that no one reads. Only its own modules are silenced.
    warnings.filterwarnings("ignore", module=r"(PIL|pi_heif)\b")
    try:
        with _open(kind, data) as frame:
            return _finish(kind, frame)
    except (ImageError, MemoryError):
        raise
    except Exception as error:
        cut_off = _CUT_OFF.search(str(error)) or formats.is_cut_off(kind, data)
        message = _INCOMPLETE if cut_off else _DAMAGED.format(kind=kind.name)
        raise ImageError(message, details=f"{kind.name}: {error!r}") from error


def _open(kind: formats.Kind, data: bytes) -> "Image.Image":
    """Read the header.

    The reader is called directly: `Image.open` would warn or refuse by a process-wide limit,
    which is too low for a photo of 200 megapixels that is decoded at an eighth of its size.
    """
    reader = getattr(importlib.import_module(kind.module), kind.reader)
    opened = reader(io.BytesIO(data))
    # An icon is a folder of pictures, the largest first, which may be larger than it says.
    frame: Image.Image = opened.frame(0) if kind is formats.ICO else opened
    return frame


def _finish(kind: formats.Kind, frame: "Image.Image") -> DecodedImage:
    original = frame.size
    expected = _set_scale(frame)
    frame.load()
    if frame.size != expected:  # some headers are wrong about the size
        original = frame.size
    turn = _turn_of(frame)
    upright = _upright(_shrink(frame), turn)
    width, height = original if turn < 5 else original[::-1]
    return DecodedImage(image=upright, format=kind.name, width=width, height=height)


def _set_scale(frame: "Image.Image") -> tuple[int, int]:
    """Have a JPEG decoded at reduced scale, and refuse what is too large even so."""
    full = frame.size
    _check_pixels(full, full, MAX_HEADER_PIXELS)
    # A progressive JPEG is held in memory at full size, at whatever scale it comes out.
    if frame.info.get("progressive"):
        _check_pixels(full, full, MAX_DECODED_PIXELS)
    frame.draft(None, (MIN_SHORT_SIDE, MIN_SHORT_SIDE))
    _check_pixels(frame.size, full, MAX_DECODED_PIXELS)
    return frame.size


def _check_pixels(size: tuple[int, int], full: tuple[int, int], limit: int) -> None:
    if size[0] * size[1] > limit:
        text = _TOO_LARGE.format(width=full[0], height=full[1], limit=limit // 1_000_000)
        raise ImageError(text)


def _turn_of(frame: "Image.Image") -> int:
    """The EXIF orientation, 1 to 8; 1 where EXIF is missing or broken."""
    try:
        turn = frame.getexif().get(_ORIENTATION, 1)
        return turn if turn in _TURNS else 1
    except Exception:  # noqa: BLE001  # whatever is wrong in there, the picture itself is fine
        return 1


def _shrink(frame: "Image.Image") -> "Image.Image":
    profile = color_modes.profile_of(frame)
    plain = color_modes.to_plain(frame)
    if max(plain.size) > MAX_LONG_SIDE:
        plain.thumbnail((MAX_LONG_SIDE, MAX_LONG_SIDE))
    return color_modes.to_rgb(plain, profile)


def _upright(image: "Image.Image", turn: int) -> "Image.Image":
    from PIL import Image

    return image.transpose(Image.Transpose[_TURNS[turn]]) if turn in _TURNS else image.copy()
