"""JSON to typed objects, every value checked; for events, configs, model cards and reports."""

import json
from typing import TypeVar

import msgspec

T = TypeVar("T")


def decode_json(document: bytes | str, kind: type[T]) -> T:
    """Decode a document into a type that msgspec knows, such as a `msgspec.Struct`.

    No value is coerced: `"1"`, `true` and `1.5` are not integers. Extensions that `json.dumps`
    writes are accepted: NaN, infinities, and lone surrogates, which stand for bytes of file names
    that are not UTF-8.

    Raises:
        ValueError: If it is not JSON or does not match the type; says which value and why.
    """
    try:
        return _decode(document, kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _decode(document: bytes | str, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(document, type=kind)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeEncodeError):  # perhaps one of the extensions
        text = document.decode() if isinstance(document, bytes) else document
    return msgspec.convert(json.loads(text), kind)
