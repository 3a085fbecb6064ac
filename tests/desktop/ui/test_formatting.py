from datetime import datetime

import pytest

from cifar_desktop.ui import formatting


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (-3, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (490, "8 min 10 s"),
        (1800.4, "30 min"),
        (1861, "31 min"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
    ],
)
def test_span(seconds: float, words: str) -> None:
    assert formatting.span(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "a few seconds"),
        (32, "about 30 s"),
        (57, "about 1 min"),
        (120, "about 2 min"),
        (510, "about 8.5 min"),
        (1500, "about 25 min"),
        (7200, "about 2 h"),
        (9000, "about 2.5 h"),
    ],
)
def test_estimates_are_rounded(seconds: float, words: str) -> None:
    assert formatting.roughly(seconds) == words


def test_memory() -> None:
    assert formatting.memory(None, 8_000_000_000) == formatting.NOTHING
    assert formatting.memory(1_234_000_000) == "1.2 GB"
    assert formatting.memory(1_234_000_000, 25_300_000_000) == "1.2 of 25.3 GB"
    assert formatting.memory(1_000_000_000, 141_000_000_000) == "1.0 of 141 GB"


def test_figures() -> None:
    assert formatting.share(None) == formatting.NOTHING
    assert formatting.share(0.93664) == "93.66 %"
    assert formatting.rate(0.24) == "0.24"
    assert formatting.rate(0.000123456) == "0.000123"
    assert formatting.speed(851.6) == "852 images/s"
    assert formatting.speed(23_456.7) == "23,457 images/s"
    assert formatting.speed(3.21) == "3.2 images/s"
    assert formatting.amount(0) == "1 kB"
    assert formatting.amount(12_340_000) == "12.3 MB"
    assert formatting.amount(2_340_000_000) == "2.3 GB"
    assert formatting.moment(datetime(2026, 1, 2, 3, 4)) == "2026-01-02 03:04"  # noqa: DTZ001
