"""Progress bars with a possibly unknown total."""

from PySide6.QtWidgets import QProgressBar


def show_fraction(bar: QProgressBar, fraction: float | None) -> None:
    """Show a fraction from 0 to 1, or a busy bar for None."""
    bar.setRange(0, 0 if fraction is None else _STEPS)
    if fraction is not None:
        bar.setValue(round(_STEPS * fraction))


_STEPS = 1000
