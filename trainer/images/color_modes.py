"""Converts any Pillow mode to RGB as it should look; used by `trainer.images.decode`.

Where Pillow's own `convert` would be wrong: deep grayscale is scaled instead of clipped,
transparency is rendered on white instead of black, color profiles are applied.
"""

import io
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

DEEP_MODES = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_WHITE_SCALES = {1.0: 255.0, 255.0: 1.0, 65535.0: 1 / 256}
_PLAIN_MODES = ("L", "RGB", "CMYK", "LA", "RGBA")
# These modes define their colors, or were rescaled: an embedded profile does not apply.
_MODES_WITHOUT_PROFILE = (*DEEP_MODES, "LAB", "HSV")


def to_plain(image: "Image.Image") -> "Image.Image":
    """Convert a picture to an 8-bit mode that can be resized: L, RGB, CMYK, LA or RGBA."""
    if image.mode in DEEP_MODES:
        return _to_8_bit(image)
    if image.mode == "La":
        return image.convert("LA")
    if image.mode not in ("LA", "RGBA") and image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in _PLAIN_MODES else image.convert("RGB")


def profile_of(image: "Image.Image") -> bytes:
    """The embedded color profile of a picture; empty if none applies to its pixels."""
    profile = image.info.get("icc_profile")
    if image.mode in _MODES_WITHOUT_PROFILE or not isinstance(profile, bytes):
        return b""
    return profile


def to_rgb(image: "Image.Image", profile: bytes) -> "Image.Image":
    """Convert the result of `to_plain` to sRGB, with transparency on white."""
    if image.mode not in ("LA", "RGBA"):
        return _to_srgb(image, profile)
    from PIL import Image

    alpha = image.getchannel("A")
    colors = _to_srgb(image.convert("RGB" if image.mode == "RGBA" else "L"), profile)
    white = Image.new("RGB", image.size, (255, 255, 255))
    white.paste(colors, mask=alpha)
    return white


def _to_8_bit(image: "Image.Image") -> "Image.Image":
    """Scale deep grayscale to 8 bits.

    16-bit values are divided by 256. Wider integers and floats do not define white: the smallest
    usual value (1, 255, 65535) that covers all values is used; otherwise the values are stretched
    to the full range.
    """
    low, scale = (0.0, 1 / 256) if image.mode.startswith("I;16") else _range_of(image)
    floats = image.convert("I").convert("F") if image.mode != "F" else image
    gray = floats.point(lambda value: value * scale - low * scale).convert("L")
    # A transparent gray level is given in the original range, which no longer applies.
    gray.info.pop("transparency", None)
    return gray


def _range_of(image: "Image.Image") -> tuple[float, float]:
    """The value of black, and the factor to 8 bits."""
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]  # one band
    for white, scale in _WHITE_SCALES.items():
        if low >= 0 and high <= white:
            return 0.0, scale
    if not math.isfinite(high - low):
        return 0.0, 1.0
    return low, 255 / (high - low)


def _to_srgb(image: "Image.Image", profile: bytes) -> "Image.Image":
    converted = _through_profile(image, profile) if profile else None
    return converted or image.convert("RGB")


def _through_profile(image: "Image.Image", profile: bytes) -> "Image.Image | None":
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return None
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except Exception:  # noqa: BLE001  # a broken or unsuitable profile is ignored
        return None
