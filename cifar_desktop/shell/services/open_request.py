"""What a second launch asks of the open window, as one line of JSON; for `single_instance`.

The two may be of different versions: this line and its answer are all that they must agree on, and
`PROTOCOL` counts the changes.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from trainer.files.json_decoding import decode_json

PROTOCOL = 2
LIMIT = 1_000_000
"""Maximum length of a line in bytes."""
_PICTURES = 100
"""Maximum number of pictures passed on; only the first readable one is shown."""


class OpenRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a launch was asked to open, independent of its working directory.

    Attributes:
        protocol: Version of the protocol.
        pictures: Absolute paths and URLs; the first readable one is to be shown.
        files: Number of pictures that the launch was asked to open; not all are passed on.
        model: Absolute path of the network to use; empty for the current one.
        token: Activation token that lets the window come to the front; empty if there is none.
        expires: Time, as of `time.monotonic`, after which nobody waits for the answer.
    """

    protocol: int
    pictures: tuple[str, ...]
    files: int
    model: str
    token: str
    expires: float


class _Header(msgspec.Struct):
    protocol: int


def request_from(pictures: Sequence[str], model: Path | None, expires: float) -> OpenRequest:
    """The request of a launch in this working directory and environment."""
    # Wayland's name for it, then the older one of X11.
    names = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
    return OpenRequest(
        protocol=PROTOCOL,
        pictures=tuple(_absolute(text) for text in pictures[:_PICTURES]),
        files=len(pictures),
        model=os.path.abspath(model) if model is not None else "",  # noqa: PTH100 (links stay)
        token=next((value for name in names if (value := os.environ.get(name))), ""),
        expires=expires,
    )


def encode(request: OpenRequest) -> bytes:
    """Encode a request as a line.

    Raises:
        ValueError: If the line is too long.
    """
    line = json.dumps(msgspec.to_builtins(request)).encode() + b"\n"
    if len(line) > LIMIT:
        raise ValueError(f"{len(line)} bytes are too many")
    return line


def decode(line: bytes) -> OpenRequest:
    """Decode a line that `encode` wrote.

    Raises:
        ValueError: If it is anything else, or of another protocol.
    """
    protocol = decode_json(line, _Header).protocol
    if protocol != PROTOCOL:
        raise ValueError(f"protocol {protocol}")
    return decode_json(line, OpenRequest)


def _absolute(text: str) -> str:
    from cifar_desktop.classify.services.picture_offer import from_argument

    path = from_argument(text).path
    return text if path is None else os.path.abspath(path)  # noqa: PTH100 (links stay)
