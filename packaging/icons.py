"""Renders the program's icons in the sizes and formats that desktops need.

    python packaging/icons.py OUT

OUT/hicolor is an icon theme folder for Linux, OUT/icon.ico is for Windows, OUT/icon.icns for macOS.
Called by `archive` and, for the icon of the executable, by `contents`. The output is reproducible
with the same Qt and Pillow.
"""

import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

RESOURCES = Path(__file__).resolve().parents[1] / "resources"
NAME = "cifar-desktop"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
# Sizes with a drawing of their own: the squares of icon.svg would blur between their pixels.
_HINTED_SIZES = (16, 22, 24)
_ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
_ICNS_SIZES = (16, 32, 64, 128, 256, 512, 1024)


def render_all(folder: Path) -> None:
    """Write all icons.

    Args:
        folder: Destination; created if missing.
    """
    theme = folder / "hicolor"
    for size in SIZES:
        _write(theme / f"{size}x{size}" / "apps" / f"{NAME}.png", png(size))
    _write(theme / "scalable" / "apps" / f"{NAME}.svg", (RESOURCES / "icon.svg").read_bytes())
    _write_container(folder / "icon.ico", "ICO", _ICO_SIZES)
    _write_container(folder / "icon.icns", "ICNS", _ICNS_SIZES)


def png(size: int) -> bytes:
    """The icon as PNG, `size` pixels square."""
    buffer = QBuffer()
    if not QImageWriter(buffer, QByteArray(b"png")).write(_rendered(size)):
        raise RuntimeError(f"Qt cannot write the icon with {size} pixels.")
    return bytes(buffer.data().data())


def _rendered(size: int) -> QImage:
    drawing = RESOURCES / (f"icon-{size}.svg" if size in _HINTED_SIZES else "icon.svg")
    renderer = QSvgRenderer(str(drawing))
    if not renderer.isValid():
        raise RuntimeError(f"Qt cannot read the drawing “{drawing}”.")
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    return image


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _write_container(path: Path, kind: str, sizes: tuple[int, ...]) -> None:
    images = [_pillow(size) for size in sizes]
    # Pillow would otherwise shrink the largest one to the missing sizes.
    images[-1].save(path, kind, sizes=[image.size for image in images], append_images=images[:-1])


def _pillow(size: int) -> Image.Image:
    image = _rendered(size).convertToFormat(QImage.Format.Format_RGBA8888)
    return Image.frombytes("RGBA", (size, size), bytes(image.constBits()))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {sys.argv[0]} OUT")
    render_all(Path(sys.argv[1]))
