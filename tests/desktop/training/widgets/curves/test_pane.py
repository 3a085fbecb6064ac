import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.common import color_scheme
from cifar_desktop.look.colors import readable
from cifar_desktop.training.widgets.curves.metric_chart import MetricChart
from cifar_desktop.training.widgets.curves.pane import NO_POINTS, NO_RUN, CurvesPane, RunCurves
from cifar_desktop.ui.chart_palette import chart_palette

_MOMENT = 1000


def _run(points: int = 192, *, part: float = 1.0, name: str = "Sprint", seed: int = 0) -> RunCurves:
    """A plausible run of eight epochs, or the first part of it."""
    noise = np.random.default_rng(seed).normal(scale=0.03, size=points)
    x = np.arange(1, points + 1) * 8 / points
    loss = 0.45 + 1.65 * np.exp(-x / 2) + noise
    ends = np.arange(1.0, int(8 * part) + 1)
    at_ends = 0.5 + 1.65 * np.exp(-ends / 2)
    shown = slice(int(points * part))
    return RunCurves(
        name=name,
        epochs=8,
        x=x[shown],
        loss=loss[shown],
        accuracy=1 - loss[shown] / 3,
        rate=0.01 * (1 - x[shown] / 8),
        epoch_x=ends,
        train_loss=at_ends,
        train_accuracy=1 - at_ends / 3,
        validation_loss=at_ends + 0.1,
        validation_accuracy=0.97 - at_ends / 3,
    )


@pytest.fixture
def pane(qtbot: QtBot) -> Iterator[CurvesPane]:
    # A top-level pane would report its minimum size to the platform, which warns about it here.
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1200, 800)
    pane = CurvesPane(window)
    pane.resize(1000, 500)
    window.show()
    qtbot.waitExposed(window)
    yield pane
    window.close()


@pytest.fixture
def loss(pane: CurvesPane, qtbot: QtBot) -> MetricChart:
    """The chart of the loss of a run that is under way."""
    pane.show_run(_run(part=0.6))
    chart = pane.charts.charts["loss"]
    qtbot.waitUntil(lambda: chart.plot.width() > 200)
    return chart


def _pixels(chart: MetricChart) -> QImage:
    return chart.grab().toImage()


