"""Camera raw files show the preview that they contain, and say so."""

import struct

import numpy as np
import pytest

from tests.trainer.drawings import drawing, encode, exif, is_near, pixel
from tests.trainer.tiff_files import MoreTags, Tags, assemble, directory
from trainer.errors import ImageError
from trainer.images.decode import decode_image

PREVIEW = encode(drawing((96, 64)), "JPEG")
THUMBNAIL = encode(drawing((24, 16)).rotate(180), "JPEG")
SENSOR = np.random.default_rng(2).integers(0, 4096, 80 * 120, np.uint16).tobytes()
DNG = {50706: (1, [1, 4, 0, 0])}


def thumbnail_tags(at: int, length: int) -> Tags:
    return {
        256: (3, [24]), 257: (3, [16]), 258: (3, [8] * 3), 259: (3, [6]), 262: (3, [6]),
        277: (3, [3]), 513: (4, [at]), 514: (4, [length]),
    }  # fmt: skip


def sensor_tags(at: int, *, compression: int = 1, photometric: int = 32803) -> Tags:
    return {
        256: (3, [120]), 257: (3, [80]), 258: (3, [16]), 259: (3, [compression]),
        262: (3, [photometric]), 273: (4, [at]), 277: (3, [1]), 278: (3, [80]),
        279: (4, [len(SENSOR)]),
    }  # fmt: skip


def raw(order: str, *, orientation: int = 1, first: MoreTags | None = None, pad: int = 0) -> bytes:
    """A small preview, the sensor's data and a large preview, each with a directory of its own."""
    data = THUMBNAIL + bytes(pad) + SENSOR + PREVIEW
    sensor_at = 8 + len(THUMBNAIL) + pad
    more: Tags = {274: (3, [orientation]), 271: (2, list(b"Maker\0"))}
    return assemble(
        thumbnail_tags(8, len(THUMBNAIL)) | more | dict(first or {}),
        data,
        order,
        [sensor_tags(sensor_at), thumbnail_tags(sensor_at + len(SENSOR), len(PREVIEW))],
    )


def expect_preview(data: bytes, size: tuple[int, int] = (96, 64)) -> None:
    decoded = decode_image(data)
    assert decoded.format == "camera raw"
    assert decoded.notes == ("the preview embedded in a camera raw file",)
    assert (decoded.width, decoded.height) == decoded.image.size == size


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("first", [{}, DNG], ids=["other makers", "DNG"])
def test_the_larger_preview_is_shown(order: str, first: Tags) -> None:
    data = raw(order, first=first)
    expect_preview(data)
    assert is_near(pixel(decode_image(data), 0.3, 0.8), (200, 40, 40), 20)


@pytest.mark.parametrize("compression", [32767, 32769, 34713, 65535, 7])
def test_whatever_compresses_the_sensors_data(compression: int) -> None:
    photometric = 32803 if compression == 7 else 2
    data = assemble(
        thumbnail_tags(8, len(PREVIEW)),
        PREVIEW + SENSOR,
        "<",
        [sensor_tags(8 + len(PREVIEW), compression=compression, photometric=photometric)],
    )
    expect_preview(data)


@pytest.mark.parametrize("order", "<>")
def test_a_directory_below_another_is_found(order: str) -> None:
    # Nikon and Adobe put all but a thumbnail into directories below the first one.
    small = np.asarray(drawing((40, 32))).tobytes()
    data = small + SENSOR + PREVIEW
    file = assemble({}, data, order)
    below = directory(sensor_tags(8 + len(small)), len(file), order)
    tags: Tags = {
        256: (3, [40]), 257: (3, [32]), 258: (3, [8] * 3), 259: (3, [1]), 262: (3, [2]),
        273: (4, [8]), 277: (3, [3]), 278: (3, [32]), 279: (4, [len(small)]),
        330: (4, [len(file)]),
    }  # fmt: skip
    start = len(file) + len(below)
    whole = file + below + directory(tags, start, order)
    expect_preview(whole[:4] + struct.pack(order + "I", start) + whole[8:])


