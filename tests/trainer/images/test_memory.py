"""Decoding stays below a gigabyte, whatever the format, and on all threads together."""

import json
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.trainer.drawings import drawing, encode, is_near, pixel
from tests.trainer.images.test_png import png
from tests.trainer.tiff_files import tiff
from trainer.errors import ImageError
from trainer.images.decode import decode_image
from trainer.images.memory import MemoryBudget

GIGABYTE = 1024**3
# Reports its peak memory, which a child process has for itself.
CHILD = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from trainer.errors import ImageError
from trainer.images.decode import decode_image

def decode(path):
    try:
        return decode_image(Path(path)).image.size
    except ImageError as error:
        return error.message

with ThreadPoolExecutor(8) as pool:
    found = list(pool.map(decode, sys.argv[1:]))
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([int(peak.split()[1]) * 1024, found]))
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads peak memory from /proc")


def peak_of(*files: Path) -> tuple[int, list[object]]:
    command = [sys.executable, "-c", CHILD, *map(str, files)]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=200)
    assert result.stderr == ""
    peak, found = json.loads(result.stdout)
    return peak, found


def flat(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    return Image.new("RGB", size, (200, 40, 40)).convert(mode)


LARGE: dict[str, Callable[[], bytes]] = {
    "PNG of 98 megapixels": lambda: encode(flat((14000, 7000)), compress_level=1),
    "WebP": lambda: encode(flat((6000, 5600)), "WEBP", method=0, lossless=True, quality=0),
    "AVIF": lambda: encode(flat((6000, 6000)), "AVIF", speed=10),
}


@pytest.mark.parametrize("name", sorted(LARGE))
def test_a_large_picture_takes_less_than_a_gigabyte(name: str, tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(LARGE[name]())
    peak, found = peak_of(path)
    assert isinstance(found[0], list), found
    assert peak < GIGABYTE


def test_all_threads_together_take_less_than_a_gigabyte(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(LARGE["WebP"]())
    peak, found = peak_of(*[path] * 3)
    assert found == [found[0]] * 3
    assert isinstance(found[0], list)
    assert peak < GIGABYTE


def kinds() -> dict[str, bytes]:
    """A picture of 1.5 megapixels in every format and mode that matters for memory."""
    x, y = np.meshgrid(np.arange(1500, dtype=np.int32), np.arange(1000, dtype=np.int32))
    colors = np.stack([x * 255 // 1500, y * 255 // 1000, (x ^ y) & 255], axis=-1).astype(np.uint8)
    image, deep = Image.fromarray(colors), colors.astype(np.uint16)
    single = {"quality_mode": "rates", "quality_layers": [40], "num_resolutions": 1}
    files = {
        f"{mode} {kind}": encode(image.convert(mode), kind)
        for kind, modes in {"PNG": "1 L P RGB RGBA", "WEBP": "RGB RGBA", "AVIF": "L RGB RGBA",
                            "TIFF": "RGB CMYK", "GIF": "P", "BMP": "RGB", "TGA": "RGB",
                            "PPM": "RGB", "JPEG": "L RGB CMYK"}.items()
        for mode in modes.split()
    }  # fmt: skip
    return files | {
        "4:4:4 AVIF": encode(image, "AVIF", subsampling="4:4:4"),
        "progressive": encode(image, "JPEG", progressive=True, subsampling=0),
        "LZW": encode(image, "TIFF", compression="tiff_lzw"),
        "L JPEG 2000": encode(image.convert("L"), "JPEG2000", **single),
        "RGB JPEG 2000": encode(image, "JPEG2000", **single),
        "RGBA JPEG 2000": encode(image.convert("RGBA"), "JPEG2000", **single),
        "reduced": encode(image, "JPEG2000", quality_mode="rates", quality_layers=[40]),
        "gray 16 PNG": png(deep[..., :1] * 257, 0),
        "dark gray 16 PNG": png(deep[..., :1] * 16, 0),
        "LA 16 PNG": png(deep[..., :2] * 257, 4),
        "RGB 16 PNG": png(deep * 257, 2),
        "dark RGB 16 PNG": png(deep * 16, 2),
        "16-bit TIFF": tiff(deep * 257, photometric=2, compression=8, rows=64),
        "float TIFF": tiff(colors / np.float32(255), photometric=2, compression=8, rows=64),
        "double TIFF": tiff(colors / 255, photometric=2, rows=64),
        "12-bit TIFF": tiff(deep[..., 0] * 16, bits=12, rows=64),
        "planar": tiff(deep * 257, photometric=2, compression=8, rows=64, planar=True),
        "predictor 2": tiff(deep * 257, photometric=2, compression=8, rows=64, predictor=2),
        "predictor 3": tiff(colors / np.float32(255), photometric=2, compression=8, predictor=3),
        "masks BMP": bmp_of(colors),
    }


def bmp_of(colors: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> bytes:
    """A BMP of ten bits per channel."""
    wide = colors.astype(np.uint32) << 2
    pixels = wide[..., 0] << 20 | wide[..., 1] << 10 | wide[..., 2]
    height, width = pixels.shape
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 32, 3, 0, 0, 0, 0, 0)
    head += struct.pack("<3I", 0x3FF00000, 0xFFC00, 0x3FF)
    return struct.pack("<2sIHHI", b"BM", 0, 0, 0, 14 + len(head)) + head + pixels.tobytes()


# For each file: how far memory rose while it was decoded, and how far it was expected to.
ESTIMATES = """
import ctypes, json, sys
from pathlib import Path
from trainer.images import decode

def memory(name):
    line = next(line for line in open("/proc/self/status") if line.startswith(name))
    return int(line.split()[1]) * 1024

reserved = []
class Recorded(decode.MemoryBudget):
    def reserved(self, size):
        reserved.append(size)
        return super().reserved(size)

decode._PIXELS = Recorded(decode.MAX_DECODING_BYTES)
files = sorted(Path(sys.argv[1]).iterdir())
results = {}
for file in (*files[:1], *files):  # the first twice: modules are loaded with it
    ctypes.CDLL(None).malloc_trim(0)
    open("/proc/self/clear_refs", "w").write("5")
    before = memory("VmRSS")
    decode.decode_image(file)
    results[file.name] = memory("VmHWM") - before, reserved[-1] + file.stat().st_size
print(json.dumps(results))
"""


def test_no_kind_takes_more_than_was_expected(tmp_path: Path) -> None:
    for name, data in kinds().items():
        (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-c", ESTIMATES, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=200)
    found = json.loads(result.stdout)
    assert len(found) > 30
    slack = 8 * 1024**2  # buffers that do not grow with the picture
    assert not {name: each for name, each in found.items() if each[0] > each[1] + slack}


def test_what_would_take_more_is_refused_by_its_kind() -> None:
    # Both are below the limit of pixels; a decoder of WebP needs four times as much.
    webp = encode(flat((8000, 8000)), "WEBP", method=0, lossless=True, quality=0)
    with pytest.raises(ImageError, match=r"too large: 8000 x 8000 .* less than \d\d megapixels"):
        decode_image(webp)
    assert decode_image(encode(flat((8000, 8000)), compress_level=1)).width == 8000


@pytest.mark.parametrize(
    "size", [(2577, 2569), (2560, 2562), (1281, 5123), (5119, 1290), (2563, 2561)]
)
@pytest.mark.parametrize("tiled", [False, True])
def test_jpeg_2000_is_decoded_at_reduced_scale(size: tuple[int, int], *, tiled: bool) -> None:
    options = {"tile_size": (600, 500)} if tiled else {}
    decoded = decode_image(encode(drawing(size), "JPEG2000", **options))
    assert (decoded.width, decoded.height) == size
    assert min(decoded.image.size) <= min(size) // 2 + 1
    assert is_near(pixel(decoded, 0.3, 0.8), (200, 40, 40))
    assert is_near(pixel(decoded, 0.1, 0.1), (250, 240, 90))


def test_a_budget_is_shared() -> None:
    budget = MemoryBudget(100)
    first_holds, second_holds, release = (threading.Event() for _ in range(3))

    def first() -> None:
        with budget.reserved(60):
            first_holds.set()
            release.wait()

    def second() -> None:
        first_holds.wait()
        with budget.reserved(50):
            second_holds.set()

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    first_holds.wait()
    with budget.reserved(40):  # fits beside the first
        assert not second_holds.is_set()
    release.set()
    for thread in threads:
        thread.join()
    assert second_holds.is_set()
    with budget.reserved(1000):  # more than there is: alone
        pass


def test_nothing_is_printed_about_an_odd_tiff(tmp_path: Path) -> None:
    gray = np.zeros((40, 40), np.uint8)
    odd = [
        tiff(gray, compression=8, tags={259: (3, [5])}),  # of another compression
        tiff(gray, compression=8, tags={65000: (2, b"x"), 279: (4, [9])}),
        tiff(gray, compression=8, tags={259: (3, [7]), 277: (3, [99])}),
    ]
    for number, data in enumerate(odd):
        path = tmp_path / f"{number}.tif"
        path.write_bytes(data)
        peak_of(path)  # expects nothing on standard error
