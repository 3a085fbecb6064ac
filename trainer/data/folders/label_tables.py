"""Tables of file names and labels, such as Kaggle's `trainLabels.csv`, and the pictures they list.

The file name may be an id without suffix; the column names are those that people use, or missing.
"""

import csv
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from trainer.data.folders.tree import Folder
from trainer.data.scan import FileStamp, open_file
from trainer.errors import DataError
from trainer.images.suffixes import PICTURE_SUFFIXES

RoleOf = Callable[[str], Literal["train", "validation", "test"] | None]

SUFFIXES = (".csv", ".tsv")
LABEL_COLUMNS = (
    "label", "labels", "class", "classname", "category", "target", "species", "breed", "labelname",
)  # fmt: skip
FILE_COLUMNS = (
    "id", "file", "filename", "filepath", "image", "imageid", "imagename", "imagepath", "img",
    "path", "name", "picture", "photo",
)  # fmt: skip
MOST_COLUMNS = 64
"""A table with more holds pixels."""
DUMMY = "submission"
"""In the name of Kaggle's example of an answer, whose labels are made up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelTable:
    """A table, and what it says.

    Attributes:
        name: Its file name.
        role: The split that its name says it lists; None if it lists all.
        labeled: The files it lists, with their labels.
        missing: File names that it lists and that are not there.
        conflicting: The files it lists with several labels, and these; they are not labeled.
        repeated: The files that it lists more than once with the same label.
        respelled: Names it gives that end otherwise than those of the files, such as `1.jpg`.
    """

    name: str
    role: Literal["train", "validation", "test"] | None
    labeled: tuple[tuple[FileStamp, str], ...]
    missing: tuple[str, ...]
    conflicting: tuple[tuple[FileStamp, tuple[str, ...]], ...] = ()
    repeated: tuple[str, ...] = ()
    respelled: tuple[str, ...] = ()


def find_tables(root: Folder, role_of: RoleOf) -> list[LabelTable]:
    """The tables in a folder that label pictures in it or below.

    Args:
        root: The folder.
        role_of: Which split a file or folder holds, by its name without suffix.

    Raises:
        DataError: If a table cannot be read.
    """
    if not root.count:
        return []
    places = [root, *(part for part in root.parts if role_of(part.name))]
    read = [
        _read(root, place, name, role_of)
        for place in places
        for name in sorted(place.others)
        if name.lower().endswith(SUFFIXES) and DUMMY not in name.lower()
    ]
    tables = [table for table in read if table is not None and table.labeled]
    named = [table for table in tables if table.role]
    if any(table.role == "train" for table in named):
        return list({table.role: table for table in reversed(named)}.values())
    # Of several tables that list everything, the one called after its labels.
    return sorted(tables, key=lambda table: "label" not in table.name.lower())[:1]


def _read(root: Folder, place: Folder, name: str, role_of: RoleOf) -> LabelTable | None:
    rows = _rows(place.path / name)
    columns = _columns(rows[0]) if rows else None
    if columns is None:
        return None
    first, file, label = columns
    role = role_of(Path(name).stem)
    pictures = _Pictures(root, role, role_of)
    found: dict[FileStamp, list[str]] = {}
    missing: list[str] = []
    respelled: list[str] = []
    for row in rows[first:]:
        cells = [*row, *[""] * (max(file, label) + 1 - len(row))]
        stamp, text = pictures.find(cells[file]), unicodedata.normalize("NFC", cells[label].strip())
        if stamp is not None and text:
            found.setdefault(stamp, []).append(text)
            if _ends_otherwise(cells[file], stamp):
                respelled.append(cells[file])
        # A header in other words is no file name.
        elif row is not rows[0]:
            missing.append(cells[file])
    single = {stamp: labels for stamp, labels in found.items() if len({*labels}) == 1}
    return LabelTable(
        name=name,
        role=role,
        labeled=tuple((stamp, labels[0]) for stamp, labels in single.items()),
        missing=tuple(missing),
        conflicting=tuple(
            (stamp, tuple(dict.fromkeys(labels)))
            for stamp, labels in found.items()
            if stamp not in single
        ),
        repeated=tuple(stamp.relative for stamp, labels in single.items() if len(labels) > 1),
        respelled=tuple(respelled),
    )


def _ends_otherwise(name: str, stamp: FileStamp) -> bool:
    """Whether a table calls a file `1.jpg` that is `1.png`; an id has no suffix."""
    ending = PurePosixPath(name.strip()).suffix.casefold()
    return ending in PICTURE_SUFFIXES and not stamp.relative.casefold().endswith(ending)


def _rows(path: Path) -> list[list[str]]:
    """All rows, unless the first one shows that they are no file names and labels."""
    with open_file(path) as file:
        first = _text(file.readline())
        delimiter = max(",;\t", key=first.count)
        header = next(csv.reader([first], delimiter=delimiter), [])
        if _columns(header) is None:
            return []
        lines = [first, *_text(file.read()).splitlines(keepends=True)]
    try:
        return [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error as error:
        raise DataError(f"{path} is not a table: {error}.", details=repr(error)) from error


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # As Windows saves tables in western Europe and America.
        return content.decode("cp1252", errors="replace")


def _columns(header: Sequence[str]) -> tuple[int, int, int] | None:
    """The first row of data, the column of file names and that of labels; None without labels."""
    names = ["".join(filter(str.isalnum, cell.casefold())) for cell in header]
    label = next((names.index(each) for each in LABEL_COLUMNS if each in names), None)
    file = next((names.index(each) for each in FILE_COLUMNS if each in names), None)
    if 2 <= len(names) <= MOST_COLUMNS and label is not None:
        others = [column for column in range(len(names)) if column != label]
        return (1, others[0] if file is None else file, label)
    if len(names) != 2:
        return None
    return (0, 0, 1) if file is None else (1, file, 1 - file)


class _Pictures:
    """Finds pictures by what a table calls them: path, file name or id."""

    def __init__(self, root: Folder, role: str | None, role_of: RoleOf) -> None:
        everything = root.all_files()
        depth = len(root.relative) + 1 if root.relative else 0
        own = [part for part in root.parts if role_of(part.name) == (role or "train")]
        inside = [stamp for part in own for stamp in part.all_files()]
        self._indices = [
            _index(everything, lambda path: [path[depth:]]),
            # Kaggle numbers the pictures of train and test alike; a table means its own split.
            _index(inside, _names),
        ]
        if not (role and own):
            self._indices.append(_index(everything, _names))
        # Pictures that were converted since, by their paths.
        self._indices.append(_index(everything, lambda path: [_without_ending(path[depth:])]))

    def find(self, name: str) -> FileStamp | None:
        """The picture of that name; None if there is none, or several."""
        key = name.strip().replace("\\", "/").removeprefix("./")
        keys = dict.fromkeys((key, _without_ending(key)))
        found = (
            index.get(each)
            for path in keys
            for index in self._indices
            for each in (path, PurePosixPath(path).name)
        )
        return next((stamp for stamp in found if stamp is not None), None)


def _without_ending(path: str) -> str:
    stem, dot, ending = path.rpartition(".")
    return stem if f"{dot}{ending}".casefold() in PICTURE_SUFFIXES else path


def _names(path: str) -> list[str]:
    name = PurePosixPath(path)
    return [name.name, name.stem]


def _index(
    files: Iterable[FileStamp], keys: Callable[[str], list[str]]
) -> Mapping[str, FileStamp | None]:
    found: dict[str, FileStamp | None] = {}
    for stamp in files:
        for key in {*keys(stamp.relative)}:
            found[key] = None if key in found else stamp
    return found
