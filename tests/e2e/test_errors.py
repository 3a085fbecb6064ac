"""Every error ends in a message, and the next photo works."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from tests.desktop.support import (
    Start,
    answered,
    check_bars,
    drop,
    picture_bytes,
    picture_file,
    sentence,
    toast,
)
from tests.server import Served, Server


def _drop_file(app: App, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    assert drop(app.window, mime)


def _enter(app: App, qtbot: QtBot, text: str) -> None:
    app.tab.address.focus_field()
    app.tab.address.field.clear()
    QTest.keyClicks(app.tab.address.field, text)
    QTest.keyClick(app.tab.address.field, Qt.Key.Key_Return)


def _expect_failure(app: App, qtbot: QtBot) -> None:
    tab = app.tab
    qtbot.waitUntil(lambda: tab.pages.currentWidget() is tab.failed, timeout=10_000)
    assert sentence(app).endswith((".", "?", "jpg"))
    assert not tab.panel.isVisible()
    assert app.window.windowTitle() == "CIFAR Desktop"


def _expect_next_photo_to_work(app: App, qtbot: QtBot, folder: Path) -> None:
    _drop_file(app, picture_file(folder / "next.png"))
    qtbot.waitUntil(lambda: answered(app, "next.png"), timeout=10_000)
    check_bars(app)
    assert sentence(app) == ""


def _directory(path: Path) -> None:
    path.mkdir()


BAD_FILES: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(missing_ok=True),
    "empty": lambda path: path.write_bytes(b""),
    "truncated": lambda path: path.write_bytes(picture_bytes(kind="JPEG", size=(300, 300))[:300]),
    "text": lambda path: path.write_text("I am a cat."),
    "html": lambda path: path.write_text("<!DOCTYPE html><title>cat</title>"),
    "svg": lambda path: path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "folder": _directory,
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_bad_file(kind: str, app: App, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "bad.jpg"
    BAD_FILES[kind](path)

    _drop_file(app, path)

    _expect_failure(app, qtbot)
    _expect_next_photo_to_work(app, qtbot, tmp_path)


def test_picture_with_a_wrong_suffix_is_opened(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "truly-a-png.txt"
    path.write_bytes(picture_bytes())

    _drop_file(app, path)

    qtbot.waitUntil(lambda: answered(app, path.name))


@pytest.mark.parametrize(
    "path", ["/nothing-here", "/page", "/circle", "/huge", "/short", "/status/500", "/nonsense"]
)
def test_bad_address(path: str, app: App, qtbot: QtBot, server: Server, tmp_path: Path) -> None:
    _enter(app, qtbot, server.url(path))

    _expect_failure(app, qtbot)
    assert app.tab.failed.retry.isVisible()
    _expect_next_photo_to_work(app, qtbot, tmp_path)


@pytest.mark.parametrize(
    "address", ["ftp://example.org/cat.jpg", "http://127.0.0.1:9/cat.jpg", "http://[::1"]
)
def test_impossible_address(address: str, app: App, qtbot: QtBot, tmp_path: Path) -> None:
    _enter(app, qtbot, address)

    _expect_failure(app, qtbot)
    _expect_next_photo_to_work(app, qtbot, tmp_path)


def test_text_that_is_neither_address_nor_path(app: App, qtbot: QtBot) -> None:
    _enter(app, qtbot, "my cat")

    assert "“my cat” is neither a web address nor an existing file" in sentence(app)
    assert app.tab.pages.currentWidget() is app.tab.empty


def test_wrong_text_after_a_failed_address_ends_the_talk_of_that(
    app: App, qtbot: QtBot, server: Server, tmp_path: Path
) -> None:
    _enter(app, qtbot, server.url("/nothing-here"))
    _expect_failure(app, qtbot)

    _enter(app, qtbot, "my cat")

    assert "“my cat” is neither a web address nor an existing file" in sentence(app)
    assert app.tab.pages.currentWidget() is app.tab.empty
    _expect_next_photo_to_work(app, qtbot, tmp_path)
    _enter(app, qtbot, server.url("/nothing-here"))
    _expect_failure(app, qtbot)

    _enter(app, qtbot, "my cat")

    assert answered(app, "next.png")


@pytest.mark.parametrize("name", ["epoch 3.pt", "net.ONNX", "weights.h5"])
def test_model_file_of_another_program_is_called_one(
    name: str, app: App, qtbot: QtBot, tmp_path: Path
) -> None:
    import torch

    torch.save({"weight": torch.zeros(3)}, tmp_path / name)

    _drop_file(app, tmp_path / name)

    assert f"“{name}” is a model file of another program or a checkpoint" in sentence(app)
    assert ".safetensors" in sentence(app)
    assert app.tab.pages.currentWidget() is app.tab.empty


@pytest.mark.parametrize("path", ["/silent", "/trickle", "/silent-body"])
def test_slow_address_is_cancelled_at_once(
    path: str, app: App, qtbot: QtBot, server: Server, tmp_path: Path
) -> None:
    _enter(app, qtbot, server.url(path))
    qtbot.waitUntil(lambda: app.tab.pages.currentWidget() is app.tab.busy)
    assert app.tab.busy.heading.text() == "Downloading…"
    assert app.tab.address.cancel.isVisible()

    QTest.keyClick(app.window, Qt.Key.Key_Escape)

    assert app.tab.pages.currentWidget() is app.tab.empty
    assert not app.tab.address.cancel.isVisible()
    assert not app.tab.busy.cancel.isVisible()
    assert sentence(app) == ""
    _expect_next_photo_to_work(app, qtbot, tmp_path)


def test_photo_overtakes_a_slow_address(
    app: App, qtbot: QtBot, server: Server, tmp_path: Path
) -> None:
    _enter(app, qtbot, server.url("/silent"))
    assert server.asked.wait(5)

    _expect_next_photo_to_work(app, qtbot, tmp_path)


def test_cancelled_load_keeps_the_previous_picture(
    app: App, qtbot: QtBot, server: Server, tmp_path: Path
) -> None:
    _expect_next_photo_to_work(app, qtbot, tmp_path)
    _enter(app, qtbot, server.url("/silent-body"))
    qtbot.waitUntil(lambda: app.tab.pages.currentWidget() is app.tab.busy)

    QTest.mouseClick(app.tab.busy.cancel, Qt.MouseButton.LeftButton)

    assert answered(app, "next.png")


def test_window_closes_at_once_during_a_download(app: App, qtbot: QtBot, server: Server) -> None:
    _enter(app, qtbot, server.url("/silent"))
    assert server.asked.wait(5)

    app.window.close()

    assert not app.window.isVisible()  # that no thread is left is checked after every test


def test_progress_of_a_download(app: App, qtbot: QtBot, server: Server) -> None:
    _enter(app, qtbot, server.url("/trickle"))

    qtbot.waitUntil(lambda: app.tab.busy.amount.text() == "1 kB")

    qtbot.waitUntil(app.tab.busy.isVisible)
    assert app.tab.busy.amount.text() == "1 kB"
    assert app.tab.pages.line.maximum() == 0  # the length is not known


def test_failed_picture_can_be_tried_again(app: App, qtbot: QtBot, server: Server) -> None:
    _enter(app, qtbot, server.url("/late.png"))
    _expect_failure(app, qtbot)
    server.serve("/late.png", Served(body=picture_bytes()))

    QTest.mouseClick(app.tab.failed.retry, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: answered(app, "late.png"))
    assert sentence(app) == ""


def test_failed_picture_leaves_a_way_back(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    _expect_next_photo_to_work(app, qtbot, tmp_path)
    _drop_file(app, tmp_path / "missing.png")
    _expect_failure(app, qtbot)

    QTest.mouseClick(app.tab.failed.back, Qt.MouseButton.LeftButton)

    assert answered(app, "next.png")
    assert sentence(app) == ""


def test_details_of_an_error_can_be_copied(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    _drop_file(app, tmp_path / "missing.png")
    _expect_failure(app, qtbot)

    QTest.mouseClick(app.tab.failed.details, Qt.MouseButton.LeftButton)

    copied = QGuiApplication.clipboard().text()
    assert sentence(app) in copied
    assert "FileNotFoundError" in copied


def test_missing_network(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    app = start(network=tmp_path / "gone.safetensors")
    qtbot.waitUntil(lambda: "gone.safetensors" in sentence(app))
    assert toast(app).action.isVisible()
    assert app.tab.empty.network.isVisible()

    _drop_file(app, picture_file(tmp_path / "cat.png"))

    qtbot.waitUntil(lambda: app.tab.pages.currentWidget() is app.tab.work)
    assert app.tab.panel.headline.isVisible()
    assert app.tab.panel.headline.text() == "No network"
    assert app.tab.panel.network.isVisible()


@pytest.mark.parametrize(
    "content",
    [b"", b"not a network", b"\xff" * 64, b"\x02\0\0\0\0\0\0\0{}"],
    ids=["empty", "text", "garbage", "foreign"],
)
def test_damaged_network_leaves_the_one_in_use(
    content: bytes, app: App, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "damaged.safetensors"
    path.write_bytes(content)

    _drop_file(app, path)

    qtbot.waitUntil(lambda: "damaged.safetensors" in sentence(app))
    _drop_file(app, picture_file(tmp_path / "next.png"))
    qtbot.waitUntil(lambda: answered(app, "next.png"))
    check_bars(app)
