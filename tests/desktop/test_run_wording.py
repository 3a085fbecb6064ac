from datetime import datetime

import pytest

from cifar_desktop import run_wording


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
    assert run_wording.span(seconds) == words


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
def test_estimate_has_no_more_digits_than_it_deserves(seconds: float, words: str) -> None:
    assert run_wording.roughly(seconds) == words


def test_memory() -> None:
    assert run_wording.memory(None, 8_000_000_000) == run_wording.NOTHING
    assert run_wording.memory(1_234_000_000) == "1.2 GB"
    assert run_wording.memory(1_234_000_000, 25_300_000_000) == "1.2 of 25.3 GB"
    assert run_wording.memory(1_000_000_000, 141_000_000_000) == "1.0 of 141 GB"


def test_figures() -> None:
    assert run_wording.share(None) == run_wording.NOTHING
    assert run_wording.share(0.93664) == "93.66 %"
    assert run_wording.rate(0.24) == "0.24"
    assert run_wording.rate(0.000123456) == "0.000123"
    assert run_wording.speed(851.6) == "852 images/s"
    assert run_wording.speed(23_456.7) == "23,457 images/s"
    assert run_wording.speed(3.21) == "3.2 images/s"
    assert run_wording.amount(0) == "0.1 MB"
    assert run_wording.amount(12_340_000) == "12.3 MB"
    assert run_wording.amount(2_340_000_000) == "2.3 GB"
    assert run_wording.moment(datetime(2026, 1, 2, 3, 4)) == "2026-01-02 03:04"  # noqa: DTZ001
