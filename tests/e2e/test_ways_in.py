"""A picture enters the real window in every possible way, and is classified."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.command_line import Options
from cifar_desktop.shell.second_launch import SecondLaunchHandler
from cifar_desktop.shell.services.open_request import decode, encode, request_from
from cifar_desktop.shell.services.single_instance import SingleInstance
from tests import scenes
from tests.desktop.support import (
    Start,
    answered,
    check_bars,
    drag,
    drop,
    picture_bytes,
    picture_file,
    sentence,
)
from tests.server import Served, Server
from tests.trainer.tiff_files import tiff
from trainer.files.resources import bundled_model

_FROM_PROGRAM = "Picture from another program"


def _urls(*urls: str | Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(u)) if isinstance(u, Path) else QUrl(u) for u in urls])
    return mime


def _expect(qtbot: QtBot, app: App, name: str) -> None:
    qtbot.waitUntil(lambda: answered(app, name), timeout=10_000)
    check_bars(app)
    assert sentence(app) == ""


def test_dropped_file(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    path = picture_file(tmp_path / "Zoë" / "图片.png")

    assert drop(app.window, _urls(path))

    _expect(qtbot, app, "图片.png")
    assert app.window.windowTitle().startswith("图片.png")


def test_what_was_assumed_about_a_picture_is_among_its_facts(
    app: App, qtbot: QtBot, tmp_path: Path
) -> None:
    deep, plain = tmp_path / "deep.tif", picture_file(tmp_path / "plain.png")
    deep.write_bytes(tiff(np.arange(4096, dtype=np.uint16).reshape(64, 64)))
    for path, note in ((deep, "12 bits per channel, scaled to 8"), (plain, ""), (deep, "12 bits")):
        assert drop(app.window, _urls(path))
        _expect(qtbot, app, path.name)
        if not app.tab.panel.facts.facts.button.isChecked():
            app.tab.panel.facts.facts.button.click()
        rows = app.tab.panel.facts.rows
        shown = {name.text(): value for name, value in rows if value.isVisible()}
        assert shown["Picture"].text().startswith("TIFF" if note else "PNG")
        assert ("Note" in shown) == bool(note)
        assert not note or note in shown["Note"].text()


def test_dropped_file_over_the_address_field(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    path = picture_file(tmp_path / "cat.png")

    assert drop(app.window, _urls(path), over=app.tab.address.field)

    _expect(qtbot, app, "cat.png")
    assert app.tab.address.field.text() == ""


def test_dropped_address(app: App, qtbot: QtBot, server: Server) -> None:
    url = server.serve("/photos/dog.png", Served(body=picture_bytes()))

    assert drop(app.window, _urls(url))

    _expect(qtbot, app, "dog.png")


def test_dropped_pixels(app: App, qtbot: QtBot) -> None:
    mime = QMimeData()
    image = QImage(50, 40, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 200, 30))
    mime.setImageData(image)

    assert drop(app.window, mime)

    _expect(qtbot, app, _FROM_PROGRAM)
    assert app.tab.pane.view._image.pixelColor(20, 20) == QColor(10, 200, 30)


def test_dropped_encoded_picture(app: App, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setData("image/webp", QByteArray(picture_bytes(kind="WEBP")))

    assert drop(app.window, mime)

    _expect(qtbot, app, _FROM_PROGRAM)


def test_dropped_html_of_a_linked_picture(app: App, qtbot: QtBot, server: Server) -> None:
    """Browsers pass the address of the link's page as the URL, and the picture in the HTML."""
    picture = server.serve("/cat.png", Served(body=picture_bytes()))
    mime = _urls(server.url("/page"))
    mime.setHtml(f'<a href="{server.url("/page")}"><img alt="" src="{picture}"></a>')

    assert drop(app.window, mime)

    _expect(qtbot, app, "cat.png")


def test_dropped_data_address(app: App, qtbot: QtBot) -> None:
    data = bytes(QByteArray(picture_bytes()).toBase64().data()).decode()
    mime = QMimeData()
    mime.setHtml(f'<img src="data:image/png;base64,{data}">')

    assert drop(app.window, mime)

    _expect(qtbot, app, "Picture from a web page")


