"""TIFF files of every kind of samples come out as the same picture, or are named."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from tests.trainer.drawings import drawing, encode
from tests.trainer.tiff_files import assemble, tiff
from trainer.errors import ImageError
from trainer.images.decode import decode_image

COLOR = np.asarray(drawing((50, 35)))
GRAY = np.asarray(drawing((50, 35)).convert("L"))


def decoded(data: bytes) -> npt.NDArray[np.int16]:
    return np.asarray(decode_image(data).image).astype(np.int16)


def differs(data: bytes, expected: npt.NDArray[Any]) -> int:
    found = decoded(data)
    wanted = expected[..., None] if expected.ndim == 2 else expected
    return int(np.abs(found - wanted).max())


def spread(values: npt.NDArray[Any], bits: int) -> npt.NDArray[Any]:
    """The same shades in other integers."""
    kind = np.uint8 if bits <= 8 else np.uint16 if bits <= 16 else np.uint32
    return np.round(values * ((2.0**bits - 1) / 255)).astype(kind)


SEGMENTS: list[dict[str, Any]] = [{}, {"rows": 8}, {"tile": (32, 16)}]
LAYOUTS: list[dict[str, Any]] = [
    {"order": order, "compression": compression, **layout}
    for order in "<>"
    for compression in (1, 8, 32773)
    for layout in SEGMENTS
]


@pytest.mark.parametrize("options", LAYOUTS, ids=str)
@pytest.mark.parametrize("values", [GRAY, COLOR], ids=["gray", "RGB"])
def test_every_layout_is_read(values: npt.NDArray[np.uint8], options: dict[str, Any]) -> None:
    kind = 2 if values.ndim == 3 else 1
    for planar in (False, True)[: values.ndim - 1]:
        more = {"photometric": kind, "planar": planar} | options
        assert differs(tiff(spread(values, 16), **more), values) <= 1
        assert differs(tiff(values / np.float32(255), **more), values) <= 1
        assert differs(tiff(values / 255.0, **more), values) <= 1
        assert differs(tiff(spread(values, 12), bits=12, **more), values) <= 1


@pytest.mark.parametrize("layout", SEGMENTS, ids=str)
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("values", [GRAY, COLOR], ids=["gray", "RGB"])
def test_predictors_are_undone(
    values: npt.NDArray[np.uint8], order: str, layout: dict[str, Any]
) -> None:
    more: dict[str, Any] = {"order": order, "compression": 8} | layout
    more["photometric"] = 2 if values.ndim == 3 else 1
    assert differs(tiff(spread(values, 16), predictor=2, **more), values) <= 1
    for kind in (np.float16, np.float32, np.float64):
        assert differs(tiff((values / 255).astype(kind), predictor=3, **more), values) <= 1
    assert differs(tiff((values / 255).astype(np.float32), predictor=2, **more), values) <= 1


@pytest.mark.parametrize("bits", [10, 12, 14])
@pytest.mark.parametrize("order", "<>")
def test_values_of_fewer_bits_than_stored_are_scaled(bits: int, order: str) -> None:
    for values, kind in ((GRAY, 1), (COLOR, 2)):
        data = tiff(spread(values, bits), photometric=kind, order=order)
        assert differs(data, values) <= 1
        assert decode_image(data).notes == (f"{bits} bits per channel, scaled to 8",)


@pytest.mark.parametrize("bits", [1, 2, 3, 4, 6, 7, 8, 9, 11, 13, 15])
def test_any_number_of_bits_is_read(bits: int) -> None:
    data = tiff(spread(GRAY, bits), bits=bits)
    assert differs(data, GRAY) <= 255 / (2**bits - 1) / 2 + 1


def test_what_the_file_says_of_its_range_counts() -> None:
    signed = GRAY.astype(np.int16) * 4 - 100
    data = tiff(signed, tags={340: (3, [0]), 341: (3, [920])})
    assert differs(data, np.clip(signed / 920 * 255, 0, 255).astype(np.int16)) <= 1
    dark = tiff(spread(GRAY, 12).astype(np.uint16) // 4, tags={281: (3, [4095])})
    assert differs(dark, GRAY // 4) <= 1


def test_statistics_of_the_file_do_not_stretch_it() -> None:
    dark = GRAY // 2
    assert differs(tiff(dark, tags={280: (3, [1]), 281: (3, [int(dark.max())])}), dark) == 0
    deep = spread(dark, 16)
    assert differs(tiff(deep, tags={281: (3, [int(deep.max())])}), dark) <= 1


def test_a_range_that_the_values_contradict_is_ignored() -> None:
    data = tiff(spread(GRAY, 16), tags={340: (3, [0]), 341: (3, [1])})
    assert differs(data, GRAY) <= 1


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.uint32, np.float32, np.float64])
@pytest.mark.parametrize("order", "<>")
def test_white_is_zero(kind: type[np.generic], order: str) -> None:
    most = largest(kind)
    ramp = np.linspace(0, 1, 256 * 4).reshape(4, 256)
    values: npt.NDArray[Any] = ((1 - ramp) * most).astype(kind)
    data = tiff(values, photometric=0, order=order)
    assert differs(data, (ramp * 255).astype(np.int16)) <= 1
    bilevel = tiff((GRAY < 128).astype(np.uint8), photometric=0, bits=1, order=order)
    assert differs(bilevel, np.where(GRAY < 128, 0, 255)) == 0


def largest(kind: type[np.generic]) -> float:
    """White in a number type: 1 for floats."""
    dtype = np.dtype(kind)
    return 1.0 if dtype.kind == "f" else 2.0 ** (8 * dtype.itemsize) - 1


def palette(bits: int, scale: int) -> tuple[npt.NDArray[Any], ...]:
    """Colors, indexes, and a color map whose entries are 8-bit values times a scale."""
    colors = np.zeros((2**bits, 3), np.uint16)
    colors[:4] = [(10, 20, 30), (200, 40, 40), (40, 160, 60), (250, 240, 90)]
    indexes = (np.arange(50 * 35) % 4).reshape(35, 50).astype(np.uint8 if bits <= 8 else np.uint16)
    return colors[indexes], indexes, (colors * scale).T.ravel()


@pytest.mark.parametrize("bits", [2, 4, 8, 16])
@pytest.mark.parametrize("order", "<>")
def test_palettes_of_8_and_16_bit_entries(bits: int, order: str) -> None:
    for scale in (1, 257):
        expected, indexes, entries = palette(bits, scale)
        stored = bits if bits < 8 else 0
        data = tiff(
            indexes, photometric=3, bits=stored, order=order, tags={320: (3, entries.tolist())}
        )
        assert differs(data, expected.astype(np.int16)) == 0
        assert ("palette with 8 bits per entry" in decode_image(data).notes) == (scale == 1)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32, np.float64])
@pytest.mark.parametrize("premultiplied", [False, True])
def test_alpha_is_rendered_on_white(kind: type[np.generic], *, premultiplied: bool) -> None:
    most = largest(kind)
    alpha = np.where(np.arange(50) < 25, 0.5, 1.0) * np.ones((35, 1))
    for values, photometric in ((GRAY, 1), (COLOR, 2)):
        colors = values.reshape(35, 50, -1) / 255
        stored = colors * alpha[..., None] if premultiplied else colors
        samples: npt.NDArray[Any] = (np.dstack([stored, alpha]) * most).astype(kind)
        tags = {338: (3, [1 if premultiplied else 2])}
        expected = (colors * alpha[..., None] + 1 - alpha[..., None]) * 255
        assert differs(tiff(samples, photometric=photometric, tags=tags), expected) <= 4


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_cmyk_with_alpha(kind: type[np.generic]) -> None:
    inks = np.asarray(Image.fromarray(COLOR).convert("CMYK"))
    alpha = np.where(np.arange(50) < 25, 0, 255) * np.ones((35, 1))
    samples: npt.NDArray[Any] = np.dstack([inks, alpha]).astype(kind) * (
        1 if kind is np.uint8 else 257
    )
    data = tiff(samples.astype(kind), photometric=5, tags={338: (3, [2])})
    assert differs(data, np.where(alpha[..., None] == 0, 255, COLOR)) <= 2


def test_bands_beside_the_colors_are_left_out_and_told() -> None:
    samples = np.dstack([COLOR, GRAY, GRAY]).astype(np.uint16) * 257
    data = tiff(samples, photometric=2, tags={338: (3, [0, 0])})
    assert differs(data, COLOR) <= 1
    assert "3 of 5 bands used" in decode_image(data).notes


def test_lab_of_16_bits() -> None:
    lab = np.zeros((8, 8, 3), np.uint16)
    lab[..., 0] = 65535
    assert differs(tiff(lab, photometric=8), np.full((8, 8, 3), 255)) <= 2


def test_signed_values_are_stretched() -> None:
    values = np.linspace(-1000, 1000, 100).reshape(10, 10).astype(np.int16)
    data = tiff(values)
    assert differs(data, ((values + 1000) / 2000 * 255).astype(np.int16)) <= 1
    assert decode_image(data).notes == ("values from -1000 to 1000, scaled to 8 bits",)


@pytest.mark.parametrize("high", [1.0, 1.7, 12.0, 255.0, 4095.0, 65535.0, 1e6])
def test_floats_are_scaled_by_what_they_reach(high: float) -> None:
    ramp = np.linspace(0, 1, 100).reshape(10, 10)
    assert differs(tiff((ramp * high).astype(np.float32)), (ramp * 255).astype(np.int16)) <= 1


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_a_pixel_without_a_number_spoils_nothing(odd: float) -> None:
    values = GRAY / np.float32(255)
    values[0, 0] = odd
    expected = GRAY.copy()
    expected[0, 0] = 255 if odd == np.inf else 0
    assert differs(tiff(values), expected) <= 1


@pytest.mark.parametrize("tile", [None, (32, 16)])
def test_webp_inside(tile: tuple[int, int] | None) -> None:
    width, height = tile or (50, 16)
    image = Image.fromarray(COLOR)
    files = [
        encode(image.crop((x, y, min(x + width, 50) if not tile else x + width,
                           min(y + height, 35) if not tile else y + height)), "WEBP", lossless=True)
        for y in range(0, 35, height) for x in range(0, 50, width)
    ]  # fmt: skip
    offsets = (8 + np.cumsum([0, *map(len, files)]))[:-1].tolist()
    lengths = [*map(len, files)]
    place = {273: (4, offsets), 279: (4, lengths), 278: (3, [height])}
    if tile:
        place = {324: (4, offsets), 325: (4, lengths), 322: (3, [width]), 323: (3, [height])}
    head = {256: (3, [50]), 257: (3, [35]), 258: (3, [8] * 3), 259: (3, [50001]),
            262: (3, [2]), 277: (3, [3])}  # fmt: skip
    assert differs(assemble(head | place, b"".join(files)), COLOR) == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (tiff(np.dstack([GRAY] * 5)), "five bands of gray"),
        (tiff(np.dstack([GRAY] * 5).astype(np.float32)), "five bands of gray"),
        (tiff(GRAY, tags={259: (3, [34887])}), "LERC compression"),
        (tiff(GRAY, tags={259: (3, [34712])}), "JPEG 2000 compression"),
        (tiff(np.dstack([GRAY] * 6), photometric=5, tags={339: (3, [5] * 6)}), "six bands of CMYK"),
        (tiff(GRAY, photometric=32845), "color space 32845"),
        (b"MM\0+\0\x08\0\0" + bytes(7) + b"\x10" + bytes(40), "big-endian BigTIFF"),
    ],
)
def test_sound_files_of_other_kinds_are_named(data: bytes, words: str) -> None:
    with pytest.raises(
        ImageError, match=r"This kind of TIFF .* cannot be read. Save it as"
    ) as error:
        decode_image(data)
    assert words in error.value.message


def test_a_file_that_ends_inside_its_pixels_is_incomplete() -> None:
    whole = tiff(spread(COLOR, 16), photometric=2)
    short = assemble({256: (3, [50]), 257: (3, [35]), 258: (3, [16]), 262: (3, [1]),
                      273: (4, [8]), 279: (4, [50 * 35 * 2])}, bytes(40))  # fmt: skip
    with pytest.raises(ImageError, match="incomplete"):
        decode_image(short)
    assert differs(whole, COLOR) <= 1


@pytest.mark.parametrize("mode", ["L", "RGB", "I;16", "F", "I"])
@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "zstd", "lzma"])
@pytest.mark.parametrize("big", [False, True])
def test_what_pillow_writes_is_read(mode: str, compression: str | None, *, big: bool) -> None:
    values = {"L": GRAY, "RGB": COLOR, "I;16": spread(GRAY, 16),
              "F": GRAY / np.float32(255), "I": spread(GRAY, 16).astype(np.int32)}  # fmt: skip
    image = Image.fromarray(values[mode])
    data = encode(image, "TIFF", compression=compression, big_tiff=big)
    assert differs(data, COLOR if mode == "RGB" else GRAY) <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_deep_files_come_out_upright(orientation: int) -> None:
    plain = tiff(COLOR, photometric=2, tags={274: (3, [orientation])})
    deep = tiff(spread(COLOR, 16), photometric=2, tags={274: (3, [orientation])})
    assert decode_image(deep).image.size == decode_image(plain).image.size
    assert np.abs(decoded(deep) - decoded(plain)).max() <= 1
    assert decode_image(deep).width == decode_image(plain).width
