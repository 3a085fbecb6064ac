"""Roles for screen readers that Qt does not give to a kind of widget by itself."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

_roles: dict[str, tuple[type[QWidget], QAccessible.Role]] = {}
_kept: list[QAccessibleWidget] = []
"""Qt owns the C++ objects, and deletes them with their widgets; these are the Python halves."""


def set_role(kind: type[QWidget], role: QAccessible.Role) -> None:
    """Have screen readers take widgets of a class for something; no effect before PySide 6.10."""
    if not _roles and hasattr(QAccessible, "installFactory"):
        QAccessible.installFactory(_described)
    _roles[kind.__name__] = kind, role


def _described(name: str, widget: QObject) -> QAccessibleInterface | None:
    # Called for every class of every object, so the name is compared first.
    if name not in _roles:
        return None
    kind, role = _roles[name]
    if not isinstance(widget, kind):
        return None
    described = QAccessibleWidget(widget, role)
    _kept.append(described)
    return described
