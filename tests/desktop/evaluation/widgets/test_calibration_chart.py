"""The reliability diagram: its texts and its pixels."""

from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QAccessible, QColor, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.common import color_scheme
from cifar_desktop.evaluation.widgets.calibration_chart import (
    HELP,
    CalibrationBar,
    CalibrationChart,
)
from cifar_desktop.evaluation.widgets.calibration_painting import PALE, legend_colors
from cifar_desktop.ui.chart_palette import chart_palette
from tests.desktop.vectors import SVG, vectors

BINS = (
    CalibrationBar(low=0.0, high=0.25, count=0, confidence=0.0, accuracy=0.0),
    CalibrationBar(low=0.25, high=0.5, count=100, confidence=0.4, accuracy=0.2),
    CalibrationBar(low=0.5, high=0.75, count=300, confidence=0.6, accuracy=0.6),
    CalibrationBar(low=0.75, high=1.0, count=600, confidence=0.8, accuracy=0.95),
)
ECE = 0.11


@pytest.fixture
def chart(qtbot: QtBot) -> Iterator[CalibrationChart]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    chart = CalibrationChart(window)
    chart.resize(600, 500)
    chart.show_bins(BINS, ECE)
    window.show()
    qtbot.waitExposed(window)
    yield chart
    QToolTip.hideText()
    window.close()


def pixels(chart: CalibrationChart) -> QImage:
    return chart.grab().toImage()


def color(chart: CalibrationChart, each: CalibrationBar, share: float) -> QColor:
    """The color of a bin's column at an accuracy, away from the diagonal."""
    x = chart.chart_layout.x(each.low + 0.1 * (each.high - each.low))
    return pixels(chart).pixelColor(round(x), round(chart.chart_layout.y(share)))


def middle(chart: CalibrationChart, each: CalibrationBar) -> QPoint:
    return chart.chart_layout.column(each).center().toPoint()


def test_summary_gives_error_and_direction(chart: CalibrationChart) -> None:
    assert chart.summary == "Calibration error 11.0 points, mostly underconfident"
    assert chart.accessibleDescription() == f"{chart.summary}; 1,000 predictions."

    chart.show_bins([replace(each, accuracy=each.confidence - 0.05) for each in BINS], 0.05)
    assert chart.summary == "Calibration error 5.0 points, mostly overconfident"

    chart.show_bins([replace(each, accuracy=each.confidence) for each in BINS], 0.0)
    assert chart.summary == "Calibration error 0 points"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bars_show_accuracy_and_the_gap_to_confidence(
    chart: CalibrationChart, scheme: str, scheme_reset: None
) -> None:
    color_scheme.apply(scheme)
    colors = chart_palette(chart.palette())
    accuracy, over, under = legend_colors(colors)
    _none, low, fitting, high = BINS
    assert color(chart, low, 0.1) == accuracy
    assert color(chart, low, 0.38) == over
    assert color(chart, low, 0.43) == colors.ground
    assert color(chart, fitting, 0.57) == accuracy
    assert color(chart, fitting, 0.64) == colors.ground
    assert color(chart, high, 0.7) == accuracy
    assert color(chart, high, 0.9) == under
    assert color(chart, high, 0.97) == colors.ground


def test_histogram_counts_the_predictions(chart: CalibrationChart) -> None:
    picture, area = pixels(chart), chart.chart_layout.histogram
    grounds = {}
    for each in BINS:
        x = round(chart.chart_layout.x((each.low + each.high) / 2))
        column = [picture.pixelColor(x, y) for y in range(round(area.top()), round(area.bottom()))]
        grounds[each.low] = sum(each != chart_palette(chart.palette()).ground for each in column)
    tallest = grounds[0.75]
    assert grounds[0.0] == 0
    assert tallest == pytest.approx(area.height(), abs=2)
    assert grounds[0.5] == pytest.approx(tallest / 2, abs=2)
    assert grounds[0.25] == pytest.approx(tallest / 6, abs=2)


