"""The pictures in a folder that was dropped or opened; `picture_offer` reads them on a thread."""

import os
from dataclasses import dataclass
from pathlib import Path

from trainer.cancellation import CancelToken
from trainer.errors import ImageError
from trainer.images.suffixes import PICTURE_SUFFIXES

_MAX_ENTRIES = 200_000
"""A whole disk, dropped by mistake, is not searched to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFolder:
    """A folder with pictures.

    Attributes:
        path: The folder.
        pictures: Its picture files, those directly in it first, then folder by folder.
        is_dataset: Whether they are sorted into two or more subfolders, as for training.
    """

    path: Path
    pictures: tuple[Path, ...]
    is_dataset: bool


def list_pictures(folder: Path, token: CancelToken) -> PictureFolder:
    """List the pictures in a folder and below it; hidden ones are left out.

    Raises:
        Cancelled: If the user cancelled.
        ImageError: If there are none.
    """
    found: list[Path] = []
    entries = 0
    for place, subfolders, names in os.walk(folder):
        token.check()
        subfolders[:] = sorted(filter(_is_visible, subfolders), key=str.casefold)
        pictures = sorted(filter(_is_picture, names), key=str.casefold)
        found += (Path(place, name) for name in pictures)
        entries += len(subfolders) + len(names)
        if entries > _MAX_ENTRIES:
            break
    if not found:
        raise ImageError(
            f"“{folder.name or folder}” contains no pictures. Choose a photo or a folder of photos."
        )
    loose = any(path.parent == folder for path in found)
    is_dataset = not loose and len({path.parent for path in found}) > 1
    return PictureFolder(path=folder, pictures=tuple(found), is_dataset=is_dataset)


def _is_visible(name: str) -> bool:
    return not name.startswith((".", "__MACOSX"))


def _is_picture(name: str) -> bool:
    return _is_visible(name) and os.path.splitext(name)[1].lower() in PICTURE_SUFFIXES  # noqa: PTH122
