"""Recognizes how the pictures in a folder are sorted into classes and splits.

Read are class folders, alone or in folders for training, validation and testing under the names
that people's tools give them; pictures listed in a table of file names and labels; and any of these
inside another folder. Pictures may lie in folders below that of their class. A class called `none`
is no class: it holds pictures of other things.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from trainer.data.class_names import UNKNOWN, match_class, renamed
from trainer.data.folders.label_tables import LabelTable, find_tables
from trainer.data.folders.tree import Folder
from trainer.data.scan import FileStamp

Role = Literal["train", "validation", "test"]
Classes = dict[str, list[FileStamp]]
"""The files of each class, sorted by relative path."""

ROLES: tuple[Role, ...] = ("train", "validation", "test")
ROLE_NAMES: Mapping[Role, tuple[str, ...]] = MappingProxyType({
    "train": ("train", "training"),
    "validation": ("val", "valid", "validation", "dev"),
    "test": ("test", "testing", "eval", "evaluation"),
})  # fmt: skip
"""What people call the folders of the splits, the usual name first."""

FILLERS = ("set", "data", "images", "imgs", "img", "pictures", "photos", "split", "labels", "label")
"""What they add to it, as in `training_set` or `trainLabels.csv`."""


NONE = "none"
"""What the folder or label of pictures of other things is called, in any case."""


@dataclass(slots=True, kw_only=True)
class Layout:
    """How the pictures in a folder are sorted.

    Attributes:
        tree: The chosen folder.
        root: The folder that contains class folders, folders of splits or a table of labels; the
            chosen one, or one below.
        splits: The files of each class in each split; without `test`, a part of `train` is split
            off for testing.
        places: The folder of each split that has one.
        tables: The tables of labels that were used.
        none: The pictures of other things in each split that has some.
        every_class: Whether to read classes that have only validation pictures.
        matched: Classes that are called otherwise in training, such as `CATS as cat`.
    """

    tree: Folder
    root: Folder
    splits: dict[Role, Classes]
    places: dict[Role, Folder] = field(default_factory=dict)
    tables: list[LabelTable] = field(default_factory=list)
    none: dict[Role, list[FileStamp]] = field(default_factory=dict)
    every_class: bool = False
    matched: tuple[str, ...] = ()

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes to train or to test, or of all, in alphabetical order."""
        roles = ROLES if self.every_class else ("train", "test")
        return tuple(sorted({name for role in roles for name in self.splits.get(role, {})}))

    def place(self, role: Role) -> str:
        """Path of the folder of a split relative to the chosen folder, ending in `/`, or empty."""
        folder = self.places.get(role, self.root)
        return f"{folder.relative}/" if folder.relative else ""


def is_none(name: str) -> bool:
    """Whether a folder or label of that name is no class, but stands for other things."""
    return name.casefold() == NONE


def role_of(name: str) -> Role | None:
    """Which split a folder or table holds, by its name; None if the name is no such one."""
    word = re.sub(r"[\W_]+", "", name.casefold())
    for filler in FILLERS:
        word = word.removesuffix(filler).removeprefix(filler)
    return next((role for role in ROLES if word in ROLE_NAMES[role]), None)


def roles_in(folder: Folder) -> dict[Role, Folder]:
    """The subfolders that are named after a split, those with the usual names first."""
    found: dict[Role, Folder] = {}
    for part in sorted(folder.parts, key=lambda each: _rank(each.name)):
        role = role_of(part.name)
        if role is not None:
            found.setdefault(role, part)
    return found or _paired_roles(folder)


def _paired_roles(folder: Folder) -> dict[Role, Folder]:
    """Subfolders such as `seg_train` and `seg_test`: the same name but for that of a split."""
    groups: dict[tuple[str, ...], dict[Role, Folder]] = {}
    for part in folder.parts:
        words = re.findall(r"[^\W_]+", part.name.casefold())
        roles = [role for word in words if (role := role_of(word)) is not None]
        if len(roles) == 1 and len(words) > 1:
            rest = tuple(word for word in words if role_of(word) is None)
            groups.setdefault(rest, {}).setdefault(roles[0], part)
    return next((each for each in groups.values() if "train" in each and len(each) > 1), {})


def find_layout(tree: Folder) -> Layout | None:
    """How the pictures in a folder are sorted; None if they are not, or in no way that is known."""
    if is_none(tree.name) and tree.count:
        return Layout(tree=tree, root=tree, splits={}, none={"train": tree.all_files()})
    root: Folder | None = tree
    while root is not None:
        layout = _layout_in(tree, root)
        if layout is not None:
            return layout
        root = _wrapped(root)
    return None


def is_split(folder: Folder) -> bool:
    """Whether the subfolders are those of splits, and not classes named like them."""
    roles = roles_in(folder)
    if not any(_innermost(part).parts for part in roles.values()):
        return False
    if all(role_of(part.name) for part in folder.parts):
        return True
    # A train is also a vehicle: with pictures directly in it, beside other classes.
    return "train" in roles and (len(roles) > 1 or not roles["train"].files)