def test_bin_with_few_predictions_is_pale_and_says_so(chart: CalibrationChart) -> None:
    before = color(chart, BINS[1], 0.1)
    few = replace(BINS[1], count=3)
    chart.show_bins((BINS[0], few, *BINS[2:]), ECE)
    assert color(chart, few, 0.1) != before
    assert few.sentence() == (
        "Confidence 25\N{EN DASH}50 %: 3 predictions, accuracy 20.0 %, mean confidence 40.0 %; "
        "too few to be reliable"
    )
    assert BINS[0].sentence() == "Confidence 0\N{EN DASH}25 %: no predictions"


def test_keys_read_the_bars_aloud(chart: CalibrationChart, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: said.append(event.message())
    )
    read: list[int] = []
    chart.read.connect(read.append)
    keys = Qt.Key

    for key in (keys.Key_Right, keys.Key_Right, keys.Key_End, keys.Key_Home, keys.Key_Left):
        QTest.keyClick(chart, key)

    assert read == [1, 2, 3, 1]
    assert said[0] == (
        "Confidence 25\N{EN DASH}50 %: 100 predictions, accuracy 20.0 %, mean confidence 40.0 %"
    )
    assert said[-1] == said[0] == chart.accessibleDescription()

    QTest.keyClick(chart, keys.Key_Escape)
    assert read[-1] == -1
    assert chart.accessibleDescription().startswith("Calibration error")


def test_the_pointer_reads_the_bar_below_it(chart: CalibrationChart) -> None:
    before = pixels(chart)
    QTest.mouseMove(chart, middle(chart, BINS[2]))
    assert chart.reading == BINS[2].sentence()
    assert pixels(chart) != before

    QApplication.sendEvent(chart, QEvent(QEvent.Type.Leave))
    assert chart.reading == ""
    assert pixels(chart) == before


# Qt's drawing into memory has no windows to raise.
@pytest.mark.qt_log_ignore(r"raise\(\)")
def test_tooltips_explain_bars_and_chart(chart: CalibrationChart) -> None:
    for place, words in ((middle(chart, BINS[3]), BINS[3].sentence()), (QPoint(3, 3), HELP)):
        event = QHelpEvent(QEvent.Type.ToolTip, place, chart.mapToGlobal(place))
        QApplication.sendEvent(chart, event)
        assert QToolTip.text() == words


def test_without_predictions_it_says_so(chart: CalibrationChart) -> None:
    QTest.keyClick(chart, Qt.Key.Key_Right)
    for bins in ((), (BINS[0],)):
        chart.show_bins(bins, 0.0)
        assert chart.summary == "No predictions yet"
        assert chart.reading == ""
        assert chart.accessibleDescription().startswith("No predictions yet")
        QTest.keyClick(chart, Qt.Key.Key_Right)
        assert not pixels(chart).isNull()


@pytest.mark.parametrize("size", [(240, 192), (300, 230), (700, 500), (1600, 400), (400, 1200)])
def test_the_parts_stay_inside_the_card(chart: CalibrationChart, size: tuple[int, int]) -> None:
    chart.resize(*size)
    layout, card = chart.chart_layout, QRectF(chart.rect())
    assert card.contains(layout.diagram)
    assert card.contains(layout.histogram)
    assert layout.histogram.top() > layout.diagram.bottom()
    assert layout.diagram.height() > 20


def drawn(chart: CalibrationChart) -> ET.Element:
    """A vector picture of the chart."""
    whole = chart.unscrolled()
    root = vectors(whole)
    whole.deleteLater()
    return root


def words(root: ET.Element) -> set[str]:
    return {"".join(each.itertext()).strip() for each in root.iter(f"{SVG}text")}


def test_pale_bars_are_explained_where_there_are_some(chart: CalibrationChart) -> None:
    assert PALE not in words(drawn(chart))
    chart.show_bins((BINS[0], replace(BINS[1], count=3), *BINS[2:]), ECE)
    chart.resize(700, 500)
    assert PALE in words(drawn(chart))

    chart.resize(260, 300)

    assert PALE not in words(drawn(chart))
    assert "Underconfident" in words(drawn(chart))


def test_as_a_vector_picture_it_has_words_and_bars(chart: CalibrationChart) -> None:
    QTest.keyClick(chart, Qt.Key.Key_Right)
    root = drawn(chart)
    texts = words(root)
    assert not list(root.iter(f"{SVG}image"))
    assert {"Calibration", chart.summary, "600", "Overconfident", "Confidence"} <= texts
    assert chart.reading
    assert chart.reading not in texts
