"""Every pixel mode of a file is converted to the expected colors."""

import struct

import pytest
from PIL import Image

from tests.trainer.drawings import RED, drawing, encode, is_near, pixel, profile, samples
from trainer.images.decode import decode_image

WHITE = (255, 255, 255)


def test_transparency_is_rendered_on_white() -> None:
    clear, half = Image.new("RGBA", (4, 4), (200, 40, 40, 0)), Image.new("LA", (4, 4), (0, 128))
    assert pixel(decode_image(encode(clear)), 0, 0) == WHITE
    assert is_near(pixel(decode_image(encode(half)), 0, 0), (127, 127, 127), 1)
    assert pixel(decode_image(encode(clear, "WEBP", lossless=True)), 0, 0) == WHITE
    assert pixel(decode_image(encode(clear.convert("PA"), "TIFF")), 0, 0) == WHITE


@pytest.mark.parametrize(
    ("image", "transparent"),
    [
        (Image.new("RGB", (4, 4), RED), RED),
        (Image.new("L", (4, 4), 7), 7),
        (drawing().convert("P", palette=Image.Palette.ADAPTIVE, colors=4), 0),
        (Image.new("1", (4, 4), 0), 0),
    ],
    ids=["RGB", "L", "P", "1"],
)
def test_a_transparent_color_is_white_too(image: Image.Image, transparent: object) -> None:
    decoded = decode_image(encode(image, transparency=transparent))
    places = [(x, y) for x in range(image.width) for y in range(image.height)]
    clear = [at for at in places if image.getpixel(at) == transparent]
    assert clear
    assert all(decoded.image.getpixel(at) == WHITE for at in clear)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "LAB", "LA", "PA", "RGBX"])
def test_every_mode_keeps_light_light_and_dark_dark(mode: str) -> None:
    image = Image.new("RGB", (32, 16), (250, 250, 250))
    image.paste((5, 5, 5), (16, 0, 32, 16))
    if mode == "LAB":
        stored = Image.new("LAB", (32, 16), (250, 128, 128))
        stored.paste((5, 128, 128), (16, 0, 32, 16))
    else:
        stored = image.convert("RGBA").convert(mode) if mode == "PA" else image.convert(mode)
    decoded = decode_image(encode(stored, "TIFF"))
    assert min(pixel(decoded, 0.2, 0.5)) > 235
    assert max(pixel(decoded, 0.8, 0.5)) < 25


def test_cmyk_photos_are_not_inverted() -> None:
    decoded = decode_image(samples()["CMYK"])
    assert is_near(pixel(decoded, 0.3, 0.8), RED, 25)


def deep(mode: str, values: list[float]) -> bytes:
    image = Image.new(mode, (len(values), 1))
    for x, value in enumerate(values):
        image.putpixel((x, 0), value if mode == "F" else int(value))
    return encode(image, "TIFF")


@pytest.mark.parametrize(
    ("mode", "values", "expected"),
    [
        ("I;16", [0, 256, 32768, 65535], [0, 1, 128, 255]),
        ("I;16B", [0, 256, 32768, 65535], [0, 1, 128, 255]),
        ("I;16", [0, 200], [0, 0]),
        ("I", [0, 100, 255], [0, 100, 255]),
        ("I", [0, 32768, 65535], [0, 128, 255]),
        ("I", [-1000, 0, 1000], [0, 127, 255]),
        ("I", [0, 1], [0, 255]),
        ("F", [0, 0.5, 1], [0, 127, 255]),
        ("F", [0, 100, 255], [0, 100, 255]),
        ("F", [-3, 0, 3], [0, 127, 255]),
    ],
)
def test_deep_grays_are_scaled_not_clipped(
    mode: str, values: list[float], expected: list[int]
) -> None:
    decoded = decode_image(deep(mode, values))
    assert [pixel(decoded, x / len(values), 0)[0] for x in range(len(values))] == expected


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), float("-inf"), 3e38])
def test_nan_and_infinity_are_harmless(odd: float) -> None:
    assert decode_image(deep("F", [odd, 0.0, 1.0])).image.size == (3, 1)


def test_16_bit_pngs_with_a_transparent_gray_are_read() -> None:
    data = encode(Image.new("I;16", (4, 4), 32768), transparency=700)
    assert pixel(decode_image(data), 0, 0) == (128, 128, 128)


def swapped_profile() -> bytes:
    """A profile that swaps red and green."""
    data = bytearray(profile("sRGB"))
    places = {}
    for at in range(132, 132 + 12 * struct.unpack_from(">I", data, 128)[0], 12):
        name, offset, _ = struct.unpack_from(">4sII", data, at)
        places[name] = (at, offset)
    (red, red_data), (green, green_data) = places[b"rXYZ"], places[b"gXYZ"]
    struct.pack_into(">I", data, red + 4, green_data)
    struct.pack_into(">I", data, green + 4, red_data)
    return bytes(data).replace("sRGB".encode("utf-16-be"), "odd!".encode("utf-16-be"))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_an_embedded_profile_is_honoured(mode: str) -> None:
    image = Image.new("RGB", (8, 8), (255, 0, 0)).convert(mode)
    decoded = decode_image(encode(image, icc_profile=swapped_profile()))
    assert is_near(pixel(decoded, 0.5, 0.5), (0, 255, 0), 3)


@pytest.mark.parametrize(
    "bad", [b"", b"nonsense", profile("sRGB")[:200], profile("XYZ"), profile("LAB")]
)
def test_an_unusable_profile_is_ignored(bad: bytes) -> None:
    decoded = decode_image(encode(drawing(), icc_profile=bad))
    assert is_near(pixel(decoded, 0.3, 0.8), RED, 1)
