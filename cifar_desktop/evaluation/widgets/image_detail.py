"""The selected image of the gallery, enlarged, with the most probable classes as bars."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.evaluation.widgets.gallery_model import GallerySource, sentence
from cifar_desktop.evaluation.widgets.gallery_painting import elided, paint_mark
from cifar_desktop.look.roles import roles
from cifar_desktop.look.type_scale import QUIET, Text, font, set_size
from cifar_desktop.look.widgets import small, with_icon
from cifar_desktop.ui.chart_palette import chart_palette
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.formatting import percent
from cifar_desktop.ui.image_tiles import paint_tile, tile_side
from cifar_desktop.ui.style import GRID

_BARS = 5
_STEPS = 1000
_MARK = 10
_THICKNESS = 8
_SMALL, _LARGE = 96, 160


class ImageDetail(QWidget):
    """One image and its prediction.

    Signals:
        classify_requested: The image, to be classified.
    """

    classify_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = _Enlarged()
        self.title, self.name = ElidedLabel(), ElidedLabel()
        self.bars = [PredictionBar() for _ in range(_BARS)]
        self.classify = QPushButton("O&pen in Classify")
        self.classify.setToolTip("Look at this image in the Classify tab")
        small(with_icon(self.classify, "classify"))
        set_size(self.title, Text.STRONG)
        set_size(self.name, Text.CAPTION)
        self.name.setForegroundRole(QUIET)
        self._image = QImage()
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._few, self._count = False, 0
        self._lay_out()
        self.classify.clicked.connect(lambda: self.classify_requested.emit(self._image))

    def show_image(self, source: GallerySource, position: int, image: QImage) -> None:
        """Show an image of a source."""
        self._image = image
        self.picture.show_image(image)
        self.title.show_text(sentence(source, position))
        self.name.show_text(source.name(position))
        label, top = source.caption(position)[0], source.predictions(position)
        self.picture.setAccessibleName(f"Enlarged image: {sentence(source, position)}")
        widest = max((self.fontMetrics().horizontalAdvance(name) for name, _ in top), default=0)
        for index, bar in enumerate(self.bars):
            bar.names = widest + 3 * GRID
            if index < len(top):
                bar.show_class(*top[index], right=top[index][0] == label, first=not index)
        self._count = min(len(top), _BARS)
        self._show_bars()

    def place(self, *, beside: bool, few: bool) -> None:
        """Arrange the image and the bars.

        Args:
            beside: Whether it is beside the grid, rather than below.
            few: Whether there is little room.
        """
        ways = QBoxLayout.Direction
        for layout in (self._layout, self._below):
            layout.setDirection(ways.TopToBottom if beside else ways.LeftToRight)
        self._few = few
        self.picture.limit(_SMALL if few else _LARGE)
        self._show_bars()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a hairline that parts it from the grid."""
        line, painter = roles(self.palette()).line, QPainter(self)
        across = self._layout.direction() == QBoxLayout.Direction.LeftToRight
        size = (self.width() - 2, 1) if across else (1, self.height())
        painter.fillRect(int(across), 0, *size, line)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        words.addWidget(self.title)
        words.addSpacing(GRID // 2)
        for bar in self.bars:
            words.addWidget(bar)
        words.addStretch()
        self._below.setSpacing(GRID)
        self._below.addWidget(self.classify)
        self._below.addWidget(self.name, 1)
        words.addLayout(self._below)
        top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        self._layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self._layout.setSpacing(2 * GRID)
        self._layout.addWidget(self.picture, 0, top)
        self._layout.addLayout(words, 1)

    def _show_bars(self) -> None:
        most = 3 if self._few else _BARS
        for index, bar in enumerate(self.bars):
            bar.setVisible(index < min(self._count, most))


class PredictionBar(QProgressBar):
    """One class: name, bar, percentage; a check mark marks the true class.

    Attributes:
        names: Room for the name, the same in all bars.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names = 0
        self._name, self._probability = "", 0.0
        self._right = self._first = False
        self.setRange(0, _STEPS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_class(self, name: str, probability: float, *, right: bool, first: bool) -> None:
        """Show a class.

        Args:
            name: Class name.
            probability: Probability from 0 to 1.
            right: Whether it is the true class.
            first: Whether it was predicted.
        """
        self._name, self._probability, self._right, self._first = name, probability, right, first
        self.setAccessibleName(f"{name}, the true class" if right else name)
        self.setToolTip(f"{name}: {percent(probability, 1)}")
        self.setValue(round(probability * _STEPS))
        self.update()

    def text(self) -> str:
        """The percentage, also for assistive technology."""
        return percent(self._probability, 1)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(24 * GRID, self.fontMetrics().height() + GRID // 2)

    def minimumSizeHint(self) -> QSize:
        """As high as the size hint, and much narrower."""
        return QSize(12 * GRID, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint mark, name, bar and percentage."""
        painter, metrics = QPainter(self), self.fontMetrics()
        figures = metrics.horizontalAdvance("> 99.9 %")
        left = _MARK + GRID
        names = min((self.width() - figures - left) // 2, self.names)
        middle = Qt.AlignmentFlag.AlignVCenter
        found = roles(self.palette())
        painter.setPen(found.text)
        painter.setFont(font(Text.STRONG if self._first else Text.BODY))
        name = elided(metrics, self._name, names - GRID)
        painter.drawText(left, 0, names, self.height(), middle, name)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | middle, self.text())
        self._paint_mark(painter)
        room = self.width() - left - names - figures - GRID
        self._paint_bar(painter, QRectF(left + names, 0, room, self.height()))

    def _paint_mark(self, painter: QPainter) -> None:
        if self._right or self._first:
            place = QRectF(0, (self.height() - _MARK) / 2, _MARK, _MARK)
            paint_mark(painter, place, chart_palette(self.palette()), right=self._right)

    def _paint_bar(self, painter: QPainter, room: QRectF) -> None:
        round_ = _THICKNESS / 2
        track = QRectF(room.left(), room.center().y() - round_, room.width(), _THICKNESS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(roles(self.palette()).track)
        painter.drawRoundedRect(track, round_, round_)
        track.setWidth(track.width() * self._probability)
        if track.width() < 1:
            return
        painter.setBrush(self._color())
        painter.drawRoundedRect(track, min(round_, track.width() / 2), round_)

    def _color(self) -> QColor:
        colors = chart_palette(self.palette())
        if self._right:
            return colors.training
        return colors.validation if self._first else roles(self.palette()).edge


class _Enlarged(QWidget):
    """The image with sharp pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._image, self._limit = QImage(), _LARGE
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_image(self, image: QImage) -> None:
        """Show an image."""
        self._image = image
        self.updateGeometry()
        self.update()

    def limit(self, side: int) -> None:
        """Limit the size."""
        self._limit = side
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Size of the image with its frame."""
        side = round(self._side()) + 2
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter, side = QPainter(self), self._side()
        paint_tile(painter, QRectF(1, 1, side, side), self._image, self.palette())

    def _side(self) -> float:
        pixels, limit = max(self._image.width(), 1), self._limit
        whole = tile_side(pixels, limit, self.devicePixelRatioF(), smallest=_SMALL, largest=limit)
        return min(whole, limit)
