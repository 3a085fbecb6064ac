"""Lines and axes, painted into memory: gaps, noise, and where values are."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPicture
from pytestqt.qtbot import QtBot

from cifar_desktop.training.widgets.curves.axis_math import Floats, Viewport
from cifar_desktop.training.widgets.curves.chart_line import ChartLine, DrawnLine
from cifar_desktop.training.widgets.curves.plot_axes import Projection, x_ticks, y_ticks

BLUE, WHITE = QColor("#1668b4"), QColor("white")
SIZE = QSize(400, 200)
PROJECTION = Projection(plot=QRectF(0, 0, 400, 200), x=(0.0, 4.0), y=(0.0, 2.0))


def prepared(y: Floats, *, width: float = 1.8) -> DrawnLine:
    drawn = DrawnLine()
    line = ChartLine(x=np.linspace(0, 4, len(y)), y=y, color=BLUE, width=width)
    drawn.update(line, Viewport(start=0, end=4, columns=400), ignore_outliers=False)
    return drawn


def painted(drawn: DrawnLine, *, as_vectors: bool = False, ratio: float = 1.0) -> Floats:
    """How much of each pixel is covered by the line: 0 to 1, one row per row of the image."""
    image = QImage(SIZE * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(WHITE)
    picture = QPicture()
    with QPainter(picture if as_vectors else image) as painter:
        drawn.paint(painter, PROJECTION, WHITE)
    if as_vectors:
        with QPainter(image) as painter:
            painter.drawPicture(0, 0, picture)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return (255.0 - pixels[..., 2].astype(np.float64)) / (255.0 - BLUE.red())


def test_line_passes_through_its_values(qtbot: QtBot) -> None:
    covered = painted(prepared(np.linspace(0, 2, 50)))

    assert covered[100, 200] > 0.5
    assert covered[20, 360] > 0.5
    assert covered[100, 100] == 0


def test_gap_is_not_bridged(qtbot: QtBot) -> None:
    y = np.ones(101)
    y[40:60] = np.nan

    covered = painted(prepared(y))

    assert covered[100, 100] > 0.5
    assert covered[100, 300] > 0.5
    assert not covered[:, 170:230].any()


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_noisy_wide_line_looks_the_same_in_pieces(qtbot: QtBot, ratio: float) -> None:
    y = 1 + 0.3 * np.random.default_rng(0).normal(size=150)
    drawn = prepared(y)

    in_pieces, whole = painted(drawn, ratio=ratio), painted(drawn, as_vectors=True, ratio=ratio)

    assert drawn._noisy
    assert drawn._segments
    assert in_pieces.sum() == pytest.approx(whole.sum(), rel=0.05)
    assert np.abs(in_pieces - whole).mean() < 0.02


def test_what_does_not_change_is_kept(qtbot: QtBot) -> None:
    drawn = prepared(np.ones(50))
    painted(drawn)
    kept = drawn._polygons

    painted(drawn)
    assert drawn._polygons is kept

    line = ChartLine(x=np.linspace(0, 4, 50), y=np.ones(50), color=BLUE)
    drawn.update(line, Viewport(start=0, end=4, columns=400), ignore_outliers=False)
    painted(drawn)
    assert drawn._polygons is not kept


def test_positions_and_values_are_inverse() -> None:
    assert PROJECTION.x_at(PROJECTION.x_pixel(1.25)) == pytest.approx(1.25)
    assert PROJECTION.y_at(PROJECTION.y_pixel(0.5)) == pytest.approx(0.5)
    assert PROJECTION.y_pixel(2.0) == 0
    far = PROJECTION.pixels(np.array([1.0]), np.array([1e300]))
    assert np.isfinite(far).all()
    assert far[0, 1] < 0


def test_ticks_are_labeled_and_the_first_names_the_unit() -> None:
    assert x_ticks(PROJECTION)[:2] == [(0, "epoch 0"), (1, "1")]
    assert y_ticks(PROJECTION, "{:g}".format, log=False)[-1] == (2, "2")
    logarithmic = Projection(plot=PROJECTION.plot, x=(0.0, 4.0), y=(-2.0, 1.0))
    assert y_ticks(logarithmic, "{:g}".format, log=True)[0] == (-2, "0.01")
