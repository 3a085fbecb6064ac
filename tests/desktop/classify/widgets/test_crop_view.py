import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cifar_desktop.classify.widgets import crop_geometry as geometry
from cifar_desktop.classify.widgets.crop_view import CropView


@pytest.fixture
def view(qtbot: QtBot) -> CropView:
    view = CropView()
    qtbot.addWidget(view)
    view.resize(408, 308)
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    view.show_image(image)
    view.show()
    qtbot.waitExposed(view)
    return view


def _drag(view: CropView, start: tuple[int, int], end: tuple[int, int]) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(*start))
    middle = QPoint((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
    for point in (middle, QPoint(*end)):
        QTest.mouseMove(view, point)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(*end))


def _key(view: CropView, key: Qt.Key, *, shift: bool = False) -> None:
    modifiers = Qt.KeyboardModifier
    QTest.keyClick(view, key, modifiers.ShiftModifier if shift else modifiers.NoModifier)


def test_keys_create_move_resize_and_reset_a_crop(view: CropView, qtbot: QtBot) -> None:
    chosen: list[QRectF] = []
    view.crop_changed.connect(chosen.append)

    _key(view, Qt.Key.Key_Minus)
    small = view.crop
    _key(view, Qt.Key.Key_Right)
    assert view.crop.left() > small.left()
    assert view.crop.width() == pytest.approx(small.width())
    _key(view, Qt.Key.Key_Left, shift=True)
    assert view.crop.width() < small.width()
    _key(view, Qt.Key.Key_Plus)
    _key(view, Qt.Key.Key_Escape)

    assert geometry.is_whole(view.crop)
    assert len(chosen) == 5


def test_drag_creates_moves_and_resizes_a_crop(view: CropView) -> None:
    _drag(view, (104, 79), (204, 154))
    assert view.crop.left() == pytest.approx(0.25, abs=0.01)
    assert view.crop.right() == pytest.approx(0.5, abs=0.01)

    _drag(view, (150, 120), (190, 120))
    assert view.crop.left() == pytest.approx(0.35, abs=0.01)
    assert view.crop.width() == pytest.approx(0.25, abs=0.01)

    _drag(view, (244, 154), (304, 229))
    assert view.crop.left() == pytest.approx(0.35, abs=0.01)
    assert view.crop.right() == pytest.approx(0.75, abs=0.02)
    assert view.crop.bottom() == pytest.approx(0.75, abs=0.02)


def test_click_alone_does_not_crop(view: CropView) -> None:
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))

    assert geometry.is_whole(view.crop)


def test_arrow_on_the_whole_picture_starts_with_its_center(view: CropView) -> None:
    _key(view, Qt.Key.Key_Down)

    assert view.crop.width() == pytest.approx(0.75)
    assert view.crop.top() > 0.125


def test_crop_is_described_to_assistive_technology(view: CropView) -> None:
    assert view.accessibleDescription() == "The whole picture is classified."

    view.choose_crop(QRectF(0.25, 0.5, 0.5, 0.25))

    assert "50 by 25 percent" in view.accessibleDescription()


def test_double_click_resets_the_crop(view: CropView) -> None:
    view.choose_crop(QRectF(0.25, 0.5, 0.5, 0.25))

    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))

    assert geometry.is_whole(view.crop)


def test_another_picture_is_shown_uncropped(view: CropView) -> None:
    view.choose_crop(QRectF(0.25, 0.5, 0.5, 0.25))

    view.show_image(QImage(10, 10, QImage.Format.Format_RGB32))

    assert geometry.is_whole(view.crop)


def test_outside_of_the_crop_is_dimmed(view: CropView) -> None:
    view.choose_crop(QRectF(0.5, 0.0, 0.5, 1.0))

    pixels = view.grab().toImage()

    assert pixels.pixelColor(300, 150) == QColor("red")
    assert pixels.pixelColor(100, 150) != QColor("red")


def test_spanned_stays_inside() -> None:
    crop = geometry.spanned(QPointF(0.5, 0.5), QPointF(7, -3))

    assert (crop.left(), crop.top(), crop.right(), crop.bottom()) == (0.5, 0.0, 1.0, 0.5)


def test_spanned_square_is_square_on_the_screen() -> None:
    crop = geometry.spanned(QPointF(0.1, 0.1), QPointF(0.3, 0.2), square=2.0)

    assert crop.width() * 2.0 == pytest.approx(crop.height())


@pytest.mark.parametrize("factor", [0.0001, 0.5, 1.0, 3.0, 1e9])
def test_scaled_stays_inside(factor: float) -> None:
    crop = geometry.scaled(QRectF(0.7, 0.1, 0.3, 0.3), factor)

    assert QRectF(-1e-9, -1e-9, 1 + 2e-9, 1 + 2e-9).contains(crop)
    assert crop.width() >= geometry.SMALLEST * 0.999


def test_an_edge_is_pulled_alone(view: CropView) -> None:
    view.choose_crop(QRectF(0.25, 0.25, 0.5, 0.5))

    _drag(view, (304, 154), (344, 234))

    assert view.crop.right() == pytest.approx(0.85, abs=0.01)
    assert (view.crop.left(), view.crop.top(), view.crop.bottom()) == (0.25, 0.25, 0.75)


@pytest.mark.parametrize("edge", geometry.EDGES)
def test_a_pulled_edge_stays_inside_and_never_passes_the_other(edge: tuple[int, int]) -> None:
    for point in (QPointF(-1, -1), QPointF(2, 2)):
        crop = geometry.pulled(QRectF(0.25, 0.25, 0.5, 0.5), edge, point)

        assert QRectF(0, 0, 1, 1).contains(crop)
        assert min(crop.width(), crop.height()) >= geometry.SMALLEST * 0.999


def test_a_tiny_picture_is_enlarged_four_times_at_most(view: CropView) -> None:
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    view.show_image(image)

    pixels = view.grab().toImage()

    reds = [x for x in range(pixels.width()) if pixels.pixelColor(x, 154) == QColor("red")]
    assert len(reds) == 80


def test_the_size_of_the_crop_is_that_in_the_original(view: CropView) -> None:
    plain = view.grab().toImage()
    view.choose_crop(QRectF(0.1, 0.1, 0.8, 0.8))
    assert view.grab().toImage() != plain
    labels = []
    for width in (400, 8000):
        view.show_image(view._image, QSize(width, 300))
        view.choose_crop(QRectF(0.1, 0.1, 0.8, 0.8))
        labels.append(view.grab(QRect(44, 34, 120, 40)).toImage())
    assert labels[0] != labels[1]
