"""Asks the user before something that cannot be undone, or that can go several ways."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask(
    parent: QWidget,
    title: str,
    text: str,
    detail: str,
    answers: Mapping[str, Callable[[], object]],
    role: QMessageBox.ButtonRole = QMessageBox.ButtonRole.AcceptRole,
) -> QMessageBox:
    """Open a question above a window, and return at once.

    Args:
        parent: The widget whose window the question belongs to.
        title: The title of the dialog.
        text: The question.
        detail: What follows from the answers.
        answers: What to do when a button is pressed, by its label. The default is Cancel, which
            does nothing.
        role: The role of these buttons, by which the platform arranges them.
    """
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(detail)
    for label, act in answers.items():
        # `clicked` has an argument that the answers do not take.
        box.addButton(label, role).clicked.connect(lambda _checked, act=act: act())
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    return box
