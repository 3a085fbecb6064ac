"""What the window tests share: the program with a tiny real network, real drops, pictures."""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Without a display the tests run all the same; set before Qt makes its application.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.command_line import Options
from cifar_desktop.common.notices import NoticeBoard
from cifar_desktop.common.settings import Settings
from cifar_desktop.shell.widgets.toast import Toast
from trainer.data.cifar10 import CIFAR10_CLASSES

Start = Callable[..., App]


@pytest.fixture(scope="session")
def tiny_network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model file with an untrained network, a few kilobytes small."""
    import torch

    from tests.trainer.tiny import tiny_card
    from trainer.models.model_file import save_model
    from trainer.models.registry import build

    torch.manual_seed(0)
    card = tiny_card(
        widths=(8, 16, 16),
        classes=CIFAR10_CLASSES,
        temperature=1.0,
        recipe="tiny",
        figures={"accuracy": 0.123},
    )
    path = tmp_path_factory.mktemp("network") / "tiny.safetensors"
    save_model(path, build(card.architecture, len(CIFAR10_CLASSES), card.widths), card)
    return path


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path, tiny_network: Path) -> Iterator[Start]:
    """Starts the program; options of `App` can be given. Everything is shut down afterwards."""
    apps: list[App] = []

    def begin(
        options: Options | None = None, *, network: Path = tiny_network, log: Path | None = None
    ) -> App:
        settings = Settings(tmp_path / "config" / "settings.ini")
        app = App(
            options or Options(), settings, NoticeBoard(), built_in_network=network, log_folder=log
        )
        apps.append(app)
        qtbot.addWidget(app.window)
        app.show()
        qtbot.waitExposed(app.window)
        return app

    yield begin
    for app in apps:
        app.window.close()
        app.shutdown()


@pytest.fixture
def app(start: Start, qtbot: QtBot) -> App:
    """The program, started, with its network ready."""
    running = start()
    # `waitSignal` would end its wait on the thread that emits, which Qt forbids.
    qtbot.waitUntil(lambda: running.tab.predictions.network is not None, timeout=30_000)
    return running


def picture_bytes(color: str = "red", size: tuple[int, int] = (64, 48), kind: str = "PNG") -> bytes:
    """An encoded picture."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, kind)
    return buffer.getvalue()


def picture_file(path: Path, color: str = "red", kind: str = "PNG") -> Path:
    """A picture file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(picture_bytes(color, kind=kind))
    return path


def drag(window: QWidget, mime: QMimeData, over: QWidget | None = None) -> bool:
    """Drag over the window, or a widget in it, as the window system would; was it welcome?"""
    event = QDragEnterEvent(_place(window, over).toPoint(), _ACTIONS, mime, *_NO_KEYS)
    QApplication.sendEvent(window.windowHandle(), event)
    return event.isAccepted()


def drop(window: QWidget, mime: QMimeData, over: QWidget | None = None) -> bool:
    """Drag and let go; was it welcome?"""
    drag(window, mime, over)
    event = QDropEvent(_place(window, over), _ACTIONS, mime, *_NO_KEYS)
    QApplication.sendEvent(window.windowHandle(), event)
    return event.isAccepted() and event.dropAction() == Qt.DropAction.CopyAction


_ACTIONS = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
_NO_KEYS = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


def _place(window: QWidget, over: QWidget | None) -> QPointF:
    target = over or window
    return QPointF(target.mapTo(window, target.rect().center()))


def answered(app: App, name: str) -> bool:
    """Whether the window shows a picture of this name and an answer for it."""
    return (
        app.tab.pages.currentWidget() is app.tab.work
        and app.tab.pane.name.text() == name
        and app.tab.panel.has_prediction
    )


def sentence(app: App) -> str:
    """What the stage says of a failure, or else the newest notice in sight; may be empty."""
    if app.tab.failed.isVisible():
        assert not app.window.notices.stack.toasts
        return app.tab.failed.reason.text()
    newest = app.window.notices.newest
    return newest.sentence.text() if newest is not None and newest.isVisible() else ""


def toast(app: App) -> Toast:
    """The newest notice in sight."""
    newest = app.window.notices.newest
    assert newest is not None
    assert newest.isVisible()
    return newest


def check_bars(app: App) -> None:
    """The three bars show classes with falling probabilities, to assistive technology too."""
    bars = app.tab.panel.bars.bars
    assert len(bars) == 3
    assert all(bar.accessibleName().lower() in CIFAR10_CLASSES for bar in bars)
    values = [bar.value() for bar in bars]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0
    assert all("%" in bar.text() for bar in bars)
