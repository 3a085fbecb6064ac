"""What the window remembers from one start to the next; settings that cannot be used are ignored.

Made by `app`, used by the main window and the tabs.
"""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from cifar_desktop.appearance import SCHEMES


class Settings:
    """Typed values over a settings file that may be missing, damaged or unwritable.

    Args:
        file: The file; it and its folder are made at the first change.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._store = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def writable(self) -> bool:
        """Whether what changes can be kept; this writes the file."""
        self._store.setValue("window/opened", "yes")
        self._store.sync()
        return self._store.status() == QSettings.Status.NoError

    @property
    def file(self) -> Path:
        """The settings file."""
        return self._file

    @property
    def geometry(self) -> QByteArray | None:
        """Place and size of the window, or None."""
        value = self._store.value("window/geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    @property
    def scheme(self) -> str:
        """`system`, `light` or `dark`."""
        value = self._store.value("window/appearance")
        return value if isinstance(value, str) and value in SCHEMES else "system"

    @scheme.setter
    def scheme(self, value: str) -> None:
        self._store.setValue("window/appearance", value)

    def folder(self, purpose: str) -> str:
        """The folder last used for a purpose, or the person's pictures folder."""
        value = self._store.value(f"folders/{purpose}")
        if isinstance(value, str) and Path(value).is_dir():
            return value
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)

    def remember_folder(self, purpose: str, file: Path) -> None:
        """Start the next dialog for this purpose where `file` lies."""
        self._store.setValue(f"folders/{purpose}", str(file.parent))
