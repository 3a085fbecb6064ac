"""What the window remembers between starts; unusable settings are ignored.

Made by `app`, used by the main window and the tabs.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from cifar_desktop.common.color_scheme import SCHEMES

_DATASETS = 8
"""Number of dataset folders that are remembered."""
TEXT_SIZES = range(80, 201, 10)
"""The sizes of text to choose from, in percent."""


class Settings:
    """Typed values in a settings file, which may be missing, damaged or unwritable.

    Args:
        file: The file; it and its folder are created at the first change.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._store = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def writable(self) -> bool:
        """Whether changes can be saved; this writes the file."""
        self._store.setValue("window/opened", "yes")
        self._store.sync()
        return self._store.status() == QSettings.Status.NoError

    @property
    def file(self) -> Path:
        """The settings file."""
        return self._file

    @property
    def geometry(self) -> QByteArray | None:
        """Position and size of the window, or None."""
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

    @property
    def menu_bar(self) -> bool:
        """Whether there is a menu bar instead of a menu button."""
        return self._is_set("window/menuBar")

    @menu_bar.setter
    def menu_bar(self, value: bool) -> None:
        self._store.setValue("window/menuBar", value)

    @property
    def less_motion(self) -> bool:
        """Whether nothing is to move on the screen."""
        return self._is_set("window/lessMotion")

    @less_motion.setter
    def less_motion(self, value: bool) -> None:
        self._store.setValue("window/lessMotion", value)

    @property
    def text_size(self) -> int:
        """Size of text in percent of the system's, one of `TEXT_SIZES`."""
        value = self._store.value("window/text_size")
        sizes = {str(size): size for size in TEXT_SIZES}
        return sizes.get(str(value), 100)

    @text_size.setter
    def text_size(self, value: int) -> None:
        self._store.setValue("window/text_size", value)

    @property
    def network(self) -> str:
        """File name of the user's network that was used last; empty for the built-in one."""
        value = self._store.value("classify/network")
        return Path(value).name if isinstance(value, str) else ""

    @network.setter
    def network(self, value: str) -> None:
        self._store.setValue("classify/network", value)

    @property
    def run_settings(self) -> str:
        """The settings of the run that was started last, as JSON; empty at first."""
        value = self._store.value("training/settings")
        return value if isinstance(value, str) else ""

    @run_settings.setter
    def run_settings(self, value: str) -> None:
        self._store.setValue("training/settings", value)

    @property
    def runs_layout(self) -> QByteArray:
        """Columns of the runs table; empty at first."""
        value = self._store.value("training/columns")
        return value if isinstance(value, QByteArray) else QByteArray()

    @runs_layout.setter
    def runs_layout(self, value: QByteArray) -> None:
        self._store.setValue("training/columns", value)

    @property
    def left_runs(self) -> list[str]:
        """Folder names of the runs that were active when the window was closed."""
        value = self._store.value("training/left")
        found = value if isinstance(value, list) else [value]
        return [each for each in found if isinstance(each, str) and each]

    @left_runs.setter
    def left_runs(self, value: list[str]) -> None:
        self._store.setValue("training/left", value)

    @property
    def dataset(self) -> str:
        """The dataset that was trained on last: `cifar10`, or a folder if it still exists."""
        value = self._store.value("training/data")
        return value if isinstance(value, str) and Path(value).is_dir() else "cifar10"

    @property
    def dataset_folders(self) -> list[str]:
        """Folders that were used as datasets and still exist, the latest first."""
        value = self._store.value("training/folders")
        found = value if isinstance(value, list) else [value]
        return [each for each in found if isinstance(each, str) and Path(each).is_dir()]

    @property
    def added_datasets(self) -> list[str]:
        """The datasets that were trained on with it, unless a folder no longer exists."""
        value = self._store.value("training/added")
        found = value if isinstance(value, list) else [value]
        places = [each for each in found if isinstance(each, str) and each != self.dataset]
        return [each for each in places if each == "cifar10" or Path(each).is_dir()]

    def remember_dataset(self, data: str, added: Sequence[str] = ()) -> None:
        """Use this dataset, with those added to it, as the default the next time."""
        self._store.setValue("training/data", data)
        self._store.setValue("training/added", list(added))
        for folder in (*reversed(added), data):
            if folder != "cifar10":
                self.remember_dataset_folder(folder)

    def remember_dataset_folder(self, folder: str) -> None:
        """Add this folder to the list; the default dataset does not change."""
        others = [each for each in self.dataset_folders if each != folder]
        self._store.setValue("training/folders", [folder, *others][:_DATASETS])

    def folder(self, purpose: str) -> str:
        """The folder last used for a purpose, or the user's pictures folder."""
        value = self._store.value(f"folders/{purpose}")
        if isinstance(value, str) and Path(value).is_dir():
            return value
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)

    def remember_folder(self, purpose: str, file: Path) -> None:
        """Start the next dialog for this purpose in the folder of a file."""
        self._store.setValue(f"folders/{purpose}", str(file.parent))

    def _is_set(self, key: str) -> bool:
        # The file has text; a value that was set in this session is still a bool.
        return str(self._store.value(key)).lower() == "true"