def test_a_preview_need_not_be_jpeg() -> None:
    pixels = np.asarray(drawing((96, 64))).tobytes()
    tags: Tags = {
        256: (3, [96]), 257: (3, [64]), 258: (3, [8] * 3), 259: (3, [1]), 262: (3, [2]),
        273: (4, [8]), 277: (3, [3]), 278: (3, [64]), 279: (4, [len(pixels)]),
    }  # fmt: skip
    data = assemble(tags | DNG, pixels + SENSOR, "<", [sensor_tags(8 + len(pixels))])
    expect_preview(data)


@pytest.mark.parametrize(("orientation", "size"), [(1, (96, 64)), (3, (96, 64)), (8, (64, 96))])
@pytest.mark.parametrize("order", "<>")
def test_the_preview_is_upright(order: str, orientation: int, size: tuple[int, int]) -> None:
    data = raw(order, orientation=orientation, first=DNG)
    expect_preview(data, size)
    yellow = {1: (0.1, 0.1), 3: (0.9, 0.9), 8: (0.1, 0.9)}[orientation]
    assert is_near(pixel(decode_image(data), *yellow), (250, 240, 90), 30)


def test_what_the_preview_says_of_its_orientation_counts() -> None:
    turned = encode(drawing((96, 64)), "JPEG", exif=exif(6))
    data = assemble(thumbnail_tags(8, len(turned)) | {274: (3, [1])} | DNG, turned)
    expect_preview(data, (64, 96))


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, name) + body


def cr3(preview: bytes, orientation: int = 1) -> bytes:
    settings = assemble({274: (3, [orientation])}, b"", "<")
    moov = box(b"moov", box(b"uuid", bytes(16) + box(b"CMT1", settings)))
    small = box(b"uuid", bytes(16) + box(b"THMB", bytes(16) + THUMBNAIL))
    large = box(b"uuid", bytes(16) + box(b"PRVW", bytes(16) + preview)) if preview else b""
    head = box(b"ftyp", b"crx \0\0\0\1crx isom")
    return head + moov + small * bool(preview) + large + box(b"mdat", SENSOR)


def test_canon_cr3() -> None:
    expect_preview(cr3(PREVIEW))
    expect_preview(cr3(PREVIEW, orientation=6), (64, 96))


@pytest.mark.parametrize(
    "head",
    [
        b"FUJIFILMCCD-RAW 0201" + bytes(100), b"IIRO\x08\0\0\0", b"IIRS\x08\0\0\0",
        b"IIU\0\x08\0\0\0",
        b"II\x1a\0\0\0HEAPCCDR", b"FOVb" + bytes(60), b"II*\0\x10\0\0\0CR\2\0" + bytes(40),
    ],
)  # fmt: skip
def test_makers_with_formats_of_their_own(head: bytes) -> None:
    expect_preview(head + THUMBNAIL + SENSOR + PREVIEW + SENSOR)


@pytest.mark.parametrize(
    "data",
    [cr3(b""), assemble(sensor_tags(8) | DNG, SENSOR), b"FUJIFILMCCD-RAW 0201" + SENSOR],
    ids=["CR3", "DNG", "RAF"],
)
def test_without_a_preview_the_message_names_the_kind(data: bytes) -> None:
    with pytest.raises(ImageError, match=r"This camera raw file contains no preview.*try again\."):
        decode_image(data)


def test_lossless_sensor_data_are_no_preview() -> None:
    # Canon, Adobe and others store the sensor's data as JPEG of another kind.
    sensor = bytearray(encode(drawing((960, 640)), "JPEG"))
    sensor[sensor.index(b"\xff\xc0") + 1] = 0xC3
    deep = bytearray(encode(drawing((960, 640)), "JPEG"))
    deep[deep.index(b"\xff\xc0") + 4] = 12
    data = assemble(thumbnail_tags(8, len(PREVIEW)) | DNG, PREVIEW + bytes(sensor) + bytes(deep))
    expect_preview(data)


def test_an_ordinary_tiff_is_not_camera_raw() -> None:
    data = encode(drawing(), "TIFF", tiffinfo={271: "Maker", 272: "Model"})
    assert decode_image(data).format == "TIFF"
