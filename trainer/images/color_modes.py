"""Converts any Pillow mode to RGB as it should look; used by `trainer.images.decode`.

Where Pillow's own `convert` would be wrong: deep grayscale is scaled instead of clipped,
transparency is rendered on white instead of black, color profiles are applied.
"""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

DEEP_MODES = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_PLAIN_MODES = ("L", "RGB", "CMYK", "LA", "RGBA")
# These modes define their colors, or were rescaled: an embedded profile does not apply.
_MODES_WITHOUT_PROFILE = (*DEEP_MODES, "LAB", "HSV")


def _to_plain(image: "Image.Image") -> "Image.Image":
    """Convert a picture to a mode that can be resized: L, RGB, CMYK, LA or RGBA."""
    if image.mode == "La":
        return image.convert("LA")
    if image.mode not in ("LA", "RGBA") and image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in _PLAIN_MODES else image.convert("RGB")


def to_8_bit(image: "Image.Image") -> tuple["Image.Image", str]:
    """Scale deep grayscale by the values it contains; returns what was assumed, too."""
    import numpy as np
    from PIL import Image

    from trainer.images import samples

    values = np.asarray(image)
    span = samples.span_of(values, 16 if image.mode.startswith("I;16") else 32)
    strips = (values[top : top + samples.ROWS] for top in range(0, len(values), samples.ROWS))
    scaled = (Image.fromarray(samples.to_8_bit(strip, span)) for strip in strips)
    return samples.painted(image.size, scaled), span.note


def shrunk(image: "Image.Image", longest: int) -> "Image.Image":
    """A picture in mode L, RGB, CMYK, LA or RGBA whose sides have at most `longest` pixels.

    It is converted and narrowed strip by strip, as another copy of a large picture may not fit into
    memory, and is always a new image: an opened file may decode itself again.
    """
    from trainer.images import samples

    scale = min(1.0, longest / max(image.size))
    width, height = (max(1, round(side * scale)) for side in image.size)
    boxes = (
        (0, top, image.width, min(top + samples.ROWS, image.height))
        for top in range(0, image.height, samples.ROWS)
    )
    strips = (_to_plain(image.crop(box)) for box in boxes)
    if scale == 1:
        return samples.painted(image.size, strips)
    narrow = (_resized(strip, (width, strip.height)) for strip in strips)
    return _resized(samples.painted((width, image.height), narrow), (width, height))


def _resized(image: "Image.Image", size: tuple[int, int]) -> "Image.Image":
    from PIL import Image

    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def may_have_profile(image: "Image.Image") -> bool:
    """Whether a color profile can apply to the pixels of a picture."""
    return image.mode not in _MODES_WITHOUT_PROFILE


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
