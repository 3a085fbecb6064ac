"""Icons from the program's own SVG files, each in the color of a role when it is painted.

Light and dark need no icons of their own: the role is looked up in the palette of the moment.
"""

from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyle

from cifar_desktop.look.roles import Kind, Roles, roles
from trainer.files.resources import resource

_Name = QStyle.StandardPixmap
_ICONS = {
    _Name.SP_MessageBoxInformation: ("info", "info"),
    _Name.SP_MessageBoxQuestion: ("info", "info"),
    _Name.SP_MessageBoxWarning: ("warning", "warning"),
    _Name.SP_MessageBoxCritical: ("error", "error"),
    _Name.SP_LineEditClearButton: ("close", "quiet"),
    _Name.SP_TitleBarCloseButton: ("close", "text"),
    _Name.SP_DockWidgetCloseButton: ("close", "text"),
    _Name.SP_TabCloseButton: ("close", "quiet"),
    _Name.SP_ToolBarHorizontalExtensionButton: ("more", "text"),
    _Name.SP_DirIcon: ("folder", "quiet"),
    _Name.SP_DirClosedIcon: ("folder", "quiet"),
    _Name.SP_DirOpenIcon: ("open", "quiet"),
    _Name.SP_DirHomeIcon: ("folder", "quiet"),
    _Name.SP_ComputerIcon: ("device", "quiet"),
    _Name.SP_DriveHDIcon: ("data", "quiet"),
    _Name.SP_FileIcon: ("report", "quiet"),
    _Name.SP_ArrowBack: ("chevL", "text"),
    _Name.SP_ArrowLeft: ("chevL", "text"),
    _Name.SP_ArrowForward: ("chevR", "text"),
    _Name.SP_ArrowRight: ("chevR", "text"),
    _Name.SP_ArrowUp: ("chevU", "text"),
    _Name.SP_ArrowDown: ("chev", "text"),
    _Name.SP_FileDialogToParent: ("chevU", "text"),
    _Name.SP_FileDialogNewFolder: ("folder", "text"),
    _Name.SP_FileDialogListView: ("grid", "text"),
    _Name.SP_FileDialogDetailedView: ("table", "text"),
}


def icon(name: str, role: str = "text", selected_role: str = "") -> QIcon:
    """An icon.

    Args:
        name: A file of `resources/icons` without its suffix.
        role: A field of `Roles`, such as `quiet`; a kind of notice gives the color of its icon.
        selected_role: The role of a checked button or chosen tab; that of any other if empty.
    """
    return QIcon(_TintedEngine(name, role, selected_role or role))


def standard_icon(name: QStyle.StandardPixmap) -> QIcon | None:
    """An icon of the program's own, or None where Qt's is used."""
    found = _ICONS.get(name)
    return icon(*found) if found else None


def tinted(name: str, color: QColor, side: int, scale: float) -> QPixmap:
    """An icon in a color.

    Args:
        name: A file of `resources/icons` without its suffix.
        color: Its color.
        side: Width and height in device-independent pixels.
        scale: Device pixels for each of them.
    """
    key, found = f"{name}{color.name()}{side}@{scale}", QPixmap()
    # PySide's `find` fills the pixmap that it is given.
    if QPixmapCache.find(key, found):
        return found
    drawn = _drawn(name, color, side, scale)
    QPixmapCache.insert(key, drawn)
    return drawn


def role_color(found: Roles, role: str) -> QColor:
    """The color of a role by name."""
    color = getattr(found, role)
    return color.icon if isinstance(color, Kind) else color


def _drawn(name: str, color: QColor, side: int, scale: float) -> QPixmap:
    drawn = QPixmap(QSize(side, side) * scale)
    drawn.setDevicePixelRatio(scale)
    drawn.fill(Qt.GlobalColor.transparent)
    painter, whole = QPainter(drawn), QRectF(0, 0, side, side)
    _renderer(name).render(painter, whole)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(whole, color)
    painter.end()
    return drawn


@lru_cache(maxsize=128)
def _renderer(name: str) -> QSvgRenderer:
    return QSvgRenderer(str(resource(f"icons/{name}.svg")))


class _TintedEngine(QIconEngine):
    def __init__(self, name: str, role: str, selected_role: str) -> None:
        super().__init__()
        self._name, self._role, self._selected_role = name, role, selected_role

    def clone(self) -> QIconEngine:
        return _TintedEngine(self._name, self._role, self._selected_role)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        scale = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect, self.scaledPixmap(rect.size(), mode, state, scale))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(  # noqa: N802 (Qt's name)
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        found = roles(QApplication.palette())
        role = self._selected_role if state is QIcon.State.On else self._role
        color = found.faint if mode is QIcon.Mode.Disabled else role_color(found, role)
        return tinted(self._name, color, min(size.width(), size.height()), scale)
