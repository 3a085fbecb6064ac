"""File names for named things."""

import re

_LONGEST = 80
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
# Windows reserves these names for devices, whatever follows the first dot.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """A name that every file system accepts."""
    text = " ".join(_FORBIDDEN.sub(" ", name).split()).strip(". ")
    while len(text.encode()) > _LONGEST:
        text = text[:-1].rstrip(". ")
    return f"network {text}" if _DEVICES.match(text) else text or "network"
