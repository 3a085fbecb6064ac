"""Pictures in every format, drawn for the tests of `trainer.images.decode`."""

import io
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageDraw

from trainer.images.decode import DecodedImage

RED, GREEN = (200, 40, 40), (40, 160, 60)
HEIC = Path(__file__).parent.parent / "data" / "drawing.heic"
"""Left third red, a blue disc, 96 x 64; made once, as nothing here can write this format."""


def drawing(size: tuple[int, int] = (48, 32)) -> Image.Image:
    """Red on the left, green on the right and a bright corner at the top left."""
    image = Image.new("RGB", size, RED)
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.rectangle((width // 2, 0, width, height), fill=GREEN)
    draw.rectangle((0, 0, width // 4, height // 4), fill=(250, 240, 90))
    return image


def encode(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """A picture as the bytes of a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@cache
def samples() -> dict[str, bytes]:
    """One small valid file of every format and every relevant encoding."""
    image, gray = drawing(), drawing().convert("L")
    files = {kind: encode(image, kind) for kind in ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF")}
    files |= {kind: encode(image, kind) for kind in ("AVIF", "PPM", "ICO", "QOI", "JPEG2000")}
    files |= {
        "HEIF": HEIC.read_bytes(),
        "TGA": encode(image, "TGA"),
        "MPO": encode(image, "MPO", save_all=True, append_images=[image]),
        "progressive": encode(image, "JPEG", progressive=True),
        "CMYK": encode(image.convert("CMYK"), "JPEG"),
        "turned": encode(image, "JPEG", exif=exif(6)),
        "profile": encode(image, "JPEG", icc_profile=profile("sRGB")),
        "palette": encode(image.convert("P"), "PNG", transparency=3),
        "16 bit": encode(gray.convert("I;16"), "PNG"),
        "float": encode(gray.convert("F"), "TIFF"),
        "lossless": encode(image, "WEBP", lossless=True),
        "animation": encode(image, "GIF", save_all=True, append_images=[image.rotate(9)]),
    }
    return files


def exif(orientation: int) -> bytes:
    """EXIF data with an orientation."""
    data = Image.Exif()
    data[0x0112] = orientation
    return data.tobytes()


def profile(space: str) -> bytes:
    """A color profile built into littleCMS, such as `sRGB`."""
    made = ImageCms.createProfile(space)  # type: ignore[arg-type]  # a literal elsewhere
    return ImageCms.ImageCmsProfile(made).tobytes()


def pixel(decoded: DecodedImage, x: float, y: float) -> tuple[int, ...]:
    """The color at a position given in fractions of width and height."""
    at = (int(x * decoded.image.width), int(y * decoded.image.height))
    value = decoded.image.getpixel(at)
    assert isinstance(value, tuple)
    return value


def is_near(found: tuple[int, ...], expected: tuple[int, ...], slack: int = 12) -> bool:
    """Whether two colors look the same."""
    return all(abs(a - b) <= slack for a, b in zip(found, expected, strict=True))
