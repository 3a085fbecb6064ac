"""The picture decoder: every mode, format, orientation and limit, and files that are none."""

import io
import os
import struct
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import pytest
from PIL import Image

from tests.trainer.drawings import HEIC, drawing, encode, exif, profile, samples
from trainer import images
from trainer.errors import ImageError
from trainer.images import DecodedImage, decode_image

NAMES = {
    "JPEG2000": "JPEG 2000", "MPO": "JPEG", "progressive": "JPEG", "CMYK": "JPEG",
    "turned": "JPEG", "profile": "JPEG", "palette": "PNG", "16 bit": "PNG", "float": "TIFF",
    "lossless": "WEBP", "animation": "GIF",
}  # fmt: skip
RED, GREEN, WHITE = (200, 40, 40), (40, 160, 60), (255, 255, 255)


def failure(source: Path | bytes) -> ImageError:
    with pytest.raises(ImageError) as caught:
        decode_image(source)
    assert caught.value.message.endswith(".")
    return caught.value


def pixel(decoded: DecodedImage, x: float, y: float) -> tuple[int, ...]:
    at = (int(x * decoded.image.width), int(y * decoded.image.height))
    value = decoded.image.getpixel(at)
    assert isinstance(value, tuple)
    return value


def is_near(found: tuple[int, ...], wanted: tuple[int, ...], slack: int = 12) -> bool:
    return all(abs(a - b) <= slack for a, b in zip(found, wanted, strict=True))


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + packed + chunk(b"IEND", b"")


def jpeg_header(width: int, height: int, *, progressive: bool = False) -> bytes:
    """A small JPEG whose header claims another size."""
    data = encode(drawing(), "JPEG", progressive=progressive)
    at = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


@pytest.mark.parametrize("name", sorted(samples()))
def test_every_format_is_read(name: str) -> None:
    decoded = decode_image(samples()[name])
    assert decoded.format == NAMES.get(name, name)
    assert decoded.image.mode == "RGB"
    assert (decoded.width, decoded.height) == decoded.image.size


@pytest.mark.parametrize(
    "name", ["PNG", "GIF", "BMP", "TIFF", "PPM", "QOI", "TGA", "JPEG", "WEBP", "AVIF", "MPO"]
)
def test_colours_survive(name: str) -> None:
    decoded = decode_image(samples()[name])
    assert is_near(pixel(decoded, 0.3, 0.8), RED, 16)
    assert is_near(pixel(decoded, 0.8, 0.8), GREEN, 16)


def test_a_photo_as_phones_make_them_is_read() -> None:
    decoded = decode_image(HEIC)
    assert (decoded.format, decoded.width, decoded.height) == ("HEIF", 96, 64)
    assert is_near(pixel(decoded, 0.1, 0.5), (200, 30, 30), 25)
    assert is_near(pixel(decoded, 0.62, 0.56), (30, 60, 200), 25)


def test_a_wrong_name_and_a_foreign_path_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "Zoë" / "图片.pdf"
    path.parent.mkdir()
    path.write_bytes(samples()["JPEG"])
    assert decode_image(path).format == "JPEG"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_orientations_come_out_upright(kind: str, orientation: int) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the Transpose that a camera did
    stored = drawing((64, 32))
    if orientation in undo:
        stored = stored.transpose(Image.Transpose(undo[orientation]))
    decoded = decode_image(encode(stored, kind, exif=exif(orientation)))
    assert (decoded.width, decoded.height) == decoded.image.size == (64, 32)
    assert is_near(pixel(decoded, 0.1, 0.1), (250, 240, 90), 30)
    assert is_near(pixel(decoded, 0.3, 0.8), RED, 20)
    assert is_near(pixel(decoded, 0.8, 0.8), GREEN, 20)


@pytest.mark.parametrize(
    "broken", [b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0", exif(77)]
)
def test_broken_exif_is_ignored(broken: bytes) -> None:
    assert decode_image(encode(drawing(), "JPEG", exif=broken)).image.size == (48, 32)


def test_transparent_parts_lie_on_white() -> None:
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
def test_a_transparent_colour_is_white_too(image: Image.Image, transparent: object) -> None:
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
def test_deep_greys_are_scaled_not_clipped(
    mode: str, values: list[float], expected: list[int]
) -> None:
    decoded = decode_image(deep(mode, values))
    assert [pixel(decoded, x / len(values), 0)[0] for x in range(len(values))] == expected


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), float("-inf"), 3e38])
def test_floats_that_are_no_numbers_do_no_harm(odd: float) -> None:
    assert decode_image(deep("F", [odd, 0.0, 1.0])).image.size == (3, 1)


def test_16_bit_pngs_with_a_transparent_grey_are_read() -> None:
    data = encode(Image.new("I;16", (4, 4), 32768), transparency=700)
    assert pixel(decode_image(data), 0, 0) == (128, 128, 128)


def test_the_first_frame_of_an_animation_counts() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN)]
    for kind in ("GIF", "WEBP", "PNG", "TIFF", "AVIF"):
        data = encode(frames[0], kind, save_all=True, append_images=frames[1:])
        assert is_near(pixel(decode_image(data), 0.5, 0.5), RED)


def swapped_profile() -> bytes:
    """A profile in which red and green are each other's."""
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
def test_a_profile_of_no_use_is_ignored(bad: bytes) -> None:
    decoded = decode_image(encode(drawing(), icc_profile=bad))
    assert is_near(pixel(decoded, 0.3, 0.8), RED, 1)


