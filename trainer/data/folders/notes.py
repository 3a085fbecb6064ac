"""Says how a dataset was read where that is not obvious, and what in its folder is not used.

Nothing is left out in silence: whatever may be a picture and is in no split is in some note.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

from trainer.data.folders.label_tables import LabelTable
from trainer.data.folders.layout import NONE, Layout, Role, is_none, role_of, roles_in
from trainer.data.folders.tree import Folder
from trainer.data.scan import FileStamp
from trainer.events.command_events import DatasetNote

MOST_NAMES = 20
"""Files, folders or classes that a note names; the rest are only counted."""
MOST_EXAMPLES = 3
"""Files of an unused folder that a note names."""

TEST_DRAWN = (
    "There is no test split, so a tenth of the training images of each class, drawn at random, is "
    "split off for testing."
)
UNVALIDATED = "without validation pictures in"
NOT_HELD_OUT = "no training images are held out for it."
NONE_USE = {
    "train": "teach a network what is none of its classes",
    "validation": "set the threshold for “none of the classes”",
    "test": "measure how often “none of the classes” is right",
}
USES = {"train": "training", "validation": "validation", "test": "testing"}


def layout_notes(layout: Layout) -> tuple[DatasetNote, ...]:
    """What to say about a layout: how it was read, then what is not used."""
    return (*_reading(layout), *_unused(layout))


def note(
    severity: Literal["info", "warning"],
    text: str,
    names: Sequence[str] = (),
    most: int = MOST_NAMES,
) -> DatasetNote:
    """A note that names the first few of many names."""
    more = max(0, len(names) - most)
    return DatasetNote(severity=severity, text=text, names=tuple(names[:most]), more=more)


def pictures(count: int) -> str:
    """A number of pictures in words."""
    return "1 picture" if count == 1 else f"{count:,} pictures"


def _reading(layout: Layout) -> Iterator[DatasetNote]:
    if layout.root is not layout.tree:
        yield note("info", f"The dataset was read from the folder {layout.root.relative} in it.")
    for table in layout.tables:
        use = USES[table.role] if table.role else "all"
        text = f"{table.name} gives the labels of {pictures(len(table.labeled))} ({use})."
        yield note("info", text)
    if layout.matched:
        yield note("info", "Classes matched by name with those in training.", layout.matched)
    if "validation" in layout.splits:
        text = f"The pictures in {_place(layout, 'validation')} are used for validation, so "
        yield note("info", text + NOT_HELD_OUT)
    if layout.splits and "test" not in layout.splits:
        yield note("info", TEST_DRAWN)
    if layout.none:
        yield note("info", _none_use(layout))
    yield from _below_classes(layout)


def _none_use(layout: Layout) -> str:
    """How many pictures of other things there are, and what those of each split are for."""
    counts = [f"{pictures(len(files))} ({USES[role]})" for role, files in layout.none.items()]
    where = "labeled" if layout.tables else "in folders named"
    uses = [f"those for {USES[role]} {NONE_USE[role]}" for role in layout.none]
    text = f"{' and '.join(counts)} {where} {NONE}: they show other things and are no class"
    return f"{text}; {', '.join(uses)}."


def _place(layout: Layout, role: Role) -> str:
    place = layout.places.get(role)
    return place.relative if place else f"the table of {USES[role]} labels"


def _below_classes(layout: Layout) -> Iterator[DatasetNote]:
    """Folders below a class: they are part of it, unless someone meant something else."""
    if layout.tables or not layout.splits:
        return
    folders = [each for place in _class_places(layout) for each in place.parts]
    classes = [each for each in folders if not is_none(each.name)]
    deep = [below for each in classes for below in each.parts]
    if not deep:
        return
    shared = set.intersection(*({part.name for part in each.parts} for each in classes))
    count = sum(folder.count for folder in deep)
    text = f"{pictures(count)} in folders below a class folder belong to that class."
    if len(shared) >= 2 and not any(each.files for each in classes):
        names = ", ".join(sorted(shared)[:3])
        text += f" If the classes are {names}, the folders of the splits need other names: rename "
        text += "them to train and test."
        yield note("warning", text, [folder.relative for folder in deep])
    else:
        yield note("info", text, [folder.relative for folder in deep])


def _unused(layout: Layout) -> Iterator[DatasetNote]:
    used = {stamp.path for files in _used_classes(layout) for stamp in files}
    about_tables = [each for table in layout.tables for each in _about_table(table, used)]
    used |= {stamp.path for table in layout.tables for stamp, _ in table.labeled}
    used |= {stamp.path for table in layout.tables for stamp, _ in table.conflicting}
    loose: dict[str, list[str]] = {}
    for folder, files in _left_out(layout.tree, used):
        if files is None:
            names = [stamp.relative for stamp in folder.all_files()]
            yield note("warning", _unused_folder(layout, folder), names, MOST_EXAMPLES)
        else:
            loose[folder.relative] = [stamp.relative for stamp in files]
    for place, names in loose.items():
        yield note("warning", _unused_files(layout, place, len(names)), names)
    yield from _unvalidated(layout)
    yield from about_tables
    empty = [each.relative for each in _empty_folders(layout)]
    if empty:
        folders = "1 folder is" if len(empty) == 1 else f"{len(empty):,} folders are"
        yield note("warning", f"{folders} empty, and left out.", empty)
    repeated = [name for folder in layout.tree.walk() for name in folder.repeated]
    if repeated:
        links = "1 link leads" if len(repeated) == 1 else f"{len(repeated):,} links lead"
        yield note("warning", f"{links} to what is read elsewhere, and left out.", repeated)


def _used_classes(layout: Layout) -> Iterator[list[FileStamp]]:
    classes = set(layout.classes)
    for split in layout.splits.values():
        yield from (files for name, files in split.items() if name in classes)
    yield from layout.none.values()


def _left_out(
    top: Folder, used: Collection[str]
) -> Iterator[tuple[Folder, list[FileStamp] | None]]:
    """Folders of which nothing is used, with None, and the unused files of others."""
    counts: dict[str, int] = {}
    for folder in reversed(list(top.walk())):
        own = sum(stamp.path in used for stamp in folder.files)
        counts[folder.relative] = own + sum(counts[each.relative] for each in folder.folders)
    open_ = [top]
    while open_:
        folder = open_.pop()
        if not folder.count:
            continue
        if not counts[folder.relative]:
            yield folder, None
            continue
        files = [stamp for stamp in folder.files if stamp.path not in used]
        if files:
            yield folder, files
        open_ += reversed(folder.folders)


def _unused_folder(layout: Layout, folder: Folder) -> str:
    text = f"The folder {folder.relative} ({pictures(folder.count)}) is not used"
    if any(folder in place.folders for place in layout.places.values()):
        return f"{text}: it is a class without training pictures."
    if is_none(folder.name):
        return f"{text}: move it into {_place(layout, 'train')}, beside the class folders."
    role = role_of(folder.name)
    if role is None or not layout.places:
        return f"{text}."
    chosen = roles_in(layout.root).get(role)
    if chosen is not None and chosen is not folder:
        return f"{text}: {chosen.relative} is used for {USES[role]}."
    why = "" if layout.tables else ", as they are not sorted into class folders"
    return f"{text}: its pictures have no labels{why}."


def _unused_files(layout: Layout, place: str, count: int) -> str:
    verb = "is" if count == 1 else "are"
    if layout.tables:
        where = f"in {place}" if place else "in the folder"
        tables = " or ".join(table.name for table in layout.tables)
        return f"{pictures(count)} {where} {verb} not used: not listed in {tables}."
    where = f"in {place}, beside its class folders," if place else "beside the class folders"
    whose = "its class is" if count == 1 else "their classes are"
    return f"{pictures(count)} {where} {verb} not used, as {whose} not known."


def _unvalidated(layout: Layout) -> Iterator[DatasetNote]:
    train = layout.splits.get("train", {})
    missing = sorted(train.keys() - layout.splits.get("validation", train).keys())
    if missing:
        text = f"{_classes(missing)} {UNVALIDATED} {_place(layout, 'validation')}."
        yield note("warning", text, missing if len(missing) > 1 else ())


def _classes(names: Sequence[str]) -> str:
    return f"The class {names[0]} is" if len(names) == 1 else f"{len(names):,} classes are"


def _about_table(table: LabelTable, used: Collection[str]) -> Iterator[DatasetNote]:
    unused = [label for stamp, label in table.labeled if stamp.path not in used]
    if unused:
        text = f"{_are(len(unused))} listed in {table.name} and not used: there are no training "
        yield note("warning", f"{text}pictures of that class.", sorted({*unused}))
    if table.conflicting:
        names = [f"{stamp.relative} ({', '.join(labels)})" for stamp, labels in table.conflicting]
        text = f"{_are(len(names))} listed in {table.name} with different labels, and not used."
        yield note("warning", text, names)
    if table.repeated:
        text = f"{_are(len(table.repeated))} listed in {table.name} more than once, and used once."
        yield note("info", text, table.repeated)
    if table.respelled:
        text = f"{_are(len(table.respelled))} called otherwise in {table.name}: the names end in "
        yield note("info", f"{text}another suffix there.", table.respelled)
    if table.missing:
        one = len(table.missing) == 1
        rows = "1 row" if one else f"{len(table.missing):,} rows"
        verb = "names no picture in the folder" if one else "name no pictures in the folder"
        label = "has" if one else "have"
        text = f"{rows} of {table.name} {verb}, or {label} no label."
        yield note("warning", text, table.missing)


def _are(count: int) -> str:
    return f"{pictures(count)} {'is' if count == 1 else 'are'}"


def _empty_folders(layout: Layout) -> Iterator[Folder]:
    if not layout.tables:
        for place in _class_places(layout):
            yield from (each for each in place.folders if not each.count and not each.others)


def _class_places(layout: Layout) -> list[Folder]:
    """The folders that contain class folders."""
    return list(layout.places.values()) or [layout.root]
