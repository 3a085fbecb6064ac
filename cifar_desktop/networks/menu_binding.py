"""Connects menus and buttons with the network chooser."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from cifar_desktop.common.confirm import ask
from cifar_desktop.networks.chooser import NetworkChooser
from cifar_desktop.networks.widgets.picker import NetworkMenu, NetworkPicker


def join(
    view: NetworkMenu | NetworkPicker,
    chooser: NetworkChooser,
    choose_file: Callable[[], None],
    parent: QWidget,
) -> None:
    """Make a menu or button show the networks, and choose, import and remove them."""
    menu = view.networks if isinstance(view, NetworkPicker) else view
    chooser.changed.connect(lambda: view.show_networks(chooser.entries, chooser.current))
    menu.chosen.connect(lambda key: chooser.use(Path(key)))
    menu.import_requested.connect(choose_file)
    menu.remove_requested.connect(lambda key: ask_to_remove(Path(key), chooser, parent))
    view.show_networks(chooser.entries, chooser.current)


def ask_to_remove(path: Path, chooser: NetworkChooser, parent: QWidget) -> None:
    """Remove a network if the user confirms it."""
    takes_over = " The built-in network is used instead." if chooser.current == str(path) else ""
    ask(
        parent,
        "Remove a network",
        f"Remove the network “{path.stem}”?",
        f"Its file is deleted.{takes_over}",
        {"&Remove": lambda: chooser.remove(path)},
    )
