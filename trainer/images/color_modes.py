"""Any Pillow mode to RGB as a person expects to see it; called by `trainer.images.decode` alone.

What Pillow's own `convert` would get wrong is done here: deep greys are scaled instead of
clipped, transparent parts lie on white instead of black, colour profiles are honoured.
"""

import io
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

DEEP_MODES = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_WHITES = {1.0: 255.0, 255.0: 1.0, 65535.0: 1 / 256}
_PLAIN_MODES = ("L", "RGB", "CMYK", "LA", "RGBA")
# These say their colours absolutely, or were rescaled: an embedded profile no longer fits.
_PROFILE_BLIND = (*DEEP_MODES, "LAB", "HSV")


def to_plain(image: "Image.Image") -> "Image.Image":
    """The picture in an 8-bit mode that can be reduced: L, RGB, CMYK, LA or RGBA."""
    if image.mode in DEEP_MODES:
        return _to_8_bit(image)
    if image.mode == "La":
        return image.convert("LA")
    if image.mode not in ("LA", "RGBA") and image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in _PLAIN_MODES else image.convert("RGB")


def profile_of(image: "Image.Image") -> bytes:
    """The colour profile embedded in a picture, if it says anything about its pixels."""
    profile = image.info.get("icc_profile")
    if image.mode in _PROFILE_BLIND or not isinstance(profile, bytes):
        return b""
    return profile


def to_rgb(image: "Image.Image", profile: bytes) -> "Image.Image":
    """A plain picture (see `to_plain`) as sRGB, its transparent parts on white."""
    if image.mode not in ("LA", "RGBA"):
        return _to_srgb(image, profile)
    from PIL import Image

    alpha = image.getchannel("A")
    colours = _to_srgb(image.convert("RGB" if image.mode == "RGBA" else "L"), profile)
    white = Image.new("RGB", image.size, (255, 255, 255))
    white.paste(colours, mask=alpha)
    return white


def _to_8_bit(image: "Image.Image") -> "Image.Image":
    """Scale a deep grey picture to 8 bits.

    16-bit pictures are divided by 256. Wider integers and floats do not say what white is: the
    smallest usual one (1, 255, 65535) that holds all values is taken, and failing those the
    picture is stretched from its darkest to its brightest pixel.
    """
    low, scale = (0.0, 1 / 256) if image.mode.startswith("I;16") else _range_of(image)
    floats = image.convert("I").convert("F") if image.mode != "F" else image
    grey = floats.point(lambda value: value * scale - low * scale).convert("L")
    # A transparent grey is given in the deep scale, which no longer fits.
    grey.info.pop("transparency", None)
    return grey


def _range_of(image: "Image.Image") -> tuple[float, float]:
    """What is black, and the factor to 8 bits."""
    low, high = (float(value) for value in image.getextrema())  # type: ignore[arg-type]  # one band
    for white, scale in _WHITES.items():
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
    except Exception:  # noqa: BLE001  # a profile that is broken or not for this mode is no loss
        return None
