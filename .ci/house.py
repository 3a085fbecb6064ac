"""Fails where the code leaves the plan of CONTRIBUTING.md; called by `./run check`.

That is a folder of more than seventeen modules, a public class name that occurs twice, or a name
with a word that was given up for the field's own term.
"""

import ast
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("trainer", "cifar_desktop")
MOST_MODULES = 17
GIVEN_UP = {
    "alike", "amiss", "aside", "blanked", "errand", "errands", "foot", "hardest", "judge", "judged",
    "judges", "judging", "milestones", "person", "remark", "remarks", "shelf", "standing", "tell",
    "tells", "told", "trainings", "twin", "twins", "varied", "vary", "varying", "wanted", "wish",
    "wishes", "zoomed",
    "behaviour", "centre", "centred", "colour", "coloured", "colours", "grey", "learnt", "licence",
    "licences", "neighbour", "normalise", "normalised", "optimise", "optimiser", "optimisers",
    "recognise", "recognised", "recoloured", "summarise",
}  # fmt: skip
"""Words of the project's own, then British spellings; CONTRIBUTING.md has the terms to use."""


def modules() -> list[Path]:
    """Every module of both packages except `__init__`, which is only a docstring."""
    found = (path for package in PACKAGES for path in Path(package).rglob("*.py"))
    return sorted(path for path in found if path.name != "__init__.py")


def crowded_folders(paths: list[Path]) -> Iterator[str]:
    """Folders in which nobody finds anything at a glance."""
    counts: dict[Path, int] = defaultdict(int)
    for path in paths:
        counts[path.parent] += 1
    for folder, count in counts.items():
        if count > MOST_MODULES:
            yield f"{folder}: {count} modules, more than {MOST_MODULES}"


def repeated_classes(paths: list[Path]) -> Iterator[str]:
    """Public class names that stand for two things."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path)
    for name, places in found.items():
        if len(places) > 1:
            yield f"class {name} is defined in {', '.join(map(str, places))}"


def names(path: Path) -> Iterator[tuple[int, str]]:
    """A module's own name, and every name in it with its line."""
    yield 1, path.stem
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for field in ("id", "name", "asname", "arg", "attr"):
            if isinstance(name := getattr(node, field, None), str):
                yield getattr(node, "lineno", 1), name


def words(name: str) -> set[str]:
    """The words of a name in snake_case, CamelCase or CAPITALS, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def given_up_words(paths: list[Path]) -> Iterator[str]:
    """Names with a word that was given up."""
    for path in paths:
        for line, name in names(path):
            for word in sorted(words(name) & GIVEN_UP):
                yield f"{path}:{line}: {name} says “{word}”"


def main() -> int:
    """Print every finding; returns 1 if there is one."""
    os.chdir(ROOT)
    paths = modules()
    found = [*crowded_folders(paths), *repeated_classes(paths), *given_up_words(paths)]
    print("\n".join(found) or "Folders, class names and words keep to the plan.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
