"""The menus of the main window: every command of the program, with its shortcut."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from cifar_desktop.classify.tab import ClassifyTab
from cifar_desktop.common import color_scheme
from cifar_desktop.common.settings import Settings
from cifar_desktop.look.motion import set_less_motion
from cifar_desktop.networks.menu_binding import join
from cifar_desktop.networks.widgets.picker import NetworkMenu
from cifar_desktop.shell.text_size import TextSize

Key = QKeySequence.StandardKey | str | None
Command = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowCommands:
    """What the menus have the window itself do.

    Attributes:
        show_classify: Open the Classify tab.
        show_training: Open the Training tab.
        show_evaluation: Open the Evaluation tab.
        show_shortcuts: Open the list of keyboard shortcuts.
        show_log_folder: Open the folder of log files.
        show_diagnostics: Open the Diagnostics window.
        show_about: Open the About window.
    """

    show_classify: Command
    show_training: Command
    show_evaluation: Command
    show_shortcuts: Command
    show_log_folder: Command
    show_diagnostics: Command
    show_about: Command


class Menus:
    """Fills the menu bar of a window; `MenuAccess` decides whether it is in sight.

    Args:
        window: The window that gets the menus.
        tab: The Classify tab, which does most of what they offer.
        settings: Remembers the color scheme, and whether there is motion.
        commands: What the window itself does.

    Attributes:
        view: The View menu.
    """

    def __init__(
        self,
        window: QMainWindow,
        tab: ClassifyTab,
        settings: Settings,
        commands: WindowCommands,
    ) -> None:
        self._window, self._tab, self._settings = window, tab, settings
        self._commands = commands
        self._fill_file(self._menu("&File"))
        self._fill_edit(self._menu("&Edit"))
        self._add_network_menu()
        self.view = self._menu("&View")
        self._fill_view(self.view)
        self._fill_help(self._menu("&Help"))

    def _fill_file(self, menu: QMenu) -> None:
        keys = QKeySequence.StandardKey
        self._add(menu, "&Open…", keys.Open, self._tab.choose_picture)
        self._add(menu, "Enter an &address…", "Ctrl+L", self._tab.address.focus_field)
        stop = self._add(menu, "&Stop loading", "Esc", self._tab.cancel)
        stop.setEnabled(False)
        self._tab.busy_changed.connect(stop.setEnabled)
        menu.addSeparator()
        quit_ = self._add(menu, "&Quit", keys.Quit, self._window.close)
        quit_.setMenuRole(QAction.MenuRole.QuitRole)
        if not quit_.shortcut():  # Windows has no standard key for it.
            quit_.setShortcut("Ctrl+Q")

    def _fill_edit(self, menu: QMenu) -> None:
        keys = QKeySequence.StandardKey
        copy = self._add(menu, "&Copy prediction", keys.Copy, self._tab.copy_prediction)
        copy.setEnabled(False)
        self._tab.prediction_changed.connect(copy.setEnabled)
        self._add(menu, "&Paste picture or address", keys.Paste, self._tab.paste)
        menu.addSeparator()
        whole = self._add(menu, "&Whole picture", "Ctrl+0", self._tab.pane.view.choose_whole)
        whole.setEnabled(False)
        self._tab.crop_changed.connect(whole.setEnabled)

    def _add_network_menu(self) -> None:
        bar = self._window.menuBar()
        menu = NetworkMenu("&Network", bar)
        menu.import_action.setShortcut(QKeySequence("Ctrl+Shift+O"))
        join(menu, self._tab.networks, self._tab.choose_network, self._window)
        bar.addMenu(menu)
        self._window.addAction(menu.import_action)

    def _fill_view(self, menu: QMenu) -> None:
        self._add(menu, "&Classify", "Ctrl+1", self._commands.show_classify)
        self._add(menu, "&Training", "Ctrl+2", self._commands.show_training)
        self._add(menu, "&Evaluation", "Ctrl+3", self._commands.show_evaluation)
        menu.addSeparator()
        group = QActionGroup(self._window)
        labels = {"system": "&System default", "light": "&Light", "dark": "&Dark"}
        for name, label in labels.items():
            action = self._add(menu, label, None, lambda name=name: self._use_scheme(name))  # type: ignore[misc]
            action.setCheckable(True)
            action.setChecked(name == self._settings.scheme)
            group.addAction(action)
        menu.addSeparator()
        TextSize(self._settings, self._window).add_actions(menu)
        self._add_motion(menu)

    def _add_motion(self, menu: QMenu) -> None:
        less = menu.addAction("Less m&otion")
        less.setCheckable(True)
        less.setChecked(self._settings.less_motion)
        less.toggled.connect(self._use_less_motion)
        set_less_motion(less=self._settings.less_motion)

    def _use_less_motion(self, less: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._settings.less_motion = less
        set_less_motion(less=less)

    def _fill_help(self, menu: QMenu) -> None:
        keys, commands = QKeySequence.StandardKey, self._commands
        self._add(menu, "&Keyboard shortcuts", keys.HelpContents, commands.show_shortcuts)
        self._add(menu, "Show the &log folder", None, commands.show_log_folder)
        self._add(menu, "Dia&gnostics…", None, commands.show_diagnostics)
        menu.addSeparator()
        about = self._add(menu, "&About CIFAR Desktop", None, commands.show_about)
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _menu(self, title: str) -> QMenu:
        return self._window.menuBar().addMenu(title)

    def _add(self, menu: QMenu, label: str, key: Key, run: Command) -> QAction:
        action = menu.addAction(label)
        if key is not None:
            action.setShortcut(QKeySequence(key))
        # `triggered` has an argument that the commands do not take.
        action.triggered.connect(lambda _checked: run())
        # Its shortcut works also while the menu bar is hidden.
        self._window.addAction(action)
        return action

    def _use_scheme(self, name: str) -> None:
        self._settings.scheme = name
        color_scheme.apply(name)
