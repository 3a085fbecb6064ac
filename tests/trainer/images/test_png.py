"""PNG files with sound pixels are read, whatever else they contain, at every depth."""

import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from tests.trainer.drawings import drawing, encode, exif, is_near, pixel, profile
from trainer.errors import ImageError
from trainer.images.decode import decode_image

COLOR = np.asarray(drawing((50, 34)))
GRAY = np.asarray(drawing((50, 34)).convert("L"))
WHITE = (255, 255, 255)


def chunk(name: bytes, body: bytes, *, crc_is_right: bool = True) -> bytes:
    crc = zlib.crc32(name + body) ^ (0 if crc_is_right else 1)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc)


def png(samples: npt.NDArray[Any], kind: int, *more: bytes, bits: int = 0) -> bytes:
    """A file of samples of shape [H, W, channels], with more chunks before the pixels."""
    height, width = samples.shape[:2]
    depth = bits or samples.itemsize * 8
    rows = samples.reshape(height, -1)
    if depth < 8:
        shifts = np.arange(depth - 1, -1, -1)
        rows = np.packbits((rows[..., None] >> shifts & 1).reshape(height, -1).astype(np.uint8), 1)
    filtered = b"".join(b"\0" + row.astype(rows.dtype.newbyteorder(">")).tobytes() for row in rows)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(filtered))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + chunk(b"IEND", b"")


def with_chunk(data: bytes, extra: bytes, *, after_pixels: bool = False) -> bytes:
    at = len(data) - 12 if after_pixels else 33
    return data[:at] + extra + data[at:]


FAULTY = {
    "large XMP": chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + b"x" * 1_300_000),
    "large text": chunk(b"tEXt", b"Comment\0" + b"x" * 3_000_000),
    "text bomb": chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000))),
    "compressed XMP bomb": chunk(
        b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(bytes(9_000_000))
    ),
    "EXIF text bomb": chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(bytes(9**8))),
    "profile bomb": chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(90_000_000))),
    "profile that is none": chunk(b"iCCP", b"x\0\0nonsense"),
    "profile of unknown compression": chunk(b"iCCP", b"x\0\7nonsense"),
    "short profile": chunk(b"iCCP", b"x"),
    **{
        f"wrong checksum of {name.decode()}": chunk(name, body, crc_is_right=False)
        for name, body in [
            (b"iCCP", b"sRGB\0\0" + zlib.compress(profile("sRGB"))), (b"tEXt", b"Comment\0hello"),
            (b"zTXt", b"Comment\0\0" + zlib.compress(b"hello")), (b"pHYs", bytes(9)),
            (b"gAMA", bytes(4)), (b"cHRM", bytes(32)), (b"sRGB", b"\0"), (b"tIME", bytes(7)),
            (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>"), (b"eXIf", exif(6)), (b"acTL", bytes(8)),
            (b"bKGD", bytes(6)), (b"sBIT", b"\3\3\3"), (b"prVt", b"private"), (b"tRNS", bytes(6)),
        ]
    },
    **{
        f"short {name.decode()}": chunk(name, b"\0")
        for name in (b"pHYs", b"gAMA", b"cHRM", b"tIME", b"acTL", b"fcTL", b"sRGB", b"zTXt")
    },
    "empty sRGB": chunk(b"sRGB", b""),
    "text without its end": chunk(b"tEXt", b"x" * 90),
    "broken EXIF": chunk(b"eXIf", b"II*\0\xff\xff\xff\xff"),
    "empty EXIF": chunk(b"eXIf", b""),
    "animation that is none": chunk(b"acTL", struct.pack(">II", 2**31, 0)),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FAULTY))
@pytest.mark.parametrize("after_pixels", [False, True])
def test_faulty_ancillary_chunks_are_ignored(name: str, *, after_pixels: bool) -> None:
    data = with_chunk(encode(drawing()), FAULTY[name], after_pixels=after_pixels)
    decoded = decode_image(data)
    assert decoded.image.tobytes() == drawing().tobytes()


@pytest.mark.parametrize("name", [b"IHDR", b"PLTE", b"IDAT"])
def test_a_faulty_critical_chunk_still_refuses(name: bytes) -> None:
    data = bytearray(encode(drawing().convert("P")))
    at = data.index(name)
    length = int.from_bytes(data[at - 4 : at], "big")
    data[at + 4 : at + 4 + length] = b"\xff" * length
    with pytest.raises(ImageError):
        decode_image(bytes(data))


@pytest.mark.parametrize("size", [3_000, 2_000_000])
def test_a_large_profile_is_applied(size: int) -> None:
    from tests.trainer.images.test_color_modes import swapped_profile

    made = swapped_profile()
    padded = made + bytes(max(0, size - len(made)))
    data = png(COLOR, 2, chunk(b"iCCP", b"x\0\0" + zlib.compress(padded)))
    assert is_near(pixel(decode_image(data), 0.3, 0.8), (40, 200, 40), 25)


