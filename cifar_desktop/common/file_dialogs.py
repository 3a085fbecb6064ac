"""The dialogs that ask for files and folders; each remembers its last folder."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from cifar_desktop.common.settings import Settings
from trainer.images.suffixes import PICTURE_SUFFIXES

_PICTURES = " ".join(f"*{suffix}" for suffix in PICTURE_SUFFIXES)


class FileDialogs:
    """Asks for files.

    Args:
        settings: Remembers the folders.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def pictures(self, parent: QWidget) -> list[Path]:
        """Ask for pictures; none if the user cancels."""
        folder = self._settings.folder("pictures")
        # The content decides what a file is, so files of any name may be chosen.
        kinds = f"Pictures ({_PICTURES});;All files (*)"
        names, _ = QFileDialog.getOpenFileNames(parent, "Open a picture", folder, kinds)
        return self._remembered("pictures", names)

    def network(self, parent: QWidget) -> Path | None:
        """Ask for a network file; None if the user cancels."""
        folder = self._settings.folder("networks")
        kinds = "Network files (*.safetensors);;All files (*)"
        name, _ = QFileDialog.getOpenFileName(parent, "Open a network file", folder, kinds)
        return next(iter(self._remembered("networks", [name] if name else [])), None)

    def dataset(self, parent: QWidget) -> Path | None:
        """Ask for a folder with a dataset; None if the user cancels."""
        return self._dataset(parent, "Choose a folder with a subfolder of pictures for each class")

    def more_pictures(self, parent: QWidget) -> Path | None:
        """Ask for a folder to add to a dataset; None if the user cancels."""
        return self._dataset(parent, "Choose a folder with more pictures of the classes, or none")

    def moved_dataset(self, parent: QWidget, name: str) -> Path | None:
        """Ask where a dataset is now, by its former name; None if the user cancels."""
        return self._dataset(parent, f"Where is the dataset {name} now?")

    def _dataset(self, parent: QWidget, title: str) -> Path | None:
        folder = self._settings.folder("datasets")
        name = QFileDialog.getExistingDirectory(parent, title, folder)
        return next(iter(self._remembered("datasets", [name] if name else [])), None)

    def save(self, parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
        """Ask where to save a file; None if the user cancels. A missing extension is added.

        Args:
            parent: The widget whose window the dialog belongs to.
            title: The title of the dialog.
            name: The suggested file name.
            kinds: The file types as filters of Qt: "PNG image (*.png);;SVG image (*.svg)".
        """
        dialog = QFileDialog(parent, title, self._settings.folder("saved"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(kinds.split(";;"))
        dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(_extension(kind)))
        dialog.setDefaultSuffix(_extension(kinds))
        dialog.selectFile(name)
        # The dialog itself asks before a file is replaced, after it has added the extension.
        chosen = dialog.selectedFiles() if dialog.exec() else []
        dialog.deleteLater()
        return next(iter(self._remembered("saved", chosen)), None)

    def folder_to_fill(self, parent: QWidget, title: str) -> Path | None:
        """Ask for a folder to write files to; None if the user cancels."""
        folder = self._settings.folder("saved")
        name = QFileDialog.getExistingDirectory(parent, title, folder)
        if not name:
            return None
        # The folder of a file is remembered.
        self._settings.remember_folder("saved", Path(name) / "file")
        return Path(name)

    def _remembered(self, purpose: str, names: list[str]) -> list[Path]:
        paths = [Path(name) for name in names]
        if paths:
            self._settings.remember_folder(purpose, paths[0])
        return paths


def _extension(kinds: str) -> str:
    """The first extension in filters of Qt, without its dot."""
    return kinds.partition("*.")[2].partition(")")[0].split()[0]
