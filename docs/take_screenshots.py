"""Takes screenshots of the Classify tab: the real window, the bundled network, drawn pictures.

    python docs/take_screenshots.py

Run it after a change to the window, and check the images before you commit them. They are written
to docs/, or to the folder that the environment variable SCREENSHOTS names.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

DOCS = Path(__file__).resolve().parent
FOLDER = Path(os.environ.get("SCREENSHOTS", DOCS))
sys.path.insert(0, str(DOCS.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1.5")

from PySide6.QtCore import QEventLoop, QRectF, QTimer  # noqa: E402 - after the environment

from cifar_desktop.app import App  # noqa: E402
from cifar_desktop.command_line import Options  # noqa: E402
from cifar_desktop.common import color_scheme  # noqa: E402
from cifar_desktop.common.notices import NoticeBoard  # noqa: E402
from cifar_desktop.common.settings import Settings  # noqa: E402
from cifar_desktop.shell.qt_application import make_application  # noqa: E402
from tests import scenes  # noqa: E402
from trainer.files.resources import bundled_model  # noqa: E402


def main() -> None:
    """Start the window, bring it into each state, and take a screenshot."""
    make_application()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(folder / "settings.ini")
        app = App(Options(), settings, NoticeBoard(), built_in_network=bundled_model())
        app.show()
        until(lambda: app.tab.predictions.network is not None)
        _take_all(app, folder)
        app.window.close()


def _take_all(app: App, folder: Path) -> None:
    color_scheme.apply("light")
    take(app, "empty")
    _open(app, scenes.ship(), folder / "ship.png")
    take(app, "classify-light")
    color_scheme.apply("dark")
    _open(app, scenes.airplane(), folder / "airplane.png")
    app.tab.pane.view.choose_crop(QRectF(0.05, 0.2, 0.9, 0.65))
    until(lambda: app.tab.predictions.classification is not None)
    take(app, "classify-dark")
    color_scheme.apply("light")
    app.tab.open_arguments([str(folder / "a photo that is not there.jpg")])
    until(lambda: app.tab.pages.currentWidget() is app.tab.failed)
    take(app, "error")


def _open(app: App, picture: "scenes.Image.Image", path: Path) -> None:
    picture.save(path)
    app.tab.open_arguments([str(path)])
    predictions = app.tab.predictions
    until(lambda: predictions.picture is not None and predictions.picture.name == path.name)
    until(lambda: predictions.classification is not None)


def take(app: App, name: str) -> None:
    """Save a screenshot of the window."""
    settle()
    app.window.grab().save(str(FOLDER / f"{name}.png"))


def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    while not condition():
        settle(20)


def settle(milliseconds: int = 500) -> None:
    """Wait for animations to finish."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()
