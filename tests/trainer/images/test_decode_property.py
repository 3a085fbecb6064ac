"""For any bytes, the decoder returns a picture or raises `ImageError`, in bounded time."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.trainer.drawings import samples
from trainer.errors import ImageError
from trainer.images.decode import decode_image
from trainer.images.readers.opened import MAX_LONG_SIDE

PATIENCE = 10.0
"""Seconds; the slowest of hundreds of thousands of tries took less than half a second."""

damage = st.lists(
    st.tuples(
        st.sampled_from(["set", "cut", "drop", "length"]),
        st.integers(0, 1 << 16),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=6,
)
derandomised = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def apply(data: bytes, changes: list[tuple[str, int, int]]) -> bytes:
    work = bytearray(data)
    for what, place, value in changes:
        at = place % max(1, len(work))
        match what:
            case "set":
                work[at : at + 1] = bytes([value])
            case "cut":
                del work[max(1, at) :]
            case "drop":
                del work[at : at + value % 9 + 1]
            case "length":
                work[at : at + 4] = bytes([value]) * 4
    return bytes(work)


def expect_picture_or_error(data: bytes) -> None:
    start = time.monotonic()
    try:
        decoded = decode_image(data)
    except ImageError:
        pass
    else:
        assert decoded.image.mode == "RGB"
        assert 0 < max(decoded.image.size) <= MAX_LONG_SIDE
    assert time.monotonic() - start < PATIENCE


@pytest.mark.parametrize("name", sorted(samples()))
@derandomised
@given(changes=damage)
def test_a_damaged_file_is_a_picture_or_an_error(
    name: str, changes: list[tuple[str, int, int]]
) -> None:
    expect_picture_or_error(apply(samples()[name], changes))


@pytest.mark.parametrize("name", sorted(samples()))
def test_a_file_cut_anywhere_is_a_picture_or_an_error(name: str) -> None:
    data = samples()[name]
    for end in range(0, len(data), max(1, len(data) // 50)):
        expect_picture_or_error(data[:end])


@derandomised
@given(st.binary(max_size=200))
def test_any_bytes_are_a_picture_or_an_error(data: bytes) -> None:
    expect_picture_or_error(data)
