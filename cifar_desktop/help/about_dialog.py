"""The About window: versions, device, and the licenses of all components."""

import platform
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path

from PySide6.QtCore import QSysInfo, Qt, Slot, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from cifar_desktop.common.open_externally import open_url
from cifar_desktop.help.widgets.about_view import AboutContent, AboutView
from cifar_desktop.help.widgets.license_view import Component
from cifar_desktop.ui.style import GRID
from trainer.devices.cpu_info import processor_name
from trainer.errors import TrainerError
from trainer.files.resources import is_packaged, version_of

NAME = "CIFAR Desktop"
_DISTRIBUTION = "cifar-desktop"
_SENTENCE = (
    "Classifies photos, and trains the networks that do it. Pictures, predictions and networks "
    "stay on your computer."
)
_LIBRARIES = {
    "NumPy": "numpy",
    "Pillow": "pillow",
    "pi-heif": "pi-heif",
    "Requests": "requests",
    "safetensors": "safetensors",
}
_SIZE = (104 * GRID, 72 * GRID)


class AboutWindow(QDialog):
    """Shows versions and licenses.

    Args:
        parent: The main window.

    Signals: none of its own.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"About {NAME}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.view = AboutView(about_content(), parent.windowIcon())
        self.view.copy_requested.connect(self._copy)
        self.view.licenses_requested.connect(self._show_licenses)
        self.view.link_requested.connect(open_url)
        self.view.close_requested.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.resize(*_SIZE)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(versions())

    @Slot()
    def _show_licenses(self) -> None:
        try:
            self.view.show_licenses(_components())
        except TrainerError as error:
            self.view.licenses.show_problem(error.message)


def show_about(parent: QWidget) -> None:
    """Open the About window above another."""
    AboutWindow(parent).open()


def version() -> str:
    """The program's version."""
    return version_of(_DISTRIBUTION)


def versions() -> str:
    """Versions and device as plain text, for a report."""
    lines = (f"{name}: {value}" for name, value in about_content().facts)
    return "\n".join(lines) + "\n"


def about_content() -> AboutContent:
    """The content of the window."""
    kind = "packaged" if is_packaged() else "running on this computer's Python"
    facts = [
        (NAME, f"{version()}, {kind}"),
        ("Predictions run on", f"{processor_name()} (CPU), in float32"),
        ("PyTorch", _torch()),
        ("Qt for Python", f"{version_of('PySide6_Essentials')}, with Qt {qVersion()}"),
        ("Python", platform.python_version()),
        *((title, version_of(name)) for title, name in _LIBRARIES.items()),
        ("System", f"{QSysInfo.prettyProductName()}, {platform.machine()}"),
        ("Window system", QGuiApplication.platformName()),
    ]
    return AboutContent(name=NAME, version=version(), sentence=_SENTENCE, facts=facts)


def _torch() -> str:
    """Version and build of torch, read from one of its files without importing the rest."""
    spec = find_spec("torch")
    file = Path(spec.origin).with_name("version.py") if spec and spec.origin else None
    if file is None or not file.is_file():
        return version_of("torch")
    build = run_path(str(file))
    cuda, rocm = build.get("cuda"), build.get("hip")
    build_name = f"CUDA {cuda}" if cuda else f"ROCm {rocm}" if rocm else "CPU"
    return f"{version_of('torch').partition('+')[0]}, built for {build_name}"


def _components() -> list[Component]:
    """All components, the program itself first.

    Raises:
        TrainerError: If the license list in the package is damaged.
    """
    from cifar_desktop.help.services.licenses import license_texts

    found = [
        Component(
            name=NAME if each.name == _DISTRIBUTION else each.name,
            version=each.version,
            license=each.license,
            text=each.text,
        )
        for each in license_texts()
    ]
    return sorted(found, key=lambda each: (each.name != NAME, each.name.lower()))
