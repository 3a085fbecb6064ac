"""A picture whose header was read and whose pixels were not; made by the readers of each format."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trainer.errors import ImageError

if TYPE_CHECKING:
    from PIL import Image

MIN_SHORT_SIDE = 640
"""Pictures are decoded at the smallest scale that keeps their shorter side this long."""
MAX_LONG_SIDE = 2048
"""The longer side of a decoded picture is at most this long."""
BYTES_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
"""Memory that Pillow takes for a pixel; the other modes take 4."""

_UNSUPPORTED = (
    "This kind of {format} ({kind}) cannot be read. Save it as PNG or JPEG and try again."
)


def unsupported(format_name: str, kind: str, details: str = "") -> ImageError:
    """The error for a sound file of a kind that nothing here can decode."""
    return ImageError(_UNSUPPORTED.format(format=format_name, kind=kind), details=details)


def exif_of(frame: "Image.Image") -> "Mapping[int, Any]":
    """The EXIF tags of a picture; none if they are missing or broken."""
    try:
        return dict(frame.getexif())
    except Exception:  # noqa: BLE001  # broken EXIF does not affect the picture
        return {}


class Opened:
    """An opened picture.

    Attributes:
        frame: The file object of Pillow, with size, mode and metadata.
        notes: What a user should know about the picture, each a short clause.
        orientation: EXIF orientation known from elsewhere, 1 to 8; 0 if only the frame knows.
        format: Name of the format if it is not that of the file.
        overhead: Bytes per pixel that the decoder needs besides the result.
    """

    def __init__(self, frame: "Image.Image", *, overhead: float = 0, orientation: int = 0) -> None:
        self.frame = frame
        self.notes: list[str] = []
        self.format = ""
        self.overhead = overhead
        self.orientation = orientation

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, as the header says or, once loaded, as decoded."""
        return self.frame.size

    @property
    def profile(self) -> bytes:
        """The embedded color profile; empty if there is none."""
        profile = self.frame.info.get("icc_profile")
        return profile if isinstance(profile, bytes) else b""

    @property
    def bytes_needed(self) -> int:
        """Most memory that decoding takes at a time."""
        width, height = self.size
        mode_bytes = BYTES_PER_PIXEL.get(self.frame.mode, 4)
        scale = min(1.0, MAX_LONG_SIDE / max(self.size))
        # Afterwards it is narrowed, then shortened, converted and turned.
        after = 4 * height * width * scale + 16 * height * width * scale**2
        return int(width * height * (mode_bytes + self.overhead) + after)

    def reduce(self) -> None:
        """Have the picture decoded at a reduced scale, if its format can do that."""

    def load(self) -> "Image.Image":
        """Decode; the result may still be the file object, which must not be changed in place."""
        self.frame.load()
        return self.frame
