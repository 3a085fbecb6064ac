"""Gives toasts the role of alerts for screen readers."""

from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from cifar_desktop.shell.widgets.toast import Toast

_kept: list[QAccessibleWidget] = []
"""Qt owns the C++ objects, and deletes them with their widgets; these are the Python halves."""


@cache
def describe_toasts_as_alerts() -> None:
    """Have screen readers take toasts for alerts; before PySide 6.10 they are plain groups."""
    if hasattr(QAccessible, "installFactory"):
        QAccessible.installFactory(_described)


def _described(name: str, widget: QObject) -> QAccessibleInterface | None:
    # Called for every class of every object, so the name is compared first.
    if name != Toast.__name__ or not isinstance(widget, Toast):
        return None
    described = QAccessibleWidget(widget, QAccessible.Role.AlertMessage)
    _kept.append(described)
    return described