def _count(image: QImage, color: QColor) -> int:
    """How many pixels have about a color."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(-1, 4)[:, :3].astype(int)
    wanted = color.blue(), color.green(), color.red()
    return int((abs(pixels - wanted).max(axis=1) < 12).sum())


def _has_scheme(chart: MetricChart, scheme: str) -> bool:
    return (chart.colors.ground.lightness() < 128) == (scheme == "dark")


def _turn_wheel(chart: MetricChart, at: QPointF, *, ctrl: bool = False, notches: int = 1) -> None:
    modifiers = Qt.KeyboardModifier
    event = QWheelEvent(
        at,
        QPointF(chart.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers.ControlModifier if ctrl else modifiers.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 - Qt's signature
    )
    QApplication.sendEvent(chart, event)


def _drag(chart: MetricChart, by: QPoint) -> None:
    start = chart.plot.center().toPoint()
    QTest.mousePress(chart, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(chart, start + by / 2)
    QTest.mouseMove(chart, start + by)
    QTest.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=start + by)


def test_empty_pane_says_what_to_do(pane: CurvesPane) -> None:
    assert pane.empty.isVisible()
    assert pane.empty.text() == NO_RUN
    assert not pane.charts.isVisible()

    pane.show_run(_run(part=0))
    assert pane.empty.text() == NO_POINTS

    pane.show_run(_run())
    assert not pane.empty.isVisible()
    assert all(pane.charts.charts[key].tune.isVisible() for key in ("loss", "accuracy"))

    pane.show_run(None)
    assert pane.empty.isVisible()


def test_both_lines_are_drawn_in_their_colors(loss: MetricChart) -> None:
    pixels, colors = _pixels(loss), chart_palette(loss.palette())

    assert _count(pixels, colors.training) > 100
    assert _count(pixels, colors.validation) > 100
    assert _count(pixels, colors.ground) > 10_000


def test_single_point_is_visible(pane: CurvesPane) -> None:
    pane.show_run(_run(part=1 / 192))

    for chart in pane.charts.charts.values():
        assert _count(_pixels(chart), chart_palette(chart.palette()).training) > 5


def test_values_that_are_not_finite_are_gaps(pane: CurvesPane) -> None:
    run = _run()
    broken = run.loss.copy()
    broken[50:60], broken[70], broken[71] = np.nan, np.inf, -np.inf
    nothing = np.full(len(run.x), np.nan)

    pane.show_run(replace(run, loss=broken, accuracy=nothing, rate=nothing))

    loss, accuracy, _rate = pane.charts.charts.values()
    assert loss.shown_y[1] < 3
    assert _count(_pixels(loss), chart_palette(loss.palette()).training) > 100
    assert "training" not in accuracy.accessibleDescription().lower()


def test_huge_first_loss_is_left_out_of_the_axis(pane: CurvesPane) -> None:
    run = _run()
    spiked = run.loss.copy()
    spiked[0] = 500.0

    pane.show_run(replace(run, loss=spiked))

    assert pane.charts.charts["loss"].shown_y[1] < 3


def test_charts_show_the_latest_values(pane: CurvesPane) -> None:
    run = _run(part=0.6)
    run.loss[-1], run.validation_loss[-1] = 0.5312, 0.612
    run.accuracy[-1], run.validation_accuracy[-1] = 0.81, 0.795

    pane.show_run(run)

    loss, accuracy, rate = pane.charts.charts.values()
    assert loss.accessibleName() == "Loss"
    assert loss.accessibleDescription() == "training 0.531, validation 0.612, epoch 4.8 of 8"
    assert "training 81.0 %, validation 79.5 %" in accuracy.accessibleDescription()
    assert rate.accessibleDescription().startswith("0.00")
    assert loss.legend.accessibleDescription() == "Training 0.531, Validation 0.612"
    assert rate.legend.accessibleDescription() == rate.accessibleDescription().partition(",")[0]


def test_axis_follows_the_run(pane: CurvesPane) -> None:
    chart = pane.charts.charts["loss"]

    ends = []
    for part in (0.05, 0.2, 0.4, 0.6, 1.0):
        pane.show_run(_run(part=part))
        ends.append(round(chart.span[1], 1))

    assert ends == [0.5, 2.0, 4.1, 8.1, 8.1]
    assert not pane.toolbar.follow.isEnabled()


def test_wheel_zooms_all_charts_around_the_pointer_until_followed_again(
    pane: CurvesPane, loss: MetricChart
) -> None:
    whole = loss.span
    at = QPointF(loss.plot.left() + loss.plot.width() / 4, loss.plot.center().y())

    _turn_wheel(loss, at, notches=3)

    start, end = loss.span
    assert end - start < (whole[1] - whole[0]) / 1.5
    assert (start + (end - start) / 4) == pytest.approx(whole[1] / 4, abs=0.05)
    assert {chart.span for chart in pane.charts.charts.values()} == {loss.span}

    pane.show_run(_run(part=0.7))
    assert loss.span == (start, end)

    pane.toolbar.follow.click()
    assert loss.span == whole
    assert not pane.toolbar.follow.isEnabled()


def test_height_fits_what_is_visible_or_is_chosen(loss: MetricChart) -> None:
    tall = loss.shown_y
    for _ in range(6):
        _turn_wheel(loss, loss.plot.center())
    fitting = loss.shown_y
    assert fitting[1] < tall[1]

    _turn_wheel(loss, loss.plot.center(), ctrl=True)
    assert loss.shown_y[1] - loss.shown_y[0] < fitting[1] - fitting[0]

    QTest.mouseDClick(loss, Qt.MouseButton.LeftButton, pos=loss.plot.center().toPoint())
    assert loss.shown_y == tall


def test_drag_pans_along_the_epochs_and_vertically_beyond_a_dead_zone(loss: MetricChart) -> None:
    for _ in range(4):
        _turn_wheel(loss, loss.plot.center())
    start, end = loss.span

    _drag(loss, QPoint(-50, 4))

    assert loss.span[0] > start
    assert loss.span[1] - loss.span[0] == pytest.approx(end - start)
    high = loss.shown_y[1]
    _drag(loss, QPoint(0, 80))
    assert loss.shown_y[1] > high


def test_keys_zoom_move_and_follow(pane: CurvesPane, loss: MetricChart) -> None:
    whole = loss.span

    QTest.keyClick(loss, Qt.Key.Key_Plus)
    near = loss.span
    assert near[1] - near[0] < whole[1]
    QTest.keyClick(loss, Qt.Key.Key_Right)
    assert loss.span[0] > near[0]
    QTest.keyClick(loss, Qt.Key.Key_Left)
    assert loss.span == pytest.approx(near)
    shown = loss.shown_y
    QTest.keyClick(loss, Qt.Key.Key_Up)
    assert loss.shown_y[0] > shown[0]
    QTest.keyClick(loss, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(loss, Qt.Key.Key_Minus)
    assert pane.toolbar.follow.isEnabled()
    QTest.keyClick(loss, Qt.Key.Key_Home)

    assert loss.span == whole
    assert not pane.toolbar.follow.isEnabled()


def test_view_stays_within_the_run(loss: MetricChart) -> None:
    for _ in range(60):
        QTest.keyClick(loss, Qt.Key.Key_Minus)
    assert loss.span == pytest.approx((0, 8), abs=0.2)

    for _ in range(100):
        QTest.keyClick(loss, Qt.Key.Key_Plus)
    start, end = loss.span
    assert 0 < start < end < 8


def test_another_run_is_followed_again(pane: CurvesPane, loss: MetricChart) -> None:
    QTest.keyClick(loss, Qt.Key.Key_Plus)
    assert pane.toolbar.follow.isEnabled()

    pane.show_run(_run(part=0.9, name="Renamed"))
    assert pane.toolbar.follow.isEnabled()

    pane.show_run(_run(seed=1))
    assert not pane.toolbar.follow.isEnabled()


def test_compared_run_that_is_longer_is_shown_to_its_end(pane: CurvesPane, qtbot: QtBot) -> None:
    long = _run(seed=3, name="A long one")
    pane.show_run(replace(_run(part=0.25), epochs=2))
    chart = pane.charts.charts["loss"]
    qtbot.waitUntil(lambda: chart.plot.width() > 200)
    assert chart.span[1] < 3

    pane.show_others([long])

    assert chart.span[1] >= 8
    color = chart_palette(chart.palette()).other(0)
    right = chart.plot.toRect().adjusted(int(chart.plot.width() * 0.6), 0, 0, 0)
    assert _count(_pixels(chart).copy(right), color) > 10


def test_pointer_shows_the_values_in_all_charts(pane: CurvesPane, loss: MetricChart) -> None:
    pane.show_others([_run(name="An earlier one", seed=2)])
    at = loss.plot.center().toPoint()
    QTest.mouseMove(loss, at - QPoint(20, 0))  # A pointer that is there already sends no event.

    QTest.mouseMove(loss, at)

    assert all(chart.has_cursor for chart in pane.charts.charts.values())
    assert pane.charts.readout.isVisible()
    labels = [row.name + row.detail for row in pane.charts.readout._rows]
    assert labels[1] == "Training"
    assert "An earlier one, validation" in labels
    assert labels[-1] == "Learning rate"

    QApplication.sendEvent(loss, QEvent(QEvent.Type.Leave))
    assert not pane.charts.readout.isVisible()
    assert not loss.has_cursor


def test_chart_under_the_cursor_is_redrawn_when_the_run_goes_on(
    pane: CurvesPane, loss: MetricChart
) -> None:
    at, color = loss.plot.center().toPoint(), chart_palette(loss.palette()).training
    QTest.mouseMove(loss, at - QPoint(20, 0))  # A pointer that is there already sends no event.
    before = _pixels(loss)

    pane.show_run(_run(part=0.9))

    assert loss.has_cursor
    after = _pixels(loss)
    assert _count(after, color) > 1.2 * _count(before, color)
    QTest.mouseMove(loss, at + QPoint(40, 0))
    assert _pixels(loss) != after


def test_keys_announce_the_values(
    pane: CurvesPane, loss: MetricChart, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: said.append(event.message())
    )
    ctrl = Qt.KeyboardModifier.ControlModifier

    QTest.keyClick(loss, Qt.Key.Key_Left, ctrl)
    QTest.keyClick(loss, Qt.Key.Key_Left, ctrl)

    run = _run(part=0.6)
    assert said[0].startswith(f"Epoch {run.x[-1]:.2f}; Training loss {run.loss[-1]:.3f}")
    assert said[1].startswith(f"Epoch {run.x[-2]:.2f}; ")
    assert "Validation, epoch 4 loss" in said[0]
    assert pane.charts.readout.isVisible()

    QTest.keyClick(loss, Qt.Key.Key_Escape)
    assert not pane.charts.readout.isVisible()


def test_log_scale_shows_decades_and_leaves_out_zeros(pane: CurvesPane, loss: MetricChart) -> None:
    run = _run()
    run.loss[20], run.loss[21] = 0.0, -1.0

    pane.show_run(run)
    pane.toolbar.log.click()

    low, high = loss.shown_y
    assert low == pytest.approx(np.log10(0.4), abs=0.15)
    assert high == pytest.approx(np.log10(2.1), abs=0.15)
    assert pane.charts.charts["accuracy"].shown_y[1] > 50
    QTest.mouseMove(loss, loss.plot.center().toPoint())
    assert _count(_pixels(loss), chart_palette(loss.palette()).training) > 100


def test_smoothing_leaves_the_raw_line_and_the_epochs(pane: CurvesPane, loss: MetricChart) -> None:
    assert pane.toolbar.amount.text() == "0.9"
    assert len(loss._lines) == 3
    pane.toolbar.smoothing.setValue(0)
    assert len(loss._lines) == 2

    pane.toolbar.smoothing.setValue(40)

    raw, calm, validation = loss._lines
    assert np.array_equal(raw.y, _run(part=0.6).loss)
    assert np.ptp(np.diff(calm.y)) < np.ptp(np.diff(raw.y)) / 3
    assert np.array_equal(validation.y, _run(part=0.6).validation_loss)
    assert pane.toolbar.amount.text() == "0.99"


def test_earlier_runs_are_drawn_and_in_the_legend(pane: CurvesPane, loss: MetricChart) -> None:
    hue = chart_palette(loss.palette()).other(0)
    assert _count(_pixels(loss), hue) == 0

    other = _run(seed=3, name="A long name " * 10)
    pane.show_others([replace(other, validation_loss=other.validation_loss + 0.4)])

    assert _count(_pixels(loss), hue) > 50
    description = loss.legend.accessibleDescription()
    assert re.match(r"Training \d.+, Validation \d.+, A long name", description)
    pane.show_others([])
    assert _count(_pixels(loss), hue) == 0


def test_other_palette_recolors_the_charts(
    pane: CurvesPane, loss: MetricChart, qtbot: QtBot, scheme_reset: None
) -> None:
    for scheme in ("dark", "light"):
        color_scheme.apply(scheme)
        qtbot.waitUntil(partial(_has_scheme, loss, scheme))
        colors, pixels = chart_palette(pane.palette()), _pixels(loss)
        assert _count(pixels, colors.ground) > 10_000
        assert _count(pixels, colors.training) > 100


def test_hidden_pane_catches_up_when_shown(pane: CurvesPane, loss: MetricChart) -> None:
    pane.hide()
    lines = loss._lines

    pane.show_run(_run(part=0.8))
    assert loss._lines is lines

    pane.show()
    assert "epoch 6.4 of 8" in loss.accessibleDescription()


def test_charts_are_arranged_to_fit(pane: CurvesPane, loss: MetricChart, qtbot: QtBot) -> None:
    accuracy = pane.charts.charts["accuracy"]
    assert accuracy.y() == loss.y()
    assert accuracy.x() > loss.x()

    pane.resize(700, 700)

    qtbot.waitUntil(lambda: accuracy.y() > loss.y())
    assert accuracy.x() == loss.x()


@pytest.mark.parametrize("size", [(480, 320), (560, 300)])
def test_small_pane_shows_all_charts(
    pane: CurvesPane, loss: MetricChart, qtbot: QtBot, size: tuple[int, int]
) -> None:
    pane.show_others([_run(name="A long name " * 5, seed=seed) for seed in range(5)])
    pane.resize(*size)

    qtbot.waitUntil(lambda: pane.charts.width() <= size[0])
    assert pane.minimumSizeHint().width() <= size[0]
    pane.charts.show_rate(True)  # noqa: FBT003 (as Qt's signal has it)
    for chart in pane.charts.charts.values():
        assert chart.plot.height() > 10
        assert pane.rect().contains(chart.mapTo(pane, chart.rect().bottomRight()), proper=False)
    QTest.mouseMove(loss, loss.plot.center().toPoint())
    assert pane.charts.rect().contains(pane.charts.readout.geometry())


def test_drops_go_to_the_window(pane: CurvesPane, loss: MetricChart) -> None:
    assert not any(widget.acceptDrops() for widget in (loss, *loss.findChildren(QWidget)))


def test_every_control_has_a_name(pane: CurvesPane) -> None:
    toolbar = pane.toolbar

    assert toolbar.follow.text() == "Fo&llow"
    assert toolbar.log.accessibleName() == "Log scale"
    assert toolbar.smoothing.accessibleName() == "Smoothing"
    assert toolbar.smoothing.accessibleDescription() == "0.9"
    toolbar.smoothing.setValue(0)
    assert toolbar.smoothing.accessibleDescription() == "off"
    for chart in pane.charts.charts.values():
        assert chart.tune.accessibleName() == f"Display of the {chart.accessibleName().lower()}"
        assert chart.more.accessibleName() == f"Save the {chart.accessibleName().lower()}"


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_controls_open_below_their_button_and_keep_their_keys(
    pane: CurvesPane, loss: MetricChart, qtbot: QtBot
) -> None:
    loss.tune.click()
    qtbot.waitUntil(pane.toolbar.isVisible)
    assert pane.toolbar.smoothing.hasFocus()
    pane.toolbar.popup.close()

    QTest.keyClick(loss, Qt.Key.Key_G, Qt.KeyboardModifier.AltModifier)
    assert pane.toolbar.log.isChecked()
    QTest.keyClick(loss, Qt.Key.Key_Plus)
    QTest.keyClick(loss, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    assert not pane.toolbar.follow.isEnabled()


def test_best_epoch_is_marked(pane: CurvesPane, loss: MetricChart) -> None:
    pane.show_run(replace(_run(part=0.6), best=None))
    color = readable(loss.colors.validation, [loss.colors.ground])
    before = _count(_pixels(loss), color)

    pane.show_run(replace(_run(part=0.6), best=2.0))

    assert _count(_pixels(loss), color) > before + 20
    assert pane.charts.charts["rate"]._best is None


def test_learning_rate_is_shown_when_asked_for(
    pane: CurvesPane, loss: MetricChart, qtbot: QtBot
) -> None:
    rate = pane.charts.charts["rate"]
    qtbot.waitUntil(lambda: loss.height() > 400)
    assert not rate.isVisible()

    pane.charts.show_rate(True)  # noqa: FBT003 (as Qt's signal has it)

    assert rate.isVisible()
    pane.charts.show_rate(False)  # noqa: FBT003 (as Qt's signal has it)
    qtbot.waitUntil(lambda: loss.height() > 400)