def test_a_photo_is_decoded_at_reduced_scale() -> None:
    decoded = decode_image(encode(drawing((4000, 3000)), "JPEG"))
    assert (decoded.width, decoded.height) == (4000, 3000)
    assert decoded.image.size == (1000, 750)


@pytest.mark.parametrize(
    ("size", "reduced"),
    [((1200, 900), (1200, 900)), ((5000, 700), (2048, 287)), ((1280, 1280), (640, 640)),
     ((30000, 2), (2048, 1))],
)  # fmt: skip
def test_the_short_side_stays_long_enough(size: tuple[int, int], reduced: tuple[int, int]) -> None:
    assert decode_image(encode(drawing(size), "JPEG")).image.size == reduced


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "1"])
def test_the_long_side_is_limited(mode: str) -> None:
    decoded = decode_image(encode(drawing((4096, 1024)).convert(mode)))
    assert (decoded.width, decoded.height) == (4096, 1024)
    assert decoded.image.size == (2048, 512)


def test_reducing_is_antialiased() -> None:
    stripes = Image.new("L", (4096, 8))
    stripes.putdata([255 * (x % 2) for x in range(4096)] * 8)
    inside = decode_image(encode(stripes)).image.crop((4, 0, 2044, 4))
    assert all(120 <= value <= 135 for value in inside.tobytes())


@pytest.mark.parametrize(
    "data",
    [png_header(16000, 16000), png_header(11000, 10000), jpeg_header(20000, 20000),
     jpeg_header(11000, 11000, progressive=True),
     encode(drawing(), "GIF").replace(struct.pack("<HH", 48, 32), b"\xff\xff\xff\xff", 1)],
    ids=["png header", "png to decode", "jpeg header", "progressive", "gif"],
)  # fmt: skip
def test_a_bomb_is_refused_by_its_header(data: bytes) -> None:
    assert "too large" in failure(data).message


def test_an_icon_cannot_smuggle_a_bomb_in() -> None:
    bomb = png_header(12000, 12000)
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(bomb), 22)
    assert "too large" in failure(b"\0\0\1\0\1\0" + entry + bomb).message


def test_a_photo_of_200_megapixels_is_not_refused_by_its_size() -> None:
    # Only the header is that large: the reduced scale is chosen, and then the file ends.
    assert "too large" not in failure(jpeg_header(16000, 12500)[:-40]).message


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.truncate(images.MAX_FILE_BYTES + 1)  # takes no room on the disk
    assert "too large" in failure(path).message


# A TGA without its end is not known for one; in these the first of two pictures must be hit.
FIRST_PART = {"MPO": 300, "animation": 100}


@pytest.mark.parametrize("name", sorted(samples().keys() - {"TGA"}))
def test_half_a_file_is_called_incomplete(name: str) -> None:
    data = samples()[name]
    assert "is incomplete" in failure(data[: FIRST_PART.get(name, len(data) * 6 // 10)]).message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?>\n<!-- x --><html>', "a web page"),
        (b'<?xml version="1.0"?><svg xmlns="">', "an SVG drawing"),
        (b"<svg>", "an SVG drawing"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "a PostScript drawing"),
        (b"8BPS\0\1", "a Photoshop document"),
        (b"\0\0\0\x20ftypisom\0\0", "a film"),
        (b"ID3\4", "a sound file"),
        (b"PK\3\4\x14\0", "an archive"),
        (b"\x7fELF\2", "a program"),
        (struct.pack("<Q", 20) + b'{"__metadata__":{}}', "a model file"),
        ("Grüße, 图片".encode(), "a text"),
        (("x" * 1023 + "ü").encode(), "a text"),
        (b"\0\1\2\3" * 20, "no picture"),
        (b"Grue\xdfe", "no picture"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_named(data: bytes, words: str) -> None:
    assert words in failure(data).message


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    assert "is a folder" in failure(tmp_path).message
    assert "cat.jpg is not there" in failure(tmp_path / "cat.jpg").message
    failure(Path("nul\0byte"))
    failure(tmp_path / ("x" * 300))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such thing there")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "not a file" in failure(tmp_path / "pipe").message


def test_a_file_that_may_not_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(samples()["PNG"])

    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything
    assert "not allowed to read cat.png" in failure(path).message


def test_lack_of_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image.Image, "load", refuse)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", refuse)
    assert "not enough memory" in failure(samples()["BMP"]).message


def test_the_result_does_not_hang_on_its_file(tmp_path: Path) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(samples()["PNG"])
    decoded = decode_image(path)
    path.unlink()
    assert type(decoded.image) is Image.Image
    assert decoded.image.copy().tobytes() == decoded.image.tobytes()


def test_many_threads_get_the_same_pixels() -> None:
    expected = {name: decode_image(data).image.tobytes() for name, data in samples().items()}
    wrong: list[str] = []

    def work() -> None:
        for name, data in samples().items():
            if decode_image(data).image.tobytes() != expected[name]:
                wrong.append(name)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_importing_the_decoder_loads_no_library() -> None:
    code = (
        "import sys, trainer.images; print({'PIL', 'pi_heif', 'numpy', 'torch'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


def test_limits_of_pillow_are_left_alone() -> None:
    before = Image.MAX_IMAGE_PIXELS
    decode_image(samples()["PNG"])
    assert before == Image.MAX_IMAGE_PIXELS
    Image.open(io.BytesIO(samples()["PNG"])).close()
