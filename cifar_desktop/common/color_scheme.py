"""Light, dark, or like the system; used by `app` and the View menu.

Most desktops change their palette on Qt's request. Where they do not (with a bare window manager,
for example), the palettes here are used; nowhere else are colors of the window hard-coded.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from cifar_desktop.look.roles import roles as color_roles
from cifar_desktop.look.type_scale import QUIET

SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}

_BUTTON = {"light": QColor(239, 239, 239), "dark": QColor(56, 58, 62)}
_WINDOW = {"light": QColor(239, 239, 239), "dark": QColor(40, 42, 46)}
_BASE = {"light": QColor(255, 255, 255), "dark": QColor(28, 30, 33)}
_TEXT = {"light": QColor(0, 0, 0), "dark": QColor(236, 236, 238)}
_ACCENT = QColor(48, 140, 198)


def apply(name: str) -> None:
    """Use a scheme.

    Args:
        name: A key of `SCHEMES`.
    """
    QGuiApplication.styleHints().setColorScheme(SCHEMES[name])
    # An empty palette is the system's.
    QApplication.setPalette(QPalette())
    if name != "system" and is_dark(QGuiApplication.palette()) != (name == "dark"):
        QApplication.setPalette(_palette(name))


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than its background."""
    text = palette.color(QPalette.ColorRole.WindowText)
    return text.lightness() > palette.color(QPalette.ColorRole.Window).lightness()


def _palette(name: str) -> QPalette:
    roles, text = QPalette.ColorRole, _TEXT[name]
    palette = QPalette(_BUTTON[name], _WINDOW[name])
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.ToolTipText):
        palette.setColor(role, text)
    palette.setColor(roles.Base, _BASE[name])
    palette.setColor(roles.AlternateBase, _WINDOW[name])
    palette.setColor(roles.ToolTipBase, _BASE[name])
    for role in (roles.Highlight, roles.Accent, roles.Link):
        palette.setColor(role, _ACCENT)
    palette.setColor(roles.HighlightedText, _BASE["light"])
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, _faded(text))
    palette.setColor(QUIET, color_roles(palette).quiet)
    return palette


def _faded(color: QColor) -> QColor:
    faded = QColor(color)
    faded.setAlphaF(0.55)
    return faded
