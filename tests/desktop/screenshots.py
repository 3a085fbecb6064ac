"""Keeps a picture of every window when a window test fails; used by the conftest files."""

from pathlib import Path

import pytest

_FOLDER = Path(__file__).parents[2] / "screenshots"


def keep_if_failed(item: pytest.Item, report: pytest.TestReport) -> None:
    """Save the windows that stand open at the end of a failed test."""
    from PySide6.QtWidgets import QApplication

    if report.when != "call" or not report.failed or QApplication.instance() is None:
        return
    _FOLDER.mkdir(exist_ok=True)
    for number, window in enumerate(QApplication.topLevelWidgets()):
        if window.isVisible():
            name = "".join(letter if letter.isalnum() else "-" for letter in item.name)[:80]
            window.grab().save(str(_FOLDER / f"{name}-{number}.png"))
