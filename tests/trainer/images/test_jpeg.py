"""JPEG files with odd metadata, and files that end too early."""

import struct
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.trainer.drawings import drawing, encode, exif
from trainer.errors import ImageError
from trainer.images.decode import decode_image


def photo(size: tuple[int, int] = (400, 300), mode: str = "RGB") -> Image.Image:
    """A busy picture, so that each block takes some bytes."""
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    noise = np.random.default_rng(4).integers(0, 60, (size[1], size[0], 3))
    bands = [x * 200 // size[0], y * 200 // size[1], (x * y) % 190]
    image = Image.fromarray((np.stack(bands, axis=-1) + noise).astype(np.uint8))
    if mode == "CMYK":  # with black ink, too
        return Image.merge("CMYK", (*image.split(), image.getchannel("G")))
    return image.convert(mode)


KINDS: dict[str, dict[str, Any]] = {
    "4:2:0": {}, "4:4:4": {"subsampling": 0}, "4:2:2": {"subsampling": 1},
    "progressive": {"progressive": True}, "restart markers": {"restart_marker_blocks": 4},
    "optimized": {"optimize": True}, "low quality": {"quality": 20},
}  # fmt: skip
MODES = ["RGB", "L", "CMYK"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_without_its_end_marker_a_file_is_shown(kind: str, mode: str) -> None:
    data = encode(photo(mode=mode), "JPEG", **KINDS[kind])
    assert data[-2:] == b"\xff\xd9"
    whole, short = decode_image(data), decode_image(data[:-2])
    assert short.image.tobytes() == whole.image.tobytes()
    assert not whole.notes
    assert "cut short" in short.notes[0]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("lost", [3, 9, 40, 150])
def test_without_its_last_blocks_a_file_is_shown(kind: str, mode: str, lost: int) -> None:
    data = encode(photo(mode=mode), "JPEG", **KINDS[kind])
    whole, short = decode_image(data), decode_image(data[:-lost])
    found = np.asarray(short.image).astype(int) - np.asarray(whole.image)
    different = np.abs(found).max(axis=-1) > 0
    assert different.mean() < 0.05
    assert "cut short" in short.notes[0]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"progressive"}))
@pytest.mark.parametrize("part", [0.3, 0.6, 0.8, 0.9])
def test_a_file_that_lacks_more_is_refused(kind: str, mode: str, part: float) -> None:
    data = encode(photo(mode=mode), "JPEG", **KINDS[kind])
    with pytest.raises(ImageError, match="incomplete"):
        decode_image(data[: int(len(data) * part)])


def test_a_progressive_file_that_lacks_a_scan_is_refused() -> None:
    data = encode(photo(), "JPEG", progressive=True)
    scans = [at for at in range(len(data)) if data[at : at + 2] == b"\xff\xda"]
    for start in scans[1:]:
        with pytest.raises(ImageError, match="incomplete"):
            decode_image(data[:start])


@pytest.mark.parametrize("scale", [1, 4])
def test_the_same_at_reduced_scale(scale: int) -> None:
    data = encode(photo((700 * scale, 660 * scale)), "JPEG")
    assert "cut short" in decode_image(data[:-60]).notes[0]
    with pytest.raises(ImageError, match="incomplete"):
        decode_image(data[: len(data) * 8 // 10])


def test_a_picture_that_is_gray_at_its_end_may_lack_it() -> None:
    image = photo()
    ImageDraw.Draw(image).rectangle((0, 292, 400, 300), fill=(128, 128, 128))
    assert decode_image(encode(image, "JPEG")[:-2]).notes


def test_an_orientation_survives_a_missing_end() -> None:
    data = encode(drawing(), "JPEG", exif=exif(6))
    assert decode_image(data[:-2]).image.size == (32, 48)


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


@pytest.mark.parametrize(
    "extra",
    [
        segment(0xE0, b"JFIF"),
        segment(0xE0, b"JFIF\0"),
        segment(0xEE, b"Adobe"),
        segment(0xED, b"Photoshop 3.0\x008BIM"),
        segment(0xED, b"Photoshop 3.0\x008BIM\3\xed"),
        segment(0xED, b"Photoshop 3.0\x008BIM\3\xed\0\0\0\0\0\2ab"),
        segment(0xE2, b"ICC_PROFILE\0"),
        segment(0xE2, b"ICC_PROFILE\0\1"),
        segment(0xE2, b"ICC_PROFILE\0\1\3nonsense"),
        segment(0xE2, b"MPF\0nonsense"),
        segment(0xE2, b"FPXR\0"),
        segment(0xE1, b"Exif\0\0"),
        segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<broken"),
        segment(0xE1, b""),
        segment(0xFE, b""),
        segment(0xFE, b"x" * 65000) * 40,
        segment(0xEB, b"JP\0\1" + bytes(60000)) * 30,
    ],
)
def test_faulty_metadata_are_ignored(extra: bytes) -> None:
    data = encode(drawing(), "JPEG")
    for at in (2, 20):
        changed = data[:at] + extra + data[at:]
        assert decode_image(changed).image.tobytes() == decode_image(data).image.tobytes()


def test_a_wrong_resolution_in_exif_is_ignored() -> None:
    made = Image.Exif()
    made[0x0128], made[0x011A], made[0x0112] = 2, 0, 6
    data = encode(drawing(), "JPEG", exif=made.tobytes())
    assert decode_image(data).image.size == (32, 48)


@pytest.mark.parametrize(
    ("at", "value", "words"),
    [(4, 12, "12 bits per channel"), (9, 2, "2 channels"), (1, 0xF7, "JPEG-LS"),
     (1, 0xC5, "hierarchical")],
)  # fmt: skip
def test_other_kinds_are_named(at: int, value: int, words: str) -> None:
    data = bytearray(encode(drawing(), "JPEG"))
    data[data.index(b"\xff\xc0") + at] = value
    with pytest.raises(ImageError, match=rf"This kind of JPEG \({words}\) cannot be read"):
        decode_image(bytes(data))


def test_however_much_is_lost_there_is_a_note_or_an_error() -> None:
    data = encode(photo((96, 64)), "JPEG")
    outcomes = [outcome(data[:end]) for end in range(len(data) - 900, len(data), 9)]
    accepted = outcomes.index("shown with a note")
    assert accepted > 0
    assert set(outcomes[:accepted]) == {"incomplete"}
    assert set(outcomes[accepted:]) == {"shown with a note"}


def outcome(data: bytes) -> str:
    try:
        return "shown with a note" if decode_image(data).notes else "shown"
    except ImageError as error:
        return "incomplete" if "incomplete" in error.message else error.message
