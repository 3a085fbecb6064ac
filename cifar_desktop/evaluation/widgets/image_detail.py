"""The selected image of the gallery, enlarged, with the most probable classes as bars."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from cifar_desktop.evaluation.widgets.gallery_model import GallerySource, sentence
from cifar_desktop.evaluation.widgets.gallery_painting import elided, paint_mark
from cifar_desktop.ui.chart_palette import chart_palette
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.formatting import percent
from cifar_desktop.ui.image_tiles import paint_tile, tile_side
from cifar_desktop.ui.style import GRID, blend, scaled_font

_BARS = 5
_STEPS = 1000
_MARK = 10
_THICKNESS = 6
_WIDEST_NAME = 24 * GRID
_SMALL, _LARGE = 96, 160


class ImageDetail(QWidget):
    """One image and its prediction.

    Signals: none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = _Enlarged()
        self.title, self.name = ElidedLabel(), ElidedLabel()
        self.bars = [PredictionBar() for _ in range(_BARS)]
        self.title.setFont(scaled_font(self.title, 1.0, QFont.Weight.DemiBold))
        self.name.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._few, self._count = False, 0
        self._lay_out()

    def show_image(self, source: GallerySource, position: int, image: QImage) -> None:
        """Show an image of a source."""
        self.picture.show_image(image)
        self.title.show_text(sentence(source, position))
        self.name.show_text(source.name(position))
        label, top = source.caption(position)[0], source.predictions(position)
        self.picture.setAccessibleName(f"Enlarged image: {sentence(source, position)}")
        for index, bar in enumerate(self.bars):
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
        self._layout.setDirection(ways.TopToBottom if beside else ways.LeftToRight)
        self._few = few
        self.picture.limit(_SMALL if few else _LARGE)
        self._show_bars()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        words.addWidget(self.title)
        for bar in self.bars:
            words.addWidget(bar)
        words.addWidget(self.name)
        words.addStretch()
        top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID + GRID // 2)
        self._layout.addWidget(self.picture, 0, top)
        self._layout.addLayout(words, 1)

    def _show_bars(self) -> None:
        most = 3 if self._few else _BARS
        for index, bar in enumerate(self.bars):
            bar.setVisible(index < min(self._count, most))


class PredictionBar(QProgressBar):
    """One class: name, bar, percentage; a check mark marks the true class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        return QSize(24 * GRID, self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        """As high as the size hint, and much narrower."""
        return QSize(12 * GRID, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint mark, name, bar and percentage."""
        painter, metrics = QPainter(self), self.fontMetrics()
        figures = metrics.horizontalAdvance("> 99.9 %")
        left = _MARK + GRID // 2
        names = min((self.width() - figures - left) // 2, _WIDEST_NAME)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
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
        painter.setBrush(blend(self.palette(), QPalette.ColorRole.WindowText, 0.12))
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
        quiet = blend(self.palette(), QPalette.ColorRole.WindowText, 0.4)
        return colors.validation if self._first else quiet


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
