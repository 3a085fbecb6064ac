"""The image decoder: every format, orientation and limit, and files that are not images."""

import io
import os
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from tests.trainer.drawings import (
    GREEN,
    HEIC,
    RED,
    drawing,
    encode,
    exif,
    is_near,
    pixel,
    samples,
)
from trainer.errors import ImageError
from trainer.images import decode
from trainer.images.decode import decode_image

NAMES = {
    "JPEG2000": "JPEG 2000", "MPO": "JPEG", "progressive": "JPEG", "CMYK": "JPEG",
    "turned": "JPEG", "profile": "JPEG", "palette": "PNG", "16 bit": "PNG", "float": "TIFF",
    "lossless": "WEBP", "animation": "GIF",
}  # fmt: skip


def failure(source: Path | bytes) -> ImageError:
    with pytest.raises(ImageError) as caught:
        decode_image(source)
    assert caught.value.message.endswith(".")
    return caught.value


def png_header(width: int, height: int) -> bytes:
    """A PNG that declares a size but contains almost nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + packed + chunk(b"IEND", b"")


def jpeg_header(width: int, height: int, *, progressive: bool = False) -> bytes:
    """A small JPEG whose header declares another size."""
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
def test_colors_survive(name: str) -> None:
    decoded = decode_image(samples()[name])
    assert is_near(pixel(decoded, 0.3, 0.8), RED, 16)
    assert is_near(pixel(decoded, 0.8, 0.8), GREEN, 16)


def test_a_photo_as_phones_make_them_is_read() -> None:
    decoded = decode_image(HEIC)
    assert (decoded.format, decoded.width, decoded.height) == ("HEIF", 96, 64)
    assert is_near(pixel(decoded, 0.1, 0.5), (200, 30, 30), 25)
    assert is_near(pixel(decoded, 0.62, 0.56), (30, 60, 200), 25)


def test_a_wrong_suffix_and_any_path_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "Zoë" / "图片.pdf"
    path.parent.mkdir()
    path.write_bytes(samples()["JPEG"])
    assert decode_image(path).format == "JPEG"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_orientations_come_out_upright(kind: str, orientation: int) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposition by the camera
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


def test_the_first_frame_of_an_animation_counts() -> None:
    frames = [Image.new("RGB", (8, 8), color) for color in (RED, GREEN)]
    for kind in ("GIF", "WEBP", "PNG", "TIFF", "AVIF"):
        data = encode(frames[0], kind, save_all=True, append_images=frames[1:])
        assert is_near(pixel(decode_image(data), 0.5, 0.5), RED)


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


@pytest.mark.parametrize(
    ("header", "most"),
    [(png_header, 100), (jpeg_header, 250), (partial(jpeg_header, progressive=True), 110)],
)
def test_the_limit_that_is_named_is_the_one_of_the_format(
    header: Callable[[int, int], bytes], most: int
) -> None:
    text = failure(header(20_000, 20_000)).message
    limit = int(text.partition("less than ")[2].split()[0])
    assert 0.8 * most < limit <= most
    side = int(1000 * limit**0.5)
    assert "too large" in failure(header(int(1.1 * side), side)).message
    assert "too large" not in failure(header(side, side)[:-40]).message


def test_an_icon_cannot_smuggle_a_bomb_in() -> None:
    bomb = png_header(12000, 12000)
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(bomb), 22)
    assert "too large" in failure(b"\0\0\1\0\1\0" + entry + bomb).message


def test_a_photo_of_200_megapixels_is_not_refused_by_its_size() -> None:
    # Only the header declares this size: the reduced scale is chosen, and then the file ends.
    assert "too large" not in failure(jpeg_header(16000, 12500)[:-40]).message


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.truncate(decode.MAX_FILE_BYTES + 1)  # takes no disk space
    assert "too large" in failure(path).message


# A TGA without its end is not detected; in these formats the first of two pictures must be hit.
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
        (b"\0\0\0\x20ftypisom\0\0", "a video"),
        (b"ID3\4", "an audio file"),
        (b"PK\3\4\x14\0", "an archive"),
        (b"\x7fELF\2", "a program"),
        (struct.pack("<Q", 20) + b'{"__metadata__":{}}', "a model file"),
        ("Grüße, 图片".encode(), "a text file"),
        (("x" * 1023 + "ü").encode(), "a text file"),
        (b"\0\1\2\3" * 20, "not a known image format"),
        (b"\xff\x0a" + bytes(60), "This is a JPEG XL file, which cannot be read. Save it as PNG"),
        (b"PF\n2 2\n-1.0\n" + bytes(48), "This is a PFM file in color, which cannot be read"),
        (b"\x0a\5\1\x08" + bytes(200), "This is a PCX file, which cannot be read"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:", "run “git lfs pull”"),
        (b"Grue\xdfe", "not a known image format"),
    ],
)  # fmt: skip
def test_other_files_are_named(data: bytes, words: str) -> None:
    assert words in failure(data).message


def test_a_file_of_torch_is_no_archive(tmp_path: Path) -> None:
    import torch

    torch.save({"weight": torch.zeros(3)}, tmp_path / "epoch 3.pt")
    assert "This is a PyTorch model file" in failure(tmp_path / "epoch 3.pt").message


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    assert "is a folder" in failure(tmp_path).message
    assert "cat.jpg does not exist" in failure(tmp_path / "cat.jpg").message
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
    assert "No permission to read cat.png" in failure(path).message


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


def test_importing_the_decoder_loads_no_heavy_library() -> None:
    heavy = {"PIL", "pi_heif", "numpy", "torch"}
    code = f"import sys, trainer.images.decode; print({heavy} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


def test_limits_of_pillow_are_left_alone() -> None:
    before = Image.MAX_IMAGE_PIXELS
    decode_image(samples()["PNG"])
    assert before == Image.MAX_IMAGE_PIXELS
    Image.open(io.BytesIO(samples()["PNG"])).close()
