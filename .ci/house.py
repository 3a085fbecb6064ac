"""Fails where the house loses its plan; called by `./run check`.

That is a folder of more than seventeen modules, a public class name that occurs twice, or a word in
an identifier that the project has given up for the field's own.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("trainer", "cifar_desktop")
MOST_MODULES = 17
GIVEN_UP = set()


def modules() -> list[Path]:
    """Every module of both packages, but for the docstrings of folders."""
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return sorted(path for path in found if path.name != "__init__.py")


def crowded_folders() -> Iterator[str]:
    """Folders in which nobody finds anything at a glance."""
    counts: dict[Path, int] = defaultdict(int)
    for path in modules():
        counts[path.parent] += 1
    for folder, count in counts.items():
        if count > MOST_MODULES:
            yield f"{folder.relative_to(ROOT)}: {count} modules, more than {MOST_MODULES}"


def classes() -> dict[str, list[Path]]:
    """Where each public class name is defined."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(ROOT))
    return found


def repeated_classes() -> Iterator[str]:
    """Public class names that stand for two things."""
    for name, places in classes().items():
        if len(places) > 1:
            yield f"class {name} is defined in {', '.join(map(str, places))}"


def identifiers(path: Path) -> Iterator[tuple[int, str]]:
    """Every name that a module defines or passes, and its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for field in ("id", "name", "arg", "attr"):
            if isinstance(name := getattr(node, field, None), str):
                yield getattr(node, "lineno", 1), name


def given_up_words() -> Iterator[str]:
    """Identifiers with a word that has been replaced (CONTRIBUTING.md, Vocabulary)."""
    for path in modules():
        for line, name in identifiers(path):
            words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
            for word in sorted(words & GIVEN_UP):
                yield f"{path.relative_to(ROOT)}:{line}: {name} says “{word}”"


def main() -> int:
    """Print every finding; 1 if there is one."""
    found = [*crowded_folders(), *repeated_classes(), *given_up_words()]
    print("\n".join(found) or "The house keeps its plan.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
