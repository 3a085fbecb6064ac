"""Progress bars whose end may be unknown."""

from PySide6.QtWidgets import QProgressBar


def show_fraction(bar: QProgressBar, fraction: float | None) -> None:
    """Let a bar show a fraction, or that nobody knows."""
    bar.setRange(0, 0 if fraction is None else _STEPS)
    if fraction is not None:
        bar.setValue(round(_STEPS * fraction))


_STEPS = 1000
