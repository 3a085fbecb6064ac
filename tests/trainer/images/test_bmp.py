"""BMP files of every layout of bits come out as the same picture."""

import struct

import numpy as np
import pytest
from PIL import Image

from tests.trainer.drawings import drawing, encode
from trainer.errors import ImageError
from trainer.images.decode import decode_image

COLOR = np.asarray(drawing((33, 20)))


def bmp(
    bits: int, masks: tuple[int, ...], *, header: int = 40, alpha: int = 255, top_down: bool = False
) -> bytes:
    """A drawing as a BMP whose pixels have these masks for red, green, blue and perhaps alpha."""
    height, width, _ = COLOR.shape
    kind = np.dtype(f"<u{bits // 8}")
    pixels = np.zeros((height, width), np.uint64)
    bands = [*np.moveaxis(COLOR, -1, 0), np.full((height, width), alpha)]
    for mask, band in zip(masks, bands, strict=False):
        shift = (mask & -mask).bit_length() - 1 if mask else 0
        pixels |= np.round(band / 255 * (mask >> shift)).astype(np.uint64) << np.uint64(shift)
    stored = pixels.astype(kind) if top_down else pixels[::-1].astype(kind)
    padded = np.pad(stored, ((0, 0), (0, width % 2 if bits == 16 else 0)))
    many = 16 if len(masks) == 4 or header > 52 else 12
    head = struct.pack("<IiiHHIIiiII", header, width, -height if top_down else height, 1, bits,
                       6 if many == 16 and header == 40 else 3, 0, 2835, 2835, 0, 0)  # fmt: skip
    head += struct.pack("<4I", *masks, *[0] * (4 - len(masks)))[:many]
    head = head.ljust(header, b"\0")
    offset = 14 + len(head)
    return (
        struct.pack("<2sIHHI", b"BM", offset + padded.nbytes, 0, 0, offset)
        + head
        + padded.tobytes()
    )


MASKS = {
    "xbgr": (32, (0xFF, 0xFF00, 0xFF0000)),
    "5-6-5": (16, (0xF800, 0x7E0, 0x1F)),
    "4-4-4": (16, (0xF00, 0xF0, 0xF)),
    "2-3-1": (16, (0x6000, 0x0700, 0x80)),
    "11-11-10": (32, (0xFFE00000, 0x1FFC00, 0x3FF)),
    "10-10-10": (32, (0x3FF00000, 0xFFC00, 0x3FF)),
    "usual": (32, (0xFF0000, 0xFF00, 0xFF)),
}


@pytest.mark.parametrize("top_down", [False, True])
@pytest.mark.parametrize("header", [40, 108, 124])
@pytest.mark.parametrize("name", sorted(MASKS))
def test_any_masks_are_read(name: str, header: int, *, top_down: bool) -> None:
    bits, masks = MASKS[name]
    lowest = min(bin(mask).count("1") for mask in masks)
    decoded = decode_image(bmp(bits, masks, header=header, top_down=top_down))
    found = np.asarray(decoded.image).astype(int)
    assert np.abs(found - COLOR).max() <= 255 / (2**lowest - 1) / 2 + 8


@pytest.mark.parametrize(
    ("bits", "masks"),
    [(32, (0xFF, 0xFF00, 0xFF0000, 0xFF000000)), (32, (0xFF0000, 0xFF00, 0xFF, 0xFF000000)),
     (16, (0xF00, 0xF0, 0xF, 0xF000)), (32, (0x3FF00000, 0xFFC00, 0x3FF, 0xC0000000))],
)  # fmt: skip
def test_alpha_counts_unless_it_was_never_filled(bits: int, masks: tuple[int, ...]) -> None:
    for alpha in (0, 255):
        found = np.asarray(decode_image(bmp(bits, masks, header=108, alpha=alpha)).image)
        assert np.abs(found.astype(int) - COLOR).max() <= 9
    half = np.asarray(decode_image(bmp(bits, masks, header=124, alpha=170)).image)
    assert half.mean() > COLOR.mean() + 20


def test_other_kinds_are_not_called_damaged() -> None:
    whole = bytearray(bmp(32, MASKS["usual"][1]))
    for at, value in ((28, 2), (28, 64), (30, 4), (14, 16)):
        changed = whole.copy()
        changed[at] = value
        with pytest.raises(
            ImageError, match=r"This kind of BMP picture cannot be read. Save it as"
        ):
            decode_image(bytes(changed))


def test_half_a_file_is_incomplete() -> None:
    data = bmp(*MASKS["10-10-10"])
    with pytest.raises(ImageError, match="incomplete"):
        decode_image(data[: len(data) // 2])


def test_what_pillow_writes_is_read() -> None:
    for mode in ("1", "L", "P", "RGB", "RGBA"):
        image = Image.fromarray(COLOR).convert(mode)
        expected = np.asarray(image.convert("RGB")).astype(int)
        assert np.abs(np.asarray(decode_image(encode(image, "BMP")).image) - expected).max() == 0
