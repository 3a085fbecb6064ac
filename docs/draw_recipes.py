"""Draws the curves of recorded runs and prints their metrics, for docs/recipes.md.

    python docs/draw_recipes.py RUN_DIR...

The charts are the window's own. The image is docs/recipes-curves.png.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docs.take_screenshots import FOLDER, settle  # noqa: I001 - sets Qt's environment

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from cifar_desktop.common import color_scheme
from cifar_desktop.training import run_text
from cifar_desktop.shell.qt_application import make_application
from cifar_desktop.runs.services.run_history import RunHistory
from cifar_desktop.training.widgets.curves.charts import CurvesCharts
from cifar_desktop.ui.style import GRID, title
from trainer.runs.event_history import read_events
from trainer.runs.run_folder import RunFolder

WIDTH, HEIGHT = 760, 330
"""Size of one run's curves, in pixels; the image is scaled by 1.5."""


def main() -> None:
    """Draw all runs into one image."""
    make_application()
    color_scheme.apply("light")
    folders = [RunFolder(Path(name)) for name in sys.argv[1:]]
    sheet = QWidget()
    layout = QGridLayout(sheet)
    layout.setSpacing(3 * GRID)
    for number, folder in enumerate(folders):
        history = _history(folder)
        print(_row(folder, history))
        layout.addWidget(_curves(folder, history), number // 2, number % 2)
    sheet.resize(sheet.sizeHint())
    sheet.show()
    settle()
    sheet.grab().save(str(FOLDER / "recipes-curves.png"))


def _history(folder: RunFolder) -> RunHistory:
    history = RunHistory()
    for event in read_events(folder, warn=print):
        history.add(event)
    return history


def _curves(folder: RunFolder, history: RunHistory) -> QWidget:
    config, _ = folder.read()
    panel, charts = QWidget(), CurvesCharts()
    charts.setMinimumSize(WIDTH, HEIGHT)
    for chart in charts.charts.values():
        chart.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    layout = QVBoxLayout(panel)
    heading: QLabel = title(config.recipe, factor=1.2)
    layout.addWidget(heading)
    layout.addWidget(charts, 1)
    charts.show_runs(run_text.curves(config.recipe, history), ())
    return panel


def _row(folder: RunFolder, history: RunHistory) -> str:
    """A table row: recipe, accuracies, epochs, time, parameters."""
    config, _ = folder.read()
    figures = json.loads(folder.figures.read_text()) if folder.figures.exists() else {}
    shares = [
        f"{figures.get(key, 0):.2%}" for key in ("accuracy_single", "accuracy", "accuracy_tta")
    ]
    parameters = history.started.parameters if history.started else 0
    seconds = history.finished.seconds if history.finished else history.seconds
    best = history.best_validation or 0.0
    cells = (config.recipe, *shares, f"{best:.2%}", history.epochs_done, f"{seconds / 60:.0f} min",
             f"{parameters:,}")  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    main()
