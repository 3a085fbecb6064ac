"""Which JSON is accepted, and that everything else is a `ValueError`."""

import json
import math

import msgspec
import pytest

from trainer.files.json_decoding import decode_json


class Sample(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    count: int = 0
    ratio: float = 0.0
    names: tuple[str, ...] = ()


@pytest.mark.parametrize(
    "sample",
    [
        Sample(),
        Sample(count=2**63 - 1, ratio=1e300, names=("Zoë", "图片", "a\nb\u2028")),
        Sample(names=("\udcff",)),
        Sample(ratio=math.inf),
    ],
)
def test_what_json_dumps_writes_comes_back(sample: Sample) -> None:
    text = json.dumps(msgspec.to_builtins(sample))
    assert decode_json(text, Sample) == sample
    assert decode_json(text.encode(), Sample) == sample


def test_nan_comes_back() -> None:
    assert math.isnan(decode_json('{"ratio": NaN}', Sample).ratio)


def test_an_integer_is_a_float_but_not_the_other_way_round() -> None:
    assert type(decode_json('{"ratio": 1}', Sample).ratio) is float
    with pytest.raises(ValueError, match=r"Expected `int`, got `float` - at `\$\.count`"):
        decode_json('{"count": 1.0}', Sample)


@pytest.mark.parametrize("extension", ["", ', "ratio": NaN'])
@pytest.mark.parametrize(
    "fields",
    [
        '"count": "1"',
        '"count": true',
        '"count": null',
        '"count": 1.5',
        '"count": NaN',
        '"ratio": false',
        '"ratio": "1"',
        '"names": "abc"',
        '"names": [1]',
        '"names": {}',
        '"more": 1',
        '"count": ' + "1" * 5000,
        '"ratio": ' + "1" * 5000,
        '"names": ' + "[" * 200_000,
        '"more": ' + "[" * 200_000,
        '"names": ["\xff"]',
        '"names": [',
    ],
)
def test_anything_else_is_a_value_error(fields: str, extension: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode_json(f"{{{fields}{extension}}}".encode("latin-1"), Sample)


@pytest.mark.parametrize(
    "document", [b"", b"null", b"[]", b"\xff", b"\xed\xa0\x80", '{"count": 1}'.encode("utf-16-le")]
)
def test_anything_but_an_object_in_utf_8_is_a_value_error(document: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode_json(document, Sample)
