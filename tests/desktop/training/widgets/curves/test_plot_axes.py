import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from cifar_desktop.training.widgets.curves.plot_axes import Projection, Tick, paint_axes
from cifar_desktop.ui.chart_palette import chart_palette


@pytest.mark.parametrize("up", [[], [(1.0, "1")]], ids=["no y ticks", "a y tick"])
def test_labels_of_the_x_axis_are_as_dark_without_ticks_of_the_y_axis(
    up: list[Tick], window: QWidget
) -> None:
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    projection = Projection(plot=QRectF(40, 10, 140, 50), x=(0.0, 2.0), y=(0.0, 2.0))
    colors = chart_palette(QPalette(Qt.GlobalColor.white))
    painter = QPainter(image)
    painter.setPen(Qt.GlobalColor.white)

    paint_axes(painter, projection, [(1.0, "88")], up, colors)
    painter.end()

    below = [image.pixelColor(x, y).lightness() for x in range(90, 130) for y in range(64, 90)]
    assert min(below) < 150
