"""Frame time of the image gallery while paging through thousands of images.

    python -m benchmarks.gallery_scrolls [--sizes 1000 10000]

Each frame scrolls by a page, creates the images that come into view, and paints all of them; at 60
frames per second there are 16.7 ms for that. CPU time is printed next to wall-clock time: on a busy
machine only the former is meaningful.
"""

import argparse
import time
from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from benchmarks.common import machine, summary, use_some_display
from cifar_desktop.evaluation.widgets.gallery import ImageGallery

_SIDE = 32
_WIDTH, _HEIGHT = 1200, 900


class Pictures:
    """Noise images with made-up predictions.

    Args:
        count: Number of images.
    """

    def __init__(self, count: int) -> None:
        random = np.random.default_rng(0)
        self._pixels = random.integers(0, 256, (count, _SIDE, _SIDE, 3), dtype=np.uint8)

    def __len__(self) -> int:
        return len(self._pixels)

    def image(self, position: int) -> QImage:
        """One image."""
        pixels = self._pixels[position].tobytes()
        return QImage(pixels, _SIDE, _SIDE, 3 * _SIDE, QImage.Format.Format_RGB888).copy()

    def caption(self, position: int) -> tuple[str, str]:
        """The true and the predicted class."""
        return "automobile", f"airplane {position % 100} %"

    def is_right(self, position: int) -> bool:
        """Whether the prediction is correct: one in three is."""
        return position % 3 == 0

    def name(self, position: int) -> str:
        """A file name."""
        return f"test/automobile/{position}.png"

    def predictions(self, _position: int) -> Sequence[tuple[str, float]]:
        """The top three classes."""
        return [("airplane", 0.7), ("automobile", 0.2), ("ship", 0.1)]


def frames(gallery: ImageGallery) -> Iterator[tuple[float, float]]:
    """Page through all images; wall-clock and CPU seconds of each page."""
    bar, viewport = gallery.grid.verticalScrollBar(), gallery.grid.viewport()
    while bar.value() < bar.maximum():
        began, computed = time.perf_counter(), time.process_time()
        bar.setValue(bar.value() + bar.pageStep())
        viewport.repaint()
        yield time.perf_counter() - began, time.process_time() - computed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000])
    options = parser.parse_args()
    display = use_some_display()
    application = QApplication([])
    print(machine(), f"drawing to {display}, {_WIDTH} x {_HEIGHT}", sep="\n")
    for count in options.sizes:
        gallery = ImageGallery()
        gallery.resize(_WIDTH, _HEIGHT)
        gallery.show()
        began = time.perf_counter()
        gallery.show_source(Pictures(count), heading="Images", empty="")
        application.processEvents()
        shown = time.perf_counter() - began
        seconds, computed = zip(*frames(gallery), strict=True)
        print(
            f"{count:>6,} images   shown after {shown * 1e3:6.1f} ms   {len(seconds):>4} pages   "
            f"{summary(seconds)}   worst {max(seconds) * 1e3:7.1f} ms   "
            f"CPU {summary(computed)}"
        )
        gallery.close()


if __name__ == "__main__":
    main()
