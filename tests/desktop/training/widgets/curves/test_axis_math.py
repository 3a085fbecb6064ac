import numpy as np
import pytest

from cifar_desktop.training.widgets.curves.axis_math import (
    Viewport,
    clamped,
    downsampled,
    follow_end,
    isolated,
    log_ticks,
    padded,
    scaled,
    ticks,
    value_range,
)
from cifar_desktop.training.widgets.curves.run_curves import nearest, value_at
from cifar_desktop.training.widgets.curves.smoothing import Smoother

_NAN = float("nan")


def _slow_average(values: list[float], weight: float) -> list[float]:
    average = total = 0.0
    result = []
    for value in values:
        average, total = weight * average + (1 - weight) * value, weight * total + (1 - weight)
        result.append(average / total)
    return result


@pytest.mark.parametrize("weight", [0.3, 0.9, 0.999])
def test_smoothing_is_the_debiased_moving_average(weight: float) -> None:
    values = np.random.default_rng(1).normal(size=777)

    smoothed = Smoother().smooth(values, weight)

    assert smoothed == pytest.approx(_slow_average(values.tolist(), weight))


def test_line_that_grows_is_smoothed_as_if_it_came_at_once() -> None:
    values = np.random.default_rng(2).normal(size=500)
    values[[0, 7, 130]] = _NAN
    smoother = Smoother()

    for end in (1, 120, 131, 500):
        grown = smoother.smooth(values[:end], 0.9)

    np.testing.assert_allclose(grown, Smoother().smooth(values, 0.9))
    assert np.flatnonzero(np.isnan(grown)).tolist() == [0, 7, 130]


def test_smoother_notices_another_line_and_another_weight() -> None:
    first, second = np.arange(10.0), np.arange(20.0)[::-1].copy()
    smoother = Smoother()
    smoother.smooth(first, 0.5)

    np.testing.assert_allclose(smoother.smooth(second, 0.5), Smoother().smooth(second, 0.5))
    np.testing.assert_allclose(smoother.smooth(second, 0.8), Smoother().smooth(second, 0.8))
    assert smoother.smooth(second, 0.0) is second


def test_downsampled_line_keeps_every_peak() -> None:
    x = np.linspace(0, 10, 100_000)
    y = np.sin(x)
    y[4321], y[98_765] = 50, -50

    thin_x, thin_y = downsampled(x, y, Viewport(start=0, end=10, columns=400))

    assert len(thin_x) == len(thin_y) <= 2 * 402
    assert (thin_y.max(), thin_y.min()) == (50, -50)
    assert np.all(np.diff(thin_x) >= 0)


def test_downsampled_line_does_not_change_where_it_does_not_grow() -> None:
    x = np.linspace(0, 9, 50_000)
    y = np.random.default_rng(3).normal(size=50_000)
    window = Viewport(start=0, end=10, columns=300)

    _x, before = downsampled(x[:40_000], y[:40_000], window)
    _x, after = downsampled(x, y, window)

    np.testing.assert_array_equal(after[: len(before) - 2], before[:-2])


def test_gaps_survive_downsampling_and_break_nothing() -> None:
    x, y = np.linspace(0, 10, 10_000), np.ones(10_000)
    y[2000:4000] = _NAN

    _x, thin = downsampled(x, y, Viewport(start=0, end=10, columns=100))

    assert np.isnan(thin).any()
    assert np.nanmax(thin) == 1
    downsampled(np.full(5000, _NAN), y[:5000], Viewport(start=0, end=1, columns=10))


def test_what_has_no_logarithm_is_a_gap() -> None:
    drawn = scaled(np.array([0.0, -1.0, 100.0, np.inf, _NAN]), log=True)

    assert drawn[2] == 2
    assert np.isnan(drawn[[0, 1, 3, 4]]).all()


def test_points_without_neighbours_are_found() -> None:
    y = np.array([1.0, _NAN, 1.0, 1.0, _NAN, 1.0])

    assert isolated(y).tolist() == [True, False, False, False, False, True]
    assert isolated(np.array([1.0])).tolist() == [True]


def test_huge_first_loss_does_not_flatten_the_rest() -> None:
    losses = np.concatenate(([300.0, 40.0], np.linspace(2.3, 0.4, 190)))

    low, high = value_range(losses, ignore_outliers=True) or (0, 0)

    assert low == pytest.approx(0.4)
    assert 2 < high < 3
    assert value_range(losses, ignore_outliers=False) == (low, 300.0)


def test_ordinary_loss_is_shown_whole() -> None:
    losses = 0.45 + 1.65 * np.exp(-np.linspace(0, 5, 192))

    assert value_range(losses, ignore_outliers=True) == (losses.min(), losses.max())


@pytest.mark.parametrize("values", [[], [_NAN], [_NAN, _NAN]])
def test_nothing_has_no_range(values: list[float]) -> None:
    assert value_range(np.array(values), ignore_outliers=True) is None


def test_single_value_gets_room() -> None:
    for value in (0.0, 2.1, -3.0, 1e-9):
        low, high = padded(value, value)
        assert low < value < high


@pytest.mark.parametrize(
    ("reached", "end"), [(0.0, 0.25), (0.9, 1), (1.0, 1), (1.1, 2), (4.1, 8), (8, 8), (9, 9)]
)
def test_axis_follows_in_a_few_steps(reached: float, end: float) -> None:
    assert follow_end(reached, 8) == end


def test_span_stays_within_the_run() -> None:
    assert clamped((-2, 2), (0, 8)) == (0, 4)
    assert clamped((7, 9), (0, 8)) == (6, 8)
    assert clamped((-9, 99), (0, 8)) == (0, 8)
    start, end = clamped((3, 3), (0, 8))
    assert 0 < end - start < 0.001


def test_ticks_are_round_and_few() -> None:
    assert ticks(0, 8.1, 4) == [0, 2, 4, 6, 8]
    assert ticks(0.41, 2.13, 4) == [0.5, 1, 1.5, 2]
    assert log_ticks(-2, 1, 6) == [0.01, 0.1, 1, 10]
    assert len(log_ticks(-30, 30, 6)) <= 6
    assert 2 <= len(log_ticks(np.log10(0.81), np.log10(0.89), 6)) <= 9


def test_value_is_that_of_the_closest_point() -> None:
    x, y = np.array([1.0, 2.0, 3.0]), np.array([10.0, _NAN, 30.0])

    assert value_at(x, y, 1.2) == 10
    assert value_at(x, y, 2.1) is None
    assert value_at(x, y, 9.0) is None
    assert nearest(np.empty(0), 1.0) is None