@pytest.mark.parametrize(
    "extra",
    [
        chunk(b"eXIf", exif(6).removeprefix(b"Exif\0\0")),
        chunk(
            b"zTXt",
            b"Raw profile type exif\0\0"
            + zlib.compress(b"\nexif\n  %d\n%s\n" % (len(exif(6)), exif(6).hex().encode())),
        ),
        chunk(
            b"iTXt",
            b"XML:com.adobe.xmp\0\0\0\0\0"
            b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>',
        ),
    ],
    ids=["EXIF", "EXIF as text", "XMP"],
)
def test_the_orientation_is_found_wherever_it_is(extra: bytes) -> None:
    assert decode_image(with_chunk(encode(drawing()), extra)).image.size == (32, 48)


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
@pytest.mark.parametrize("kind", [0, 2, 4, 6])
def test_values_of_fewer_bits_than_stored_are_scaled(kind: int, bits: int) -> None:
    values = COLOR if kind in (2, 6) else GRAY[..., None]
    samples = np.round(values * ((2**bits - 1) / 255)).astype(np.uint16)
    if kind in (4, 6):
        alpha = np.full((34, 50, 1), 2**bits - 1, np.uint16)
        alpha[:, :25] = 0
        samples = np.concatenate([samples, alpha], axis=-1)
    decoded = decode_image(png(samples, kind))
    found = np.asarray(decoded.image).astype(int)
    right = slice(25, 50) if kind in (4, 6) else slice(0, 50)
    assert np.abs(found[:, right] - values[:, right]).max() <= 1
    if kind in (4, 6) and bits == 16:
        assert found[:, :25].min() == 255
    assert decoded.notes == (f"{bits} bits per channel, scaled to 8",)


def test_significant_bits_are_believed() -> None:
    dark = np.round(GRAY * (4095 / 255) / 4).astype(np.uint16)
    as_12 = decode_image(png(dark, 0, chunk(b"sBIT", b"\x0c")))
    assert np.abs(np.asarray(as_12.image)[..., 0].astype(int) - GRAY // 4).max() <= 1
    as_16 = decode_image(png(dark, 0, chunk(b"sBIT", b"\x10")))
    assert np.asarray(as_16.image).max() < 5
    scaled = np.round(GRAY * (65535 / 255)).astype(np.uint16)
    full = decode_image(png(scaled, 0, chunk(b"sBIT", b"\x0a")))
    assert np.abs(np.asarray(full.image)[..., 0].astype(int) - GRAY).max() <= 1


@pytest.mark.parametrize("kind", [0, 2])
@pytest.mark.parametrize("bits", [12, 16])
def test_a_transparent_color_of_16_bits_is_white(kind: int, bits: int) -> None:
    values = COLOR if kind == 2 else GRAY[..., None]
    samples = np.round(values * ((2**bits - 1) / 255)).astype(np.uint16)
    clear = samples[30, 10]
    data = png(samples, kind, chunk(b"tRNS", clear.astype(">u2").tobytes()))
    found = np.asarray(decode_image(data).image).astype(int)
    is_clear = (samples == clear).all(axis=-1)
    assert is_clear.any()
    assert (found[is_clear] == 255).all()
    assert np.abs(found[~is_clear] - np.broadcast_to(values, found.shape)[~is_clear]).max() <= 1


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_transparent_gray_of_few_bits_is_white(bits: int) -> None:
    samples = (np.arange(40 * 4).reshape(4, 40) % 2**bits).astype(np.uint8)
    for clear in {0, 1, 2**bits - 1}:
        data = png(samples, 0, chunk(b"tRNS", struct.pack(">H", clear)), bits=bits)
        found = np.asarray(decode_image(data).image)[..., 0].astype(int)
        expected = np.where(samples == clear, 255, samples * (255 // (2**bits - 1)))
        assert np.abs(found - expected).max() == 0


def test_interlaced_16_bits_are_read() -> None:
    # Adam7 of one pixel and of a pattern whose passes are known: every pass is one shade.
    samples = np.full((1, 1, 3), (65535, 0, 32768), np.uint16)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 16, 2, 0, 0, 1))
    body = chunk(b"IDAT", zlib.compress(b"\0" + samples.astype(">u2").tobytes()))
    data = b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")
    assert pixel(decode_image(data), 0, 0) == (255, 0, 128)


def test_an_animation_shows_its_first_picture() -> None:
    frames = [Image.new("RGB", (8, 8), color) for color in ((200, 40, 40), (40, 160, 60))]
    data = encode(frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert pixel(decode_image(data), 0.5, 0.5) == (200, 40, 40)


def test_a_kind_that_is_not_quite_png_is_named() -> None:
    data = encode(drawing())
    with pytest.raises(ImageError, match="optimized for iPhone apps"):
        decode_image(data[:8] + chunk(b"CgBI", bytes(4)) + data[8:])


def test_pixels_without_an_end_are_shown() -> None:
    assert decode_image(encode(drawing())[:-12]).image.tobytes() == drawing().tobytes()


@pytest.mark.parametrize(("kind", "samples"), [(2, COLOR), (0, GRAY[..., None])])
@pytest.mark.parametrize("length", [0, 1, 3, 5, 7, 300])
def test_transparency_of_the_wrong_length_is_ignored(
    kind: int, samples: npt.NDArray[np.uint8], length: int
) -> None:
    plain = decode_image(png(samples, kind)).image
    assert decode_image(png(samples, kind, chunk(b"tRNS", bytes(length)))).image == plain