def test_dropped_text_that_is_a_path(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setText(str(picture_file(tmp_path / "ship.png")))

    assert drop(app.window, mime)

    _expect(qtbot, app, "ship.png")


def test_temporary_file_that_is_gone_falls_back_to_the_address(
    app: App, qtbot: QtBot, server: Server
) -> None:
    url = server.serve("/bird.png", Served(body=picture_bytes()))

    assert drop(app.window, _urls(Path("/tmp/gone-3f1a.bmp"), url))

    _expect(qtbot, app, "bird.png")


def test_temporary_file_may_vanish_after_the_drop(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    path = picture_file(tmp_path / "firefox.png")

    assert drop(app.window, _urls(path))
    path.unlink()

    _expect(qtbot, app, "firefox.png")


def test_new_drop_replaces_the_picture(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    for name, color in (("one.png", "red"), ("two.png", "blue")):
        assert drop(app.window, _urls(picture_file(tmp_path / name, color)))
        _expect(qtbot, app, name)

    assert app.tab.pane.view._image.pixelColor(5, 5) == QColor("blue")


def test_several_files_show_the_first_readable(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    text = tmp_path / "readme.txt"
    text.write_text("no picture")
    paths = [text, picture_file(tmp_path / "a.png"), picture_file(tmp_path / "b.png")]

    assert drop(app.window, _urls(*paths))

    qtbot.waitUntil(lambda: answered(app, "a.png"))
    assert "one picture is shown at a time" in sentence(app)


def test_all_dropped_files_are_counted(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    paths = [picture_file(tmp_path / f"{number:03}.png") for number in range(150)]

    drop(app.window, _urls(*paths))

    qtbot.waitUntil(lambda: answered(app, "000.png"))
    assert sentence(app).startswith("150 files received")


@pytest.mark.qt_log_ignore(r"raise\(\)")
def test_all_files_of_a_later_launch_are_counted(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    """As when 150 photos are selected in a file manager and opened with the program."""
    names = [str(picture_file(tmp_path / f"{number:03}.png")) for number in range(150)]
    instance = SingleInstance(None)
    SecondLaunchHandler(instance, app.window, app.tab)

    instance.asked.emit(decode(encode(request_from(names, None, 0.0))))

    qtbot.waitUntil(lambda: answered(app, "000.png"))
    assert sentence(app).startswith("150 files received")


def test_pasted_picture_file_and_address(
    app: App, qtbot: QtBot, tmp_path: Path, server: Server
) -> None:
    clipboard = QGuiApplication.clipboard()
    url = server.serve("/frog.png", Served(body=picture_bytes()))
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    path = picture_file(tmp_path / "deer.png")
    ways: list[tuple[Callable[[], object], str]] = [
        (lambda: clipboard.setImage(image), _FROM_PROGRAM),
        (lambda: clipboard.setMimeData(_urls(path)), "deer.png"),
        (lambda: clipboard.setText(f"  {url}\n"), "frog.png"),
    ]
    for fill, name in ways:
        fill()
        QTest.keyClick(app.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        _expect(qtbot, app, name)


def test_picture_pasted_while_the_field_has_the_focus(app: App, qtbot: QtBot) -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    QGuiApplication.clipboard().setImage(image)
    app.tab.address.focus_field()

    QTest.keyClick(app.tab.address.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    _expect(qtbot, app, _FROM_PROGRAM)


def test_text_pasted_into_the_field_stays_text(app: App, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("https://example.org/cat.jpg")
    app.tab.address.focus_field()

    QTest.keyClick(app.tab.address.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert app.tab.address.field.text() == "https://example.org/cat.jpg"
    assert app.tab.pages.currentWidget() is app.tab.empty


def test_typed_address(app: App, qtbot: QtBot, server: Server) -> None:
    url = server.serve("/a%20horse.png", Served(body=picture_bytes()))

    QTest.keyClicks(app.tab.address.field, url)
    QTest.keyClick(app.tab.address.field, Qt.Key.Key_Return)

    _expect(qtbot, app, "a horse.png")


def test_typed_address_of_this_computer_needs_no_scheme(
    app: App, qtbot: QtBot, server: Server
) -> None:
    """No certificate is expected of a server on a port of its own."""
    url = server.serve("/cat.png", Served(body=picture_bytes()))

    QTest.keyClicks(app.tab.address.field, url.removeprefix("http://"))
    QTest.keyClick(app.tab.address.field, Qt.Key.Key_Return)

    _expect(qtbot, app, "cat.png")


def test_opened_file(
    app: App, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = picture_file(tmp_path / "truck.jpg", kind="JPEG")
    monkeypatch.setattr(
        "PySide6.QtWidgets.QFileDialog.getOpenFileNames", lambda *_: ([str(path)], "")
    )

    QTest.mouseClick(app.tab.empty.open, Qt.MouseButton.LeftButton)

    _expect(qtbot, app, "truck.jpg")


def test_arguments_wait_for_the_network(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    path = picture_file(tmp_path / "cat.png")

    app = start(Options(pictures=(str(path), str(tmp_path / "missing.png"))))

    qtbot.waitUntil(lambda: answered(app, "cat.png"), timeout=30_000)
    check_bars(app)


def test_dropped_network_is_used(
    start: Start, qtbot: QtBot, tmp_path: Path, tiny_network: Path
) -> None:
    app = start(network=tmp_path / "none.safetensors")
    qtbot.waitUntil(lambda: sentence(app) != "")
    path = picture_file(tmp_path / "cat.png")
    drop(app.window, _urls(path))
    qtbot.waitUntil(lambda: app.tab.pages.currentWidget() is app.tab.work)

    drop(app.window, _urls(tiny_network))

    qtbot.waitUntil(lambda: answered(app, "cat.png"), timeout=10_000)
    check_bars(app)
    assert sentence(app) == "The network “tiny” was added to your networks and is now in use."


def test_drag_shows_where_it_may_be_dropped(app: App) -> None:
    mime = QMimeData()
    mime.setText("https://example.org/cat.jpg")

    assert drag(app.window, mime, over=app.tab.address.field)

    assert app.window.overlay.isVisible()
    assert app.window.overlay.size() == app.window.size()


def test_drag_of_something_else_is_refused(app: App) -> None:
    mime = QMimeData()
    mime.setData("application/x-color", QByteArray(b"12345678"))

    assert not drag(app.window, mime)
    assert not app.window.overlay.isVisible()


@pytest.mark.parametrize("shown", ["ship", "airplane"])
def test_bundled_network_recognizes_what_is_dropped(
    start: Start, qtbot: QtBot, tmp_path: Path, shown: str
) -> None:
    app = start(network=bundled_model())
    path = tmp_path / "picture.jpg"
    getattr(scenes, shown)().save(path)

    drop(app.window, _urls(path))

    qtbot.waitUntil(lambda: answered(app, "picture.jpg"), timeout=30_000)
    check_bars(app)
    answer = app.tab.predictions.classification
    assert answer is not None
    assert answer.prediction.verdict == "sure"
    first = app.tab.panel.bars.bars[0]
    assert first.accessibleName().lower() == shown
    assert first.value() > 600
