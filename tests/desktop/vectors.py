"""A widget as a vector picture, read by an XML reader; for tests of what is saved as SVG."""

from xml.etree import ElementTree as ET

from PySide6.QtCore import QBuffer, QPoint
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

SVG = "{http://www.w3.org/2000/svg}"


def vectors(widget: QWidget) -> ET.Element:
    """What the widget draws."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(widget.size())
    painter = QPainter(generator)
    widget.render(painter, QPoint())
    painter.end()
    return ET.fromstring(bytes(buffer.data().data()))
