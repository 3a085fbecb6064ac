"""Trains `sprint` on CIFAR-10 in the window, and takes screenshots during the run and at its end.

    python docs/take_training_screenshots.py DATASET [EPOCHS]

DATASET is CIFAR-10 in any form that the program reads; EPOCHS shortens or lengthens the run. Run it
like `take_screenshots.py`; it takes as long as the run, about eight minutes on two cores of a
laptop.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docs.take_screenshots import settle, take, until  # noqa: I001 - sets Qt's environment

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cifar_desktop.common import color_scheme
from cifar_desktop.app import App
from cifar_desktop.shell.qt_application import make_application
from cifar_desktop.common.notices import NoticeBoard
from cifar_desktop.command_line import Options
from cifar_desktop.runs.services.run_history import RunHistory
from cifar_desktop.runs.services.run_summary import RunSummary
from cifar_desktop.common.settings import Settings
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from trainer.files.resources import bundled_model

IN_PROGRESS = 0.54
"""Fraction of the run after which the screenshot during the run is taken."""


def main() -> None:
    """Start the window, press Start, and wait."""
    application = make_application()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(folder / "settings.ini")
        settings.remember_dataset(str(Path(sys.argv[1]).resolve()))
        app = App(Options(), settings, NoticeBoard(), built_in_network=bundled_model())
        app.show()
        app.window.tabs.setCurrentWidget(app.training)
        _train(app)
        app.window.close()
        app.shutdown()
    application.quit()


def _train(app: App) -> None:
    page = app.training.page
    until(lambda: isinstance(page.dataset_controller.state, DatasetInfo))
    until(lambda: ", measured" in page.form.footer.estimate.toolTip())
    print(page.form.footer.estimate.toolTip())
    if len(sys.argv) > 2:
        page.form.main.epochs.show_number(int(sys.argv[2]))
    QTest.mouseClick(page.form.footer.start, Qt.MouseButton.LeftButton)
    path = page.runs_controller.path
    assert path is not None
    config = page.form.config()
    assert config is not None
    history = app.run_manager.follow(path).history
    until(lambda: _reached(history) >= IN_PROGRESS * config.epochs)
    _take_both(app, "training")
    until(lambda: not app.run_manager.active)
    until(lambda: _run(app, path).has_model)
    _take_both(app, "trained")
    run = _run(app, path)
    print(f"{run.name}: {run.seconds:.0f} s, test accuracy {run.test_accuracy}")
    print(history.end_event)


def _reached(history: RunHistory) -> float:
    x = history.step_curves.x
    return float(x[-1]) if len(x) else 0.0


def _run(app: App, path: Path) -> RunSummary:
    run = app.run_manager.runs.summary(path)
    assert run is not None
    return run


def _take_both(app: App, name: str) -> None:
    for scheme in ("light", "dark"):
        color_scheme.apply(scheme)
        settle()
        take(app, f"{name}-{scheme}")
    color_scheme.apply("light")


if __name__ == "__main__":
    main()
