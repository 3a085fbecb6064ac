"""The datasets to choose from, and their names on screen."""

from collections.abc import Sequence
from pathlib import Path

from cifar_desktop.ui.choice_field import Choice

CIFAR10 = "cifar10"
_CIFAR10_TITLE = "CIFAR-10"


def data_choices(folders: Sequence[str]) -> list[Choice]:
    """CIFAR-10 and folders; folders with the same name are shown with their parent."""
    names = [Path(folder).name for folder in folders]
    choices = [Choice(key=CIFAR10, text=_CIFAR10_TITLE)]
    for folder, name in zip(folders, names, strict=True):
        alone = names.count(name) == 1
        text = name if alone else f"{name} (in {Path(folder).parent.name})"
        choices.append(Choice(key=folder, text=text or folder, tooltip=folder))
    return choices


def data_title(data: str) -> str:
    """The name of a dataset, which is `cifar10` or a folder; a folder may have that name too."""
    return _CIFAR10_TITLE if data == CIFAR10 else Path(data).name or data
