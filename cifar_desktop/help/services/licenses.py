"""Whose work is inside the program, and under which license; for the page that shows it.

The packaged program brings a list along, which `packaging/licenses.py` wrote when it was built.
Elsewhere what is installed is asked. Qt-free; takes less than a second, and may run on any thread.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

from trainer.errors import TrainerError
from trainer.files.resources import resource

PROGRAM = "cifar-desktop"
LIST = "licenses.json"
"""Name of the resource that the packaged program brings along."""

WITHOUT_TEXT = "It comes without the text of its license."
_USUAL_NAMES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING", "NOTICE")
_WANTED = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:\[([^]]*)\])?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """What one part of the program says of itself.

    Attributes:
        name: Of the part.
        version: Of the part; empty if it has none.
        license: Its short name, such as `MIT`.
        text: In full; where the part comes without it, this says so.
    """

    name: str
    version: str
    license: str
    text: str


class _PendingOpen(NamedTuple):
    name: str
    extras: frozenset[str]


def license_texts() -> list[License]:
    """All parts of the program, itself first.

    Raises:
        TrainerError: If the list that came with the program is damaged.
    """
    try:
        packaged = resource(LIST)
    except TrainerError:
        return [license_of(part) for part in _installed()]
    return _read(packaged)


def license_of(part: Distribution) -> License:
    """What a Python distribution says of itself."""
    return License(
        name=part.metadata["Name"], version=part.version, license=_short(part), text=_text(part)
    )


def _read(path: Path) -> list[License]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return [License(**entry) for entry in entries]
    except (OSError, ValueError, TypeError) as error:
        message = "The list of licenses is damaged. Install the program again."
        raise TrainerError(message, details=f"{path}: {error!r}") from error


def _installed() -> list[Distribution]:
    """The program and all it asks for, and what that asks for, as far as it is installed."""
    found: dict[str, Distribution] = {}
    asked: set[_PendingOpen] = set()
    wishes = {_PendingOpen(PROGRAM, frozenset())}
    while wishes:
        wanted = wishes.pop()
        asked.add(wanted)
        with suppress(PackageNotFoundError):  # for another system, or the program runs uninstalled
            part = found[wanted.name] = distribution(wanted.name)
            wishes.update(set(_wishes(part, wanted.extras)) - asked)
    first = [found.pop(PROGRAM)] if PROGRAM in found else []
    return [*first, *(found[name] for name in sorted(found))]


def _wishes(part: Distribution, extras: frozenset[str]) -> Iterator[_PendingOpen]:
    for requirement in part.requires or []:
        wanted, _, condition = requirement.partition(";")
        # Conditions on the system need no reading: what does not fit is not installed.
        conditional = _EXTRA.findall(condition)
        if (named := _WANTED.match(wanted)) and (not conditional or extras & set(conditional)):
            name, more = named.groups(default="")
            wished = (extra.strip() for extra in more.split(",") if extra.strip())
            yield _PendingOpen(re.sub(r"[-_.]+", "-", name).lower(), frozenset(wished))


def _short(part: Distribution) -> str:
    for field in ("License-Expression", "License"):
        if (named := _first(part, field)) and "\n" not in named:
            return named
    classifiers = part.metadata.get_all("Classifier") or []
    kinds = [each.split(" :: ")[-1] for each in classifiers if each.startswith("License ::")]
    return ", ".join(kinds) or "not named"


def _first(part: Distribution, field: str) -> str:
    return str((part.metadata.get_all(field) or [""])[0]).strip()


def _text(part: Distribution) -> str:
    texts: dict[str, list[str]] = {}
    for name in part.metadata.get_all("License-File") or _USUAL_NAMES:
        text = part.read_text(f"licenses/{name}") or part.read_text(name)
        if text:
            texts.setdefault(text.strip(), []).append(name)
    if not texts and (elsewhere := _text_among_files(part)):
        return elsewhere
    if not texts:
        return f"{WITHOUT_TEXT} {_address(part)}".strip()
    if len(texts) == 1:
        return next(iter(texts))
    # Collections repeat the license of a part wherever they hold a copy of it.
    return "\n\n\n".join(f"{', '.join(names)}:\n\n{text}" for text, names in texts.items())


def _text_among_files(part: Distribution) -> str:
    found = (file for file in part.files or [] if file.stem in {"LICENSE", "LICENCE", "COPYING"})
    with suppress(OSError):  # listed, but not installed
        return next((file.read_text(encoding="utf-8") for file in found), "")
    return ""


def _address(part: Distribution) -> str:
    addresses = [_first(part, "Home-page"), *(part.metadata.get_all("Project-URL") or [])]
    found = next((address for address in addresses if address), "")
    return f"See {found.split(', ')[-1]}" if found else ""
