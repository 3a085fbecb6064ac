"""The licenses of all components, for the About window.

The packaged program contains a list, written by `packaging/licenses.py` during the build. Otherwise
the installed distributions are read. Qt-free; takes less than a second, on any thread.
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
"""Name of the list among the resources of the packaged program."""

WITHOUT_TEXT = "This component does not include its license text."
_USUAL_NAMES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING", "NOTICE")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:\[([^]]*)\])?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """The license of one component.

    Attributes:
        name: Name of the component.
        version: Version of the component; may be empty.
        license: Short name of the license, such as `MIT`.
        text: Full license text, or a note that there is none.
    """

    name: str
    version: str
    license: str
    text: str


class _Requirement(NamedTuple):
    name: str
    extras: frozenset[str]


def license_texts() -> list[License]:
    """The licenses of all components, the program itself first.

    Raises:
        TrainerError: If the list in the package is damaged.
    """
    try:
        packaged = resource(LIST)
    except TrainerError:
        return [license_of(part) for part in _installed()]
    return _read(packaged)


def license_of(part: Distribution) -> License:
    """The license of a Python distribution."""
    return License(
        name=part.metadata["Name"], version=part.version, license=_short(part), text=_text(part)
    )


def _read(path: Path) -> list[License]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return [License(**entry) for entry in entries]
    except (OSError, ValueError, TypeError) as error:
        message = "The license list is damaged. Reinstall CIFAR Desktop."
        raise TrainerError(message, details=f"{path}: {error!r}") from error


def _installed() -> list[Distribution]:
    """The program and its transitive requirements, as far as they are installed."""
    found: dict[str, Distribution] = {}
    visited: set[_Requirement] = set()
    pending = {_Requirement(PROGRAM, frozenset())}
    while pending:
        requirement = pending.pop()
        visited.add(requirement)
        with suppress(PackageNotFoundError):  # for another system, or the program is not installed
            part = found[requirement.name] = distribution(requirement.name)
            pending.update(set(_requirements(part, requirement.extras)) - visited)
    first = [found.pop(PROGRAM)] if PROGRAM in found else []
    return [*first, *(found[name] for name in sorted(found))]


def _requirements(part: Distribution, extras: frozenset[str]) -> Iterator[_Requirement]:
    for line in part.requires or []:
        specifier, _, marker = line.partition(";")
        # Markers for other systems can be ignored: what they exclude is not installed.
        conditional = _EXTRA.findall(marker)
        if (named := _REQUIREMENT.match(specifier)) and (
            not conditional or extras & set(conditional)
        ):
            name, more = named.groups(default="")
            own = frozenset(extra.strip() for extra in more.split(",") if extra.strip())
            yield _Requirement(re.sub(r"[-_.]+", "-", name).lower(), own)


def _short(part: Distribution) -> str:
    for field in ("License-Expression", "License"):
        if (named := _first(part, field)) and "\n" not in named:
            return named
    classifiers = part.metadata.get_all("Classifier") or []
    kinds = [each.split(" :: ")[-1] for each in classifiers if each.startswith("License ::")]
    return ", ".join(kinds) or "not specified"


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
    # Identical texts are listed once, with the names of all their files.
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
