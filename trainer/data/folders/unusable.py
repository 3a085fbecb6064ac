"""The message for a folder that cannot be used: what is in it, what a dataset is, what to rename.

Plain lines with indentation, which read the same in a terminal and in the window.
"""

from collections.abc import Iterator
from itertools import islice

from trainer.data.folders.layout import Role, is_split, role_of, roles_in
from trainer.data.folders.notes import pictures
from trainer.data.folders.tree import Folder
from trainer.errors import DataError

ARCHIVES = (".zip", ".tar", ".gz", ".7z", ".rar")
MOST_ENTRIES = 5
MOST_LEVELS = 3
MOST_LINES = 16

EXAMPLE = """\
A dataset looks like this, with or without the folders train and test:
    pets/
        train/
            cat/: pictures of cats
            dog/: pictures of dogs
        test/
            cat/: other pictures of cats
            dog/: other pictures of dogs"""


def unusable(tree: Folder, what: str, advice: str = "") -> DataError:
    """The error for a folder that holds no dataset to train on.

    Args:
        tree: The folder.
        what: What is wrong with it, as the end of a sentence that begins with its path.
        advice: What to do; by default what its content suggests.
    """
    found = list(islice(_lines(tree, 1), MOST_LINES + 1))
    if len(found) > MOST_LINES:
        found[MOST_LINES:] = ["    …"]
    shown = "\n".join(["It contains:", *(found or ["    nothing"])])
    return DataError(f"{tree.path} {what} {advice or _advice(tree)}\n\n{shown}\n\n{EXAMPLE}")


def no_layout(tree: Folder) -> DataError:
    """The error for a folder in which no dataset was recognized."""
    root = _deepest_choice(tree)
    datasets = [part.relative for part in root.parts if is_split(part)]
    if not tree.count:
        return unusable(tree, "contains no folders of images.")
    if len(datasets) > 1:
        return unusable(tree, "contains several datasets.", f"Choose {_or(datasets)} in it.")
    if not root.parts:
        return unusable(tree, "contains no folders of images.")
    roles = roles_in(root)
    if "train" not in roles and roles:
        known = _and([part.name for part in roles.values()])
        return unusable(tree, f"contains a folder named {known}, but none named train.")
    return unusable(tree, "contains folders whose pictures are not sorted into classes.")


def _deepest_choice(tree: Folder) -> Folder:
    while len(tree.parts) == 1:
        tree = tree.parts[0]
    return tree


def _advice(tree: Folder) -> str:
    root = _deepest_choice(tree)
    archives = [name for name in tree.others if name.lower().endswith(ARCHIVES)]
    roles = roles_in(root)
    strangers = [part.name for part in root.parts if role_of(part.name) is None]
    if not tree.count:
        text = "Choose the folder with the pictures."
        return f"Unpack {archives[0]} and choose the folder that comes out." if archives else text
    if any(part.parts for part in roles.values()) and strangers:
        missing: Role = "train" if "train" not in roles else "test"
        return f"Rename {_or(strangers)} to {missing} if it holds the pictures for that."
    if roles:
        names = _and([part.name for part in roles.values()])
        return (
            f"Sort the pictures in {names} into folders that are named after their classes, or add "
            "a table trainLabels.csv of file names and labels."
        )
    return "Sort the pictures into folders that are named after their classes."


def _lines(folder: Folder, level: int) -> Iterator[str]:
    """What is in a folder, a line each, indented by level."""
    indent = "    " * level
    for part in folder.folders[:MOST_ENTRIES]:
        shown = level < MOST_LEVELS and part.parts
        count = "" if shown else f": {pictures(part.count)}"
        yield f"{indent}{part.name}/{count}"
        if shown:
            yield from _lines(part, level + 1)
    if len(folder.folders) > MOST_ENTRIES:
        yield f"{indent}… and {len(folder.folders) - MOST_ENTRIES:,} more folders"
    if folder.files:
        example = folder.files[0].relative.rpartition("/")[2]
        yield f"{indent}{pictures(len(folder.files))}, such as {example}"
    if folder.others:
        more = f" and {len(folder.others) - 1:,} other files" if len(folder.others) > 1 else ""
        yield f"{indent}{folder.others[0]}{more}"


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _or(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
