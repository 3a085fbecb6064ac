"""Connects menus and buttons with the network chooser."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from cifar_desktop.networks.chooser import NetworkChooser
from cifar_desktop.networks.widgets.picker import NetworkMenu, NetworkPicker


def join(
    view: NetworkMenu | NetworkPicker,
    chooser: NetworkChooser,
    choose_file: Callable[[], None],
    parent: QWidget,
) -> None:
    """Let a menu or button show the networks and choose, add and remove them."""
    menu = view.networks if isinstance(view, NetworkPicker) else view
    chooser.changed.connect(lambda: view.show_networks(chooser.entries, chooser.current))
    menu.chosen.connect(lambda key: chooser.use(Path(key)))
    menu.import_requested.connect(choose_file)
    menu.remove_requested.connect(lambda key: ask_to_remove(Path(key), chooser, parent))
    view.show_networks(chooser.entries, chooser.current)


def ask_to_remove(path: Path, chooser: NetworkChooser, parent: QWidget) -> None:
    """Remove a network if the person is sure."""
    in_use = chooser.current == str(path)
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Remove a network")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"Remove the network “{path.stem}”?")
    box.setInformativeText(
        "Its file is deleted. " + ("The built-in network takes over." if in_use else "")
    )
    remove = box.addButton("&Remove", QMessageBox.ButtonRole.AcceptRole)
    remove.clicked.connect(lambda: chooser.remove(path))
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