def _layout_in(tree: Folder, root: Folder) -> Layout | None:
    if is_split(root):
        return _split_layout(tree, root)
    tables = find_tables(root, role_of)
    if tables:
        return _table_layout(tree, root, tables)
    roles = roles_in(root)
    # One folder with folders in it may be wrapped around the dataset.
    one = len(root.parts) == 1 and (not root.parts[0].parts or is_none(root.parts[0].name))
    if not (one or len(root.parts) > 1) or _datasets_in(root) or _incomplete(root, roles):
        return None
    splits: dict[Role, Classes] = {"train": _classes(root.parts)}
    none = _take_none(splits)
    return Layout(tree=tree, root=root, splits=splits, none=none)


def _incomplete(root: Folder, roles: Mapping[Role, Folder]) -> bool:
    """Whether some folders are clearly splits, and others are not, or hold no classes."""
    return any(_innermost(part).parts for part in roles.values()) or len(roles) == len(root.parts)


def _wrapped(root: Folder) -> Folder | None:
    """The one subfolder that holds the dataset."""
    datasets = _datasets_in(root)
    if len(datasets) == 1:
        return datasets[0]
    return root.parts[0] if len(root.parts) == 1 else None


def _datasets_in(root: Folder) -> list[Folder]:
    return [part for part in root.parts if is_split(part)]


def _split_layout(tree: Folder, root: Folder) -> Layout:
    inner = {role: _innermost(part) for role, part in roles_in(root).items()}
    places = {role: part for role, part in inner.items() if part.parts}
    splits: dict[Role, Classes] = {role: _classes(part.parts) for role, part in places.items()}
    none = _take_none(splits)
    splits, matched = _as_in_training(splits)
    for role in [role for role in splits if _is_unlabeled(splits, role)]:
        del splits[role]
        if role not in none:
            del places[role]
    return Layout(tree=tree, root=root, splits=splits, places=places, none=none, matched=matched)


def _take_none(splits: dict[Role, Classes]) -> dict[Role, list[FileStamp]]:
    """Take the pictures of other things, and splits without any other pictures, out of splits."""
    taken: dict[Role, list[FileStamp]] = {}
    for role, classes in list(splits.items()):
        for name in [name for name in classes if is_none(name)]:
            taken.setdefault(role, []).extend(classes.pop(name))
        if not classes:
            del splits[role]
    return taken


def _is_unlabeled(splits: Mapping[Role, Classes], role: Role) -> bool:
    """Whether the one folder in a split is no class, as in `test/images` or `test/unknown`."""
    train = splits.get("train")
    return train is not None and len(splits[role]) == 1 and not splits[role].keys() & train.keys()


def _innermost(part: Folder) -> Folder:
    """The folder of the classes: some archives hold `training_set/training_set/cat`."""
    while not part.files and len(part.parts) == 1 and _repeats(part, part.parts[0]):
        part = part.parts[0]
    return part


def _repeats(outer: Folder, inner: Folder) -> bool:
    return role_of(inner.name) is not None or inner.name.casefold() == outer.name.casefold()


def _classes(folders: Iterable[Folder]) -> Classes:
    classes: Classes = {}
    for folder in folders:
        # macOS stores "é" as two code points, other systems as one: the same class.
        name = unicodedata.normalize("NFC", folder.name)
        classes[name] = classes.get(name, []) + folder.all_files()
    return classes


def _as_in_training(splits: dict[Role, Classes]) -> tuple[dict[Role, Classes], tuple[str, ...]]:
    """The splits with class names as in the training split, and which names were others."""
    names = tuple(splits.get("train", {}))
    others = sorted({name for classes in splits.values() for name in classes} - {*names})
    matches = {name: match_class(name, names) for name in others}
    usual = {name: names[index] for name, index in matches.items() if index != UNKNOWN}
    same = {role: _with_names(classes, usual) for role, classes in splits.items()}
    return same, tuple(renamed(others, names))


def _with_names(classes: Classes, names: Mapping[str, str]) -> Classes:
    same: Classes = {}
    for name, files in classes.items():
        same.setdefault(names.get(name, name), []).extend(files)
    return {name: sorted(files, key=lambda each: each.relative) for name, files in same.items()}


def _table_layout(tree: Folder, root: Folder, tables: list[LabelTable]) -> Layout:
    splits: dict[Role, Classes] = {}
    roles = {part.relative: role for role, part in roles_in(root).items()}
    for table in tables:
        for stamp, label in sorted(table.labeled, key=lambda each: each[0].relative):
            split = table.role or _role_by_place(stamp, roles)
            splits.setdefault(split, {}).setdefault(label, []).append(stamp)
    none = _take_none(splits)
    splits, matched = _as_in_training(splits)
    return Layout(
        tree=tree,
        root=root,
        splits=splits,
        places=roles_in(root),
        tables=tables,
        none=none,
        matched=matched,
    )


def _role_by_place(stamp: FileStamp, roles: Mapping[str, Role]) -> Role:
    places = (role for place, role in roles.items() if stamp.relative.startswith(f"{place}/"))
    return next(places, "train")


def _rank(name: str) -> tuple[int, str]:
    folded = name.casefold()
    usual = [each for names in ROLE_NAMES.values() for each in names]
    return (usual.index(folded) if folded in usual else len(usual), name)
