"""Networks in the window: chosen, imported, removed, and remembered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.command_line import Options
from cifar_desktop.networks.widgets.picker import NetworkEntry, NetworkMenu, NetworkPicker
from tests.desktop.support import Start, answered, drop, picture_file, sentence, toast
from trainer.models.model_file import save_model


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """A network file that tells three classes apart."""
    from tests.trainer.tiny import tiny_card
    from trainer.models.registry import build

    path = tmp_path / "elsewhere" / "three.safetensors"
    card = tiny_card(figures={"accuracy": 0.5})
    save_model(path, build(card.architecture, len(card.classes), card.widths), card)
    return path


def _folder(app: App) -> Path:
    return app._settings.file.parent / "networks"


def _imported(app: App, qtbot: QtBot, path: Path, name: str = "") -> Path:
    app.tab.import_and_use(path, name)
    kept = _folder(app) / f"{name or path.stem}.safetensors"
    qtbot.waitUntil(lambda: _uses(app, kept) and str(kept) in _keys(app))
    return kept


def _keys(app: App) -> list[str]:
    return [entry.key for entry in app.networks.entries]


def _uses(app: App, path: Path) -> bool:
    """Whether this network answers, and the window says so."""
    return app.networks._in_use == path and app.networks.current == str(path)


def _menus(app: App) -> list[NetworkMenu]:
    return [app.tab.picker.networks, *app.window.menuBar().findChildren(NetworkMenu)]


def _opened(menu: QMenu) -> list[QAction]:
    """The entries as they are when the menu is opened."""
    menu.aboutToShow.emit()
    return [action for action in menu.actions() if action.isCheckable()]


def _built_in(app: App) -> Path:
    return app.library.built_in


def test_network_of_few_images_says_so(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    from tests.trainer.tiny import tiny_card
    from trainer.models.registry import build

    path = tmp_path / "few.safetensors"
    figures = {"accuracy": 23 / 26, "images": 26.0, "validation_images": 14.0}
    card = tiny_card(figures=figures)
    save_model(path, build(card.architecture, len(card.classes), card.widths), card)
    _imported(app, qtbot, path)
    qtbot.waitUntil(lambda: app.tab.picker.accessibleName() == "Network: few, 88 % of 26")
    assert app.tab.picker.toolTip().endswith(
        "88 % (23 of 26, likely 71 to 96), 3 classes, calibrated on only 14 images"
    )
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(picture_file(tmp_path / "cat.png")))])
    drop(app.window, mime)
    qtbot.waitUntil(lambda: answered(app, "cat.png"))
    shown = {name.text(): value.text() for name, value in app.tab.panel.facts.rows}
    assert shown["Percentages"].startswith("Calibrated on only 14 images")


def test_built_in_network_is_there_from_the_start(app: App, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: app.tab.picker.accessibleName() == "Network: Built in, 12.3 %")

    for menu in _menus(app):
        [entry] = _opened(menu)
        assert entry.text() == "Built in (12.3 %, 10 classes)"
        assert entry.isChecked()
        assert not menu.remove_menu.isEnabled()
    assert len(_menus(app)) == 2


def test_dropped_network_is_kept_and_answers_for_the_picture(
    app: App, qtbot: QtBot, tmp_path: Path, network: Path
) -> None:
    for path in (picture_file(tmp_path / "cat.png"), network):
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        drop(app.window, mime)
    qtbot.waitUntil(lambda: _uses(app, _folder(app) / "three.safetensors"))
    network.unlink()

    def answers_for_three_classes() -> bool:
        answer = app.tab.predictions.classification
        return answer is not None and len(answer.prediction.classes) == 3

    qtbot.waitUntil(answers_for_three_classes)
    assert answered(app, "cat.png")
    assert sentence(app) == "The network “three” was added to your networks and is now in use."
    facts = {name.text(): value.text() for name, value in app.tab.panel.facts.rows}
    assert facts["Network"] == "three"


def test_imported_network_gets_the_name_of_its_run(app: App, qtbot: QtBot, network: Path) -> None:
    kept = _imported(app, qtbot, network, "my best run")

    assert kept.exists()
    assert app.tab.picker.accessibleName() == "Network: my best run, 50.0 %"


def test_chosen_file_is_imported(
    app: App, qtbot: QtBot, network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "PySide6.QtWidgets.QFileDialog.getOpenFileName", lambda *_: (str(network), "")
    )

    for menu in _menus(app):
        menu.import_action.trigger()

    qtbot.waitUntil(lambda: _uses(app, _folder(app) / "three.safetensors"))


def test_network_is_chosen_in_each_menu(app: App, qtbot: QtBot, network: Path) -> None:
    kept = _imported(app, qtbot, network)

    for menu in _menus(app):
        first, second = _opened(menu)
        assert (first.isChecked(), second.isChecked()) == (False, True)
        first.trigger()
        qtbot.waitUntil(lambda: _uses(app, _built_in(app)))
        _opened(menu)[1].trigger()
        qtbot.waitUntil(lambda: _uses(app, kept))
    assert app.tab.empty.chips.accessibleName() == "Classes: blue, green, red"


def test_choice_is_remembered(start: Start, app: App, qtbot: QtBot, network: Path) -> None:
    kept = _imported(app, qtbot, network)
    app.window.close()

    again = start()

    qtbot.waitUntil(lambda: _uses(again, kept), timeout=10_000)
    assert sentence(again) == ""
    again.tab.use_network(_built_in(again))
    qtbot.waitUntil(lambda: _uses(again, _built_in(again)))
    again.window.close()
    last = start()
    qtbot.waitUntil(lambda: last.tab.predictions.network is not None)
    assert _uses(last, _built_in(last))


@pytest.mark.parametrize("content", [None, b"hm"], ids=["gone", "damaged"])
def test_remembered_network_that_cannot_be_used(
    content: bytes | None, start: Start, app: App, qtbot: QtBot, network: Path, tmp_path: Path
) -> None:
    kept = _imported(app, qtbot, network)
    app.window.close()
    kept.unlink()
    if content is not None:
        kept.write_bytes(content)

    again = start(Options(pictures=(str(picture_file(tmp_path / "cat.png")),)))

    qtbot.waitUntil(lambda: _uses(again, _built_in(again)), timeout=10_000)
    assert "three.safetensors" in sentence(again)
    assert sentence(again).endswith("The built-in network is used instead.")
    qtbot.waitUntil(lambda: answered(again, "cat.png"))
    # It may be there again at the next start, as a disk that was not plugged in.
    assert again._settings.network == "three.safetensors"


def test_network_of_the_command_line_is_used_once(
    start: Start, qtbot: QtBot, network: Path
) -> None:
    app = start(Options(model=network))
    qtbot.waitUntil(lambda: _uses(app, network), timeout=10_000)

    assert app.tab.picker.accessibleName() == "Network: three"
    assert [entry.text() for entry in _opened(app.tab.picker.networks)][1] == (
        "three (not one of your networks)"
    )
    assert app._settings.network == ""
    assert not _folder(app).exists()


def _answer_box(app: App, button: str) -> None:
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    texts = {each.text().replace("&", ""): each for each in box.findChildren(QPushButton)}
    QTest.mouseClick(texts[button], Qt.MouseButton.LeftButton)


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_network_in_use_is_removed_after_asking(app: App, qtbot: QtBot, network: Path) -> None:
    kept = _imported(app, qtbot, network)
    menu = app.tab.picker.networks
    _opened(menu)
    [remove] = menu.remove_menu.actions()
    assert remove.text() == "three…"

    remove.trigger()
    _answer_box(app, "Cancel")
    assert kept.exists()
    remove.trigger()
    _answer_box(app, "Remove")

    qtbot.waitUntil(lambda: _uses(app, _built_in(app)) and not kept.exists())
    qtbot.waitUntil(lambda: sentence(app) == "The network “three” was removed.")
    qtbot.waitUntil(lambda: _keys(app) == [str(_built_in(app))])
    assert app._settings.network == ""


def test_network_that_is_not_in_use_is_removed(app: App, qtbot: QtBot, network: Path) -> None:
    kept = _imported(app, qtbot, network)
    app.tab.use_network(_built_in(app))
    qtbot.waitUntil(lambda: _uses(app, _built_in(app)))

    app.networks.remove(kept)

    qtbot.waitUntil(lambda: _keys(app) == [str(_built_in(app))])
    assert _uses(app, _built_in(app))


def test_damaged_network_is_listed_and_says_why(app: App, qtbot: QtBot) -> None:
    _folder(app).mkdir()
    broken = _folder(app) / "broken.safetensors"
    broken.write_bytes(b"hm")
    app.library.refresh()
    qtbot.waitUntil(lambda: len(_keys(app)) == 2)
    entry = _opened(app.tab.picker.networks)[1]
    assert entry.text() == "broken (cannot be used)"

    entry.trigger()

    qtbot.waitUntil(lambda: "damaged" in sentence(app))
    assert _uses(app, _built_in(app))
    assert toast(app).action.text() == "Open another network…"


def test_network_that_cannot_be_kept_answers_all_the_same(
    app: App, qtbot: QtBot, network: Path
) -> None:
    # A list that is still being read would report the missing folder after all else.
    qtbot.waitUntil(lambda: bool(app.networks.entries[0].detail))
    _folder(app).write_text("a file where the folder should be")

    app.tab.import_and_use(network)

    qtbot.waitUntil(lambda: _uses(app, network))
    assert "will be used until you quit" in sentence(app)
    assert app._settings.network == ""


def test_network_chosen_meanwhile_wins_over_an_import(
    app: App, qtbot: QtBot, network: Path
) -> None:
    app.tab.import_and_use(network)
    app.tab.use_network(_built_in(app))

    qtbot.waitUntil(lambda: len(_keys(app)) == 2)
    qtbot.waitUntil(lambda: app.networks._pending is None)
    assert _uses(app, _built_in(app))


def test_newest_choice_wins(app: App, qtbot: QtBot, network: Path) -> None:
    kept = _imported(app, qtbot, network)

    for path in (_built_in(app), kept, _built_in(app), kept):
        app.tab.use_network(path)

    qtbot.waitUntil(lambda: app.networks._pending is None)
    assert _uses(app, kept)
    assert app._settings.network == kept.name


@pytest.fixture
def picker(qtbot: QtBot) -> Iterator[NetworkPicker]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 100)
    button = NetworkPicker(window)
    window.show()
    qtbot.waitExposed(window)
    yield button
    window.close()


def test_long_name_is_shortened_and_said_in_full(picker: NetworkPicker) -> None:
    name = "R&D " + "a very long name " * 20
    picker.show_networks([NetworkEntry(key="k", name=name, figure="61.2 %")], "k")

    assert picker.sizeHint().width() <= 300
    assert picker.accessibleName() == f"Network: {name}, 61.2 %"
    picker.networks.aboutToShow.emit()
    [entry] = [action for action in picker.networks.actions() if action.isCheckable()]
    assert entry.text().startswith("R&&D a very")
    assert len(entry.text()) < 100


def test_button_without_a_network_says_so(picker: NetworkPicker) -> None:
    picker.show_networks([NetworkEntry(key="k", name="Built in")], "")

    assert picker.text() == "No network"


@pytest.mark.qt_log_ignore(r"This plugin does not support (raise|grabbing)")
def test_menu_is_used_by_keyboard(picker: NetworkPicker, qtbot: QtBot) -> None:
    chosen: list[str] = []
    picker.networks.chosen.connect(chosen.append)
    picker.show_networks([NetworkEntry(key="a", name="A"), NetworkEntry(key="b", name="B")], "a")
    picker.networks.popup(picker.mapToGlobal(QPoint(0, 30)))

    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(picker.networks, key)

    assert chosen == ["b"]
