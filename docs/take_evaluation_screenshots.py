"""Takes the screenshots for docs/evaluation.md: the bundled network on all CIFAR-10 test images.

    python docs/take_evaluation_screenshots.py [DIR|cifar10]

Run it like `take_screenshots.py`. Evaluating ten thousand images takes a few minutes the first
time; the report is cached.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docs.take_screenshots import settle, take, until  # noqa: I001 - sets Qt's environment

from cifar_desktop.common import color_scheme
from cifar_desktop import paths
from cifar_desktop.app import App
from cifar_desktop.shell.qt_application import make_application
from cifar_desktop.evaluation.page import EvaluationPage
from cifar_desktop.common.notices import NoticeBoard
from cifar_desktop.command_line import Options
from cifar_desktop.common.settings import Settings
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from trainer.files.resources import bundled_model

_CAT, _DOG = 3, 5


def main(data: str) -> None:
    """Start the window, evaluate the network, and take the screenshots."""
    make_application()
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(Path(name) / "settings.ini")
        settings.remember_dataset(data)
        app = App(
            Options(),
            settings,
            NoticeBoard(),
            built_in_network=bundled_model(),
            reports_folder=paths.reports_folder(),
        )
        app.show()
        until(lambda: app.tab.predictions.network is not None)
        app.window.resize(1280, 800)
        app.window.tabs.setCurrentWidget(app.evaluation)
        _evaluate(app, data)
        _take_all(app)
        _take_dataset(app)
        app.window.close()


def _evaluate(app: App, data: str) -> None:
    page, evaluator = app.evaluation.page, app.evaluator
    page.header.data.choose(data)
    page.header.data.chosen.emit(data)
    until(lambda: not evaluator.state.loading)
    if evaluator.state.report is None:
        page.message.evaluate.click()
        until(lambda: evaluator.state.report is not None or evaluator.state.error is not None)
    if evaluator.state.error is not None:
        sys.exit(evaluator.state.error.message)


def _take_all(app: App) -> None:
    views = app.evaluation.page.views
    color_scheme.apply("light")
    take(app, "evaluation-light")
    _choose(app.evaluation.page, _CAT, _DOG)
    color_scheme.apply("dark")
    take(app, "evaluation-dark")
    color_scheme.apply("light")
    views.show_mistakes()
    for index, name in ((1, "classes"), (2, "calibration")):
        views.tabs.setCurrentIndex(index)
        take(app, f"evaluation-{name}")


def _take_dataset(app: App) -> None:
    app.window.tabs.setCurrentWidget(app.training)
    page = app.training.page
    until(lambda: isinstance(page.dataset_controller.state, DatasetInfo))
    page.views.setCurrentIndex(1)
    take(app, "dataset")


def _choose(page: EvaluationPage, true_class: int, predicted: int) -> None:
    confusion = page.views.confusion
    confusion.select(true_class, predicted)
    confusion.cell_chosen.emit(true_class, predicted)
    settle()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "cifar10")
