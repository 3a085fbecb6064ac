"""Which class a name means where another split, dataset or network calls classes otherwise.

Upper and lower case, plurals and a few common short names are put aside, but nothing is guessed: a
name that could be two classes is neither.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

OTHER_NAMES: Mapping[str, str] = MappingProxyType({
    "aeroplane": "airplane", "plane": "airplane", "auto": "automobile", "car": "automobile",
    "lorry": "truck",
})  # fmt: skip
"""Other words for exactly the same things."""
UNKNOWN = -1
MOST_NAMES = 10
MOST_KEPT = 4096
"""Names whose spellings are remembered, as each is compared with each."""


def match_class(name: str, classes: Sequence[str]) -> int:
    """Index of the class that a name means; UNKNOWN if there is none, or more than one."""
    tests: tuple[Callable[[str, str], bool], ...] = (
        str.__eq__,
        lambda one, other: _plain(one) == _plain(other),
        lambda one, other: _same_but_number(_plain(one), _plain(other)),
        lambda one, other: _same_thing(_plain(one), _plain(other)),
    )
    for same in tests:
        found = [index for index, each in enumerate(classes) if same(name, each)]
        if found:
            return found[0] if len(found) == 1 else UNKNOWN
    return UNKNOWN


def renamed(names: Sequence[str], classes: Sequence[str]) -> list[str]:
    """Which names mean a class that is called otherwise, such as `car as automobile`."""
    matches = [(name, match_class(name, classes)) for name in names]
    return [
        f"{name} as {classes[index]}"
        for name, index in matches
        if index != UNKNOWN and name != classes[index]
    ]


def listed(names: Sequence[str]) -> str:
    """The first few of many names, and how many more there are."""
    more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


@lru_cache(maxsize=MOST_KEPT)
def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def _same_but_number(one: str, other: str) -> bool:
    return other in _plurals(one) or one in _plurals(other)


@lru_cache(maxsize=MOST_KEPT)
def _plurals(name: str) -> set[str]:
    ies = {f"{name[:-1]}ies"} if name.endswith("y") else set()
    return {f"{name}s", f"{name}es"} | ies


def _same_thing(one: str, other: str) -> bool:
    usual = {_usual(one), _usual(other)}
    return len(usual) == 1


@lru_cache(maxsize=MOST_KEPT)
def _usual(name: str) -> str:
    for short, usual in OTHER_NAMES.items():
        if name == usual or name in {short, *_plurals(short), *_plurals(usual)}:
            return usual
    return name
