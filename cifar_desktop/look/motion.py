"""How long things move: not at all where the system or the user wants no motion."""

from PySide6.QtWidgets import QApplication, QStyle

_PROPERTY = "lessMotion"


def set_less_motion(*, less: bool) -> None:
    """Have nothing move from now on, or let it move again."""
    QApplication.instance().setProperty(_PROPERTY, less)  # type: ignore[union-attr]


def less_motion() -> bool:
    """Whether the user wants no motion."""
    return bool(QApplication.instance().property(_PROPERTY))  # type: ignore[union-attr]


def duration(milliseconds: int) -> int:
    """The length of an animation in milliseconds, 0 where nothing is to move."""
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return milliseconds if QApplication.style().styleHint(hint) else 0
