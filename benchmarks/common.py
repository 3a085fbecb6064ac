"""Shared by the benchmarks: percentiles, test pictures, a display, a description of the machine."""

import os
import platform
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from trainer.devices.cpu_info import processor_name


def machine() -> str:
    """One line about the machine, to print above the results."""
    python = f"Python {platform.python_version()}"
    return f"{processor_name()}, {os.cpu_count()} cores, {platform.system()}, {python}"


def summary(seconds: Sequence[float]) -> str:
    """Median and 95th percentile of durations in seconds, as milliseconds."""
    p95 = sorted(seconds)[min(len(seconds) - 1, int(0.95 * len(seconds)))]
    return f"p50 {statistics.median(seconds) * 1e3:7.1f} ms   p95 {p95 * 1e3:7.1f} ms"


def photo(folder: Path, *, width: int = 4000, height: int = 3000) -> Path:
    """A JPEG like a camera's, 12 megapixels and about 5 MB: hills, sky, grain."""
    random = np.random.default_rng(0)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    ridge = height * (0.55 + 0.08 * np.sin(x / 400) + 0.03 * np.sin(x / 90))
    sky, ground = np.array([120, 170, 230]), np.array([70, 110, 50])
    pixels = np.where((y < ridge)[..., None], sky, ground) + (y / height * 40)[..., None]
    pixels += random.normal(0, 9, (height, width, 1)).astype(np.float32)
    path = folder / "photo.jpg"
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path, quality=90)
    return path


def thumbnail(folder: Path, source: Path) -> Path:
    """The same picture as a PNG of 32x32 pixels."""
    path = folder / "thumbnail.png"
    with Image.open(source) as image:
        image.resize((32, 32)).save(path)
    return path


def use_some_display() -> str:
    """Let Qt render off-screen if there is no display; returns the platform in use."""
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return os.environ.get("QT_QPA_PLATFORM", "the screen")


@contextmanager
def virtual_display() -> Iterator[tuple[dict[str, str], str]]:
    """A virtual display: its environment variables, and its name."""
    if sys.platform in ("win32", "darwin"):
        yield {}, "the screen"
    elif (server := shutil.which("Xvfb")) is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}, "offscreen"
    else:
        with _xvfb(server) as number:
            yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}, "Xvfb"


@contextmanager
def _xvfb(server: str) -> Iterator[int]:
    reading, writing = os.pipe()
    screen = ["-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    command = [server, "-displayfd", str(writing), *screen]
    with subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL) as process:
        try:
            os.close(writing)
            with os.fdopen(reading, "rb") as pipe:
                yield int(pipe.readline())
        finally:
            process.terminate()
