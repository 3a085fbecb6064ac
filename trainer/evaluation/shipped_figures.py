"""The figures of the bundled network, which the window shows before there are any images.

Written by `packaging/default_figures.py`. They name the network by a checksum of its file, so that
the figures of one are never shown for another.
"""

import hashlib
import json
from pathlib import Path

import msgspec

from trainer.errors import ReportError, TrainerError
from trainer.evaluation.report import SplitName, Summary
from trainer.evaluation.results import EvaluationMetrics
from trainer.files.atomic_write import write_atomically
from trainer.files.json_decoding import decode_json
from trainer.files.resources import resource

FILE = "default_figures.json"


class _Figures(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A file of figures.

    Attributes:
        network: SHA-256 of the network's file, in hexadecimal.
        network_bytes: Its size.
        others: Those of `Summary`.
    """

    network: str
    network_bytes: int
    subject: str
    data: str
    split: SplitName
    classes: tuple[str, ...]
    epochs: float
    date: str
    figures: EvaluationMetrics
    notes: tuple[str, ...] = ()


_SHARED = _Figures.__struct_fields__[2:]


def save_figures(path: Path, network: Path, summary: Summary) -> None:
    """Save the figures of a network.

    Args:
        path: The file to write.
        network: The network's file.
        summary: Its figures.

    Raises:
        StorageError: If it cannot be written.
    """
    values = {name: getattr(summary, name) for name in _SHARED}
    found = _Figures(network=_checksum(network), network_bytes=network.stat().st_size, **values)
    text = json.dumps(msgspec.to_builtins(found), indent=1) + "\n"
    write_atomically(path, lambda file: file.write_text(text, encoding="utf-8"))


def shipped_figures(network: Path) -> Summary | None:
    """The figures that came with the program for a network; None if there are none for it.

    Args:
        network: A network's file.

    Raises:
        ReportError: If the program's file of figures is damaged.
    """
    try:
        found = decode_json(resource(FILE).read_bytes(), _Figures)
        # Reading the whole file takes long, and is in vain for most.
        if network.stat().st_size != found.network_bytes or _checksum(network) != found.network:
            return None
    except (OSError, TrainerError):
        return None
    except ValueError as error:
        raise ReportError(f"“{FILE}” is damaged.", details=repr(error)) from error
    return Summary(**{name: getattr(found, name) for name in _SHARED})


def _checksum(network: Path) -> str:
    with network.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
