"""What a second start of the program asks of the window that is open already; one line of JSON.

Made and sent, received and read by `single_instance`. The two may be of different versions: this
line and its answer are all that they must agree on, and `PROTOCOL` counts its changes.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

PROTOCOL = 1
LIMIT = 1_000_000
"""So many bytes a line may have."""
_PICTURES = 100
"""So many are passed on; only the first that can be read is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequest:
    """What a start was asked for, understandable wherever the window was started.

    Attributes:
        pictures: Absolute paths and addresses; the first that can be read is to be shown.
        model: Absolute path of the network to use; empty for the one in use.
        token: With which the desktop lets a window come to the front; empty if there is none.
        expires: As `time.monotonic` counts; later nobody waits for the answer any more.
    """

    pictures: tuple[str, ...] = ()
    model: str = ""
    token: str = ""
    expires: float = 0.0


def request_from(pictures: Sequence[str], model: Path | None, expires: float) -> OpenRequest:
    """The request of a start in this folder and environment."""
    # The desktop's two ways to say the same: Wayland's first, which is also newer.
    names = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
    return OpenRequest(
        pictures=tuple(_absolute(text) for text in pictures[:_PICTURES]),
        model=os.path.abspath(model) if model is not None else "",  # noqa: PTH100 (links stay)
        token=next((value for name in names if (value := os.environ.get(name))), ""),
        expires=expires,
    )


def encode(request: OpenRequest) -> bytes:
    """The line that says it.

    Raises:
        ValueError: If it is too long.
    """
    line = json.dumps({"protocol": PROTOCOL} | asdict(request)).encode() + b"\n"
    if len(line) > LIMIT:
        raise ValueError(f"{len(line)} bytes are too many")
    return line


def decode(line: bytes) -> OpenRequest:
    """The request in a line.

    Raises:
        ValueError: If there is none of this protocol in it.
    """
    try:
        values = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(values, dict) or values.pop("protocol", None) != PROTOCOL:
        raise ValueError("another protocol")
    if values.keys() != {field.name for field in fields(OpenRequest)}:
        raise ValueError("fields are missing or unknown")
    pictures, expires = values.pop("pictures"), values.pop("expires")
    if not isinstance(pictures, list) or not isinstance(expires, (int, float)):
        raise ValueError("a field is of the wrong kind")
    if not all(isinstance(each, str) for each in [*pictures, *values.values()]):
        raise ValueError("a field is not a text")
    return OpenRequest(pictures=tuple(pictures), expires=expires, **values)


def _absolute(text: str) -> str:
    from cifar_desktop.classify.services.picture_offer import from_argument

    path = from_argument(text).path
    return text if path is None else os.path.abspath(path)  # noqa: PTH100 (links stay)
