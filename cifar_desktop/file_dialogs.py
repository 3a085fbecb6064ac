"""The dialogs that ask for files and folders, each starting where it last was; used by the tabs."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from cifar_desktop.settings import Settings

_PICTURES = (
    "*.jpg *.jpeg *.jpe *.jfif *.png *.webp *.heic *.heif *.avif *.gif *.bmp *.tif *.tiff *.ico "
    "*.tga *.ppm *.pgm *.pbm *.qoi *.jp2"
)


class FileDialogs:
    """Asks for files.

    Args:
        settings: Remembers the folders.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def pictures(self, parent: QWidget) -> list[Path]:
        """Pictures that the person chose; none if they changed their mind."""
        folder = self._settings.folder("pictures")
        # The content decides what a file is, so files of any name may be chosen.
        kinds = f"Pictures ({_PICTURES});;All files (*)"
        names, _ = QFileDialog.getOpenFileNames(parent, "Open a picture", folder, kinds)
        return self._remembered("pictures", names)

    def network(self, parent: QWidget) -> Path | None:
        """A network file that the person chose, or None."""
        folder = self._settings.folder("networks")
        kinds = "Network files (*.safetensors);;All files (*)"
        name, _ = QFileDialog.getOpenFileName(parent, "Open a network file", folder, kinds)
        return next(iter(self._remembered("networks", [name] if name else [])), None)

    def dataset(self, parent: QWidget) -> Path | None:
        """A folder with a dataset that the person chose, or None."""
        folder = self._settings.folder("datasets")
        title = "Choose a folder with one folder of pictures for each class"
        name = QFileDialog.getExistingDirectory(parent, title, folder)
        return next(iter(self._remembered("datasets", [name] if name else [])), None)

    def _remembered(self, purpose: str, names: list[str]) -> list[Path]:
        paths = [Path(name) for name in names]
        if paths:
            self._settings.remember_folder(purpose, paths[0])
        return paths
