"""Networks are trained in the real window, by a real trainer: started, stopped, killed, resumed."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot
from safetensors.torch import load_file

from cifar_desktop.app import App
from cifar_desktop.runs.services import run_launcher
from cifar_desktop.runs.services.run_history import RunHistory
from cifar_desktop.runs.services.run_summary import RunState, RunSummary
from cifar_desktop.training.page import TrainingPage
from tests.desktop.support import Start, answered, picture_file, sentence, toast
from tests.trainer.tiny import draw, same, tiny_config, write_folder
from trainer.config.train_config import MuonSettings
from trainer.errors import StorageError
from trainer.runs.run_folder import RunFolder

_PATIENCE = 60_000

pytestmark = pytest.mark.usefixtures("own_cache")


def _open(app: App, qtbot: QtBot) -> TrainingPage:
    bar = app.window.tabs.tabBar()
    place = bar.tabRect(1).center()
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    qtbot.waitUntil(app.training.page.isVisible)
    return app.training.page


def _start(app: App, qtbot: QtBot, data: str, **changes: Any) -> Path:
    """Fill the form, press Start, and give back the run's folder."""
    page = _open(app, qtbot)
    page.form.set_values(replace(tiny_config(validation_images=60), **changes), [data])
    QTest.mouseClick(page.form.footer.start, Qt.MouseButton.LeftButton)
    path = page.runs_controller.path
    assert path is not None
    return path


def _press(button: QAbstractButton, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: button.isVisible() and button.isEnabled(), timeout=_PATIENCE)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _run(app: App, path: Path) -> RunSummary:
    run = app.run_manager.runs.summary(path)
    assert run is not None
    return run


def _history(app: App, path: Path) -> RunHistory:
    return app.run_manager.follow(path).history


def _reach(app: App, path: Path, qtbot: QtBot, epochs: int) -> None:
    qtbot.waitUntil(lambda: _history(app, path).epochs_done >= epochs, timeout=_PATIENCE)


def _until_state(app: App, path: Path, qtbot: QtBot, state: RunState) -> None:
    qtbot.waitUntil(
        lambda: not app.run_manager.active and _run(app, path).state is state, timeout=_PATIENCE
    )


def _stop(app: App, path: Path, qtbot: QtBot) -> None:
    _press(app.training.page.panel.stop, qtbot)
    _until_state(app, path, qtbot, RunState.STOPPED)


def _row(app: App, path: Path) -> dict[str, str]:
    """What the table shows of a run, by heading."""
    model = app.training.page.table.view.model()
    headings = [
        str(model.headerData(column, Qt.Orientation.Horizontal)).strip()
        for column in range(model.columnCount())
    ]
    name = _run(app, path).name
    for row in range(model.rowCount()):
        cells = [model.index(row, column).data() for column in range(model.columnCount())]
        texts = [str(cell).strip() for cell in cells]
        shown = dict(zip(headings, texts, strict=True))
        if shown["Name"] == name:
            return shown
    raise AssertionError(name)


def _unbroken(folder: Path, path: Path) -> RunFolder:
    """A run with the settings of another, trained from start to end by the command line."""
    config, data = RunFolder(path).read()
    whole = RunFolder(folder)
    folder.mkdir(parents=True)
    whole.create(config, data)
    command = [sys.executable, "-m", "trainer", "train", "--resume", str(folder), "--events"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return whole


def test_stopped_run_goes_on_after_a_restart_to_the_very_same_network(
    start: Start, qtbot: QtBot, data: str, tmp_path: Path
) -> None:
    first = start()
    path = _start(first, qtbot, data, epochs=20)
    page = first.training.page
    _reach(first, path, qtbot, 2)
    loss = page.curves.charts.charts["loss"]
    qtbot.waitUntil(lambda: loss.isVisible() and "epoch" in loss.accessibleDescription())
    before, image = loss.accessibleDescription(), loss.grab().toImage()
    _reach(first, path, qtbot, 4)
    qtbot.waitUntil(lambda: loss.accessibleDescription() != before)
    assert loss.grab().toImage() != image
    assert page.panel.facts.texts["Epoch"].endswith("of 20")
    assert not page.panel.resume.isVisible()

    _press(page.panel.stop, qtbot)
    _until_state(first, path, qtbot, RunState.STOPPED)
    done = _run(first, path).epochs_done
    assert 0 < done < 20
    assert RunFolder(path).checkpoint.exists()
    assert page.panel.state.text().startswith("Stopped after")
    first.window.close()
    first.shutdown()

    second = start()
    page = _open(second, qtbot)
    qtbot.waitUntil(lambda: page.runs_controller.path == path)
    assert _row(second, path)["State"] == "Stopped"
    _press(page.panel.resume, qtbot)
    qtbot.waitUntil(lambda: second.run_manager.active == [path])
    _until_state(second, path, qtbot, RunState.FINISHED)

    assert _history(second, path).epoch_curves.x.tolist() == list(range(1, 21))
    assert _row(second, path)["Test"].endswith("% of 60")
    assert "finished: " in sentence(second)
    assert sentence(second).endswith(" test accuracy.")
    whole = _unbroken(tmp_path / "whole", path)
    assert same(load_file(whole.model), load_file(RunFolder(path).model))


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_killed_child_has_words_and_loses_nothing(app: App, qtbot: QtBot, data: str) -> None:
    path = _start(app, qtbot, data, epochs=20)
    _reach(app, path, qtbot, 3)
    process = RunFolder(path).process
    assert process is not None

    os.kill(process, signal.SIGKILL)

    _until_state(app, path, qtbot, RunState.INTERRUPTED)
    qtbot.waitUntil(lambda: "killed" in sentence(app))
    assert app.training.page.panel.state.text().startswith("Interrupted after")
    _press(toast(app).action, qtbot)
    qtbot.waitUntil(lambda: app.run_manager.active == [path])
    _until_state(app, path, qtbot, RunState.FINISHED)
    assert _history(app, path).epoch_curves.x.tolist() == list(range(1, 21))


def _tab_says(app: App) -> str:
    return app.window.tabs.tabBar().accessibleTabName(app.window.tabs.indexOf(app.training))


def test_tab_shows_how_a_run_is_getting_on(app: App, qtbot: QtBot, data: str) -> None:
    path = _start(app, qtbot, data, epochs=10_000)
    app.window.show_classify()
    qtbot.waitUntil(lambda: _tab_says(app) == "Training, 0 percent", timeout=_PATIENCE)
    waiting = _start(app, qtbot, data, epochs=2)
    app.window.show_classify()
    app.run_manager.stop(path)

    _until_state(app, waiting, qtbot, RunState.FINISHED)
    qtbot.waitUntil(lambda: _tab_says(app) == "Training, finished")
    assert app.window.tabs.tabText(1) == "&Training"

    app.window.tabs.setCurrentWidget(app.training)
    qtbot.waitUntil(lambda: _tab_says(app) == "Training")


_NOISY_TRAINER = """
import os, sys
for _ in range(2000):
    os.write(1, b"\\xff\\x00{garbage" * 1000)
from trainer import cli
code = cli.main(sys.argv[1:])
os.write(1, b"more garbage")
sys.exit(code)
"""


def test_garbage_on_the_childs_output_harms_nothing(app: App, qtbot: QtBot, data: str) -> None:
    app.run_manager._program = [sys.executable, "-c", _NOISY_TRAINER]

    path = _start(app, qtbot, data, epochs=3)

    _until_state(app, path, qtbot, RunState.FINISHED)
    assert _run(app, path).epochs_done == 3
    assert sum(each.stat().st_size for each in path.iterdir()) < 5_000_000


def test_garbage_in_the_record_is_told_once_and_the_run_goes_on(
    app: App, qtbot: QtBot, data: str
) -> None:
    path = _start(app, qtbot, data, epochs=60)
    _reach(app, path, qtbot, 2)

    with RunFolder(path).events.open("ab") as record:
        record.write(b"\x00\xff garbage\n" * 500)

    qtbot.waitUntil(lambda: "cannot be read" in sentence(app), timeout=_PATIENCE)
    _reach(app, path, qtbot, 6)
    _stop(app, path, qtbot)
    assert _run(app, path).resumable


def _answer(app: App, label: str, qtbot: QtBot) -> None:
    """Close the window, and answer its question."""
    app.window.close()
    box = app.window.close_confirmation.box
    assert box is not None
    qtbot.waitUntil(box.isVisible)
    named = {button.text().replace("&", ""): button for button in box.buttons()}
    QTest.mouseClick(named[label], Qt.MouseButton.LeftButton)


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_closing_asks_and_cancel_keeps_everything_going(app: App, qtbot: QtBot, data: str) -> None:
    path = _start(app, qtbot, data, epochs=10_000)
    _reach(app, path, qtbot, 1)

    _answer(app, "Cancel", qtbot)

    assert app.window.isVisible()
    _reach(app, path, qtbot, _history(app, path).epochs_done + 2)
    _answer(app, "Stop and save", qtbot)
    qtbot.waitUntil(lambda: not app.window.isVisible(), timeout=_PATIENCE)
    assert not RunFolder(path).is_held
    assert RunFolder(path).checkpoint.exists()


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_run_goes_on_in_the_background_and_is_found_again(
    start: Start, qtbot: QtBot, data: str
) -> None:
    first = start()
    path = _start(first, qtbot, data, epochs=10_000)
    _reach(first, path, qtbot, 1)
    _answer(first, "Continue in the background", qtbot)
    assert not first.window.isVisible()
    done = _history(first, path).epochs_done
    assert RunFolder(path).is_held

    second = start()
    page = _open(second, qtbot)
    qtbot.waitUntil(lambda: second.run_manager.active == [path])
    qtbot.waitUntil(lambda: "continued in the background" in sentence(second))
    _reach(second, path, qtbot, done + 2)
    assert page.runs_controller.path == path
    _press(page.panel.stop, qtbot)

    _until_state(second, path, qtbot, RunState.STOPPED)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_run_that_broke_off_without_a_window_is_offered_at_the_next_start(
    start: Start, qtbot: QtBot, data: str
) -> None:
    first = start()
    path = _start(first, qtbot, data, epochs=20)
    _reach(first, path, qtbot, 2)
    _answer(first, "Continue in the background", qtbot)
    process = RunFolder(path).process
    assert process is not None
    os.kill(process, signal.SIGKILL)
    qtbot.waitUntil(lambda: not RunFolder(path).is_held)
    run_launcher.reap()

    second = start()
    qtbot.waitUntil(lambda: "was interrupted" in sentence(second), timeout=_PATIENCE)
    _press(toast(second).action, qtbot)

    qtbot.waitUntil(lambda: second.run_manager.active == [path])
    assert second.window.tabs.currentWidget() is second.training
    _until_state(second, path, qtbot, RunState.FINISHED)


def test_second_start_waits_for_the_first(app: App, qtbot: QtBot, data: str) -> None:
    first = _start(app, qtbot, data, epochs=10_000)
    _reach(app, first, qtbot, 1)
    hint = app.training.page.form.footer.hint
    assert hint.text().startswith("Starts when ")
    assert "One run at a time" in hint.toolTip()

    second = _start(app, qtbot, data, epochs=2)
    listed = {_row(app, second)["State"]}
    app.run_manager.runs.changed.connect(lambda _path: listed.add(_row(app, second)["State"]))

    qtbot.waitUntil(lambda: _run(app, second).state is RunState.WAITING, timeout=_PATIENCE)
    assert app.training.page.panel.state.text().startswith("Waiting")
    assert listed == {"Starting", "Waiting"}
    app.training.page.runs_controller.show_run(first)
    _press(app.training.page.panel.stop, qtbot)
    _until_state(app, second, qtbot, RunState.FINISHED)


def test_waiting_run_is_still_called_so_after_a_restart(
    start: Start, qtbot: QtBot, data: str
) -> None:
    app = start()
    first = _start(app, qtbot, data, epochs=10_000)
    _reach(app, first, qtbot, 1)
    second = _start(app, qtbot, data, epochs=2)
    qtbot.waitUntil(lambda: _run(app, second).state is RunState.WAITING, timeout=_PATIENCE)
    app.window.hide()
    app.shutdown()

    again = start()
    listed = set()
    again.run_manager.runs.list_changed.connect(lambda: listed.add(_run(again, second).state))
    qtbot.waitUntil(lambda: bool(listed), timeout=_PATIENCE)
    _open(again, qtbot)

    assert listed == {RunState.WAITING}
    assert _row(again, second)["State"] == "Waiting"
    for path in (second, first):
        again.run_manager.kill(path)
    qtbot.waitUntil(lambda: not again.run_manager.active, timeout=_PATIENCE)


def test_run_whose_download_failed_can_be_started_again(
    app: App, qtbot: QtBot, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cause, such as a missing connection, is often over in a moment."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    path = _start(app, qtbot, "cifar10", epochs=1)
    _until_state(app, path, qtbot, RunState.FAILED)
    qtbot.waitUntil(lambda: "could not be downloaded" in sentence(app))
    notice, button = toast(app), app.training.page.panel.resume
    assert notice.action.text() == button.accessibleName() == "Start again"
    assert "no checkpoint" in button.toolTip()
    RunFolder(path).move_data((data,))

    _press(notice.action, qtbot)

    _until_state(app, path, qtbot, RunState.FINISHED)


def _answers(app: App) -> set[str]:
    return {bar.accessibleName() for bar in app.tab.panel.bars.bars}


def test_network_of_a_run_answers_with_one_click(
    app: App, qtbot: QtBot, data: str, tmp_path: Path
) -> None:
    app.tab.open_arguments([str(picture_file(tmp_path / "red.png"))])
    qtbot.waitUntil(lambda: answered(app, "red.png"))
    path = _start(app, qtbot, data, epochs=20)
    _reach(app, path, qtbot, 2)
    _stop(app, path, qtbot)

    _press(app.training.page.panel.use, qtbot)
    qtbot.waitUntil(lambda: "(so far)" in app.networks.current, timeout=_PATIENCE)
    qtbot.waitUntil(lambda: _answers(app) == {"Red", "Green", "Blue"}, timeout=_PATIENCE)
    assert app.window.tabs.currentWidget() is app.tab

    _open(app, qtbot)
    _press(app.training.page.panel.resume, qtbot)
    qtbot.waitUntil(lambda: app.run_manager.active == [path])
    _until_state(app, path, qtbot, RunState.FINISHED)
    _press(app.training.page.panel.use, qtbot)
    name = _run(app, path).name
    qtbot.waitUntil(lambda: Path(app.networks.current).stem == name, timeout=_PATIENCE)
    qtbot.waitUntil(lambda: _answers(app) == {"Red", "Green", "Blue"}, timeout=_PATIENCE)


def test_loss_that_is_no_number_stops_the_run_with_its_reason(
    app: App, qtbot: QtBot, data: str
) -> None:
    wild = MuonSettings(head_learning_rate=99, bias_learning_rate=99, weight_decay=0.2)
    path = _start(app, qtbot, data, epochs=50, optimizer=wild)

    _until_state(app, path, qtbot, RunState.FAILED)

    qtbot.waitUntil(lambda: "diverged" in sentence(app))
    assert "diverged" in app.training.page.panel.state.text()


@pytest.mark.real_trainer
def test_missing_data_are_told_in_words(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    page = _open(app, qtbot)

    page.form.set_data(str(tmp_path / "nowhere"))

    qtbot.waitUntil(lambda: "does not exist" in page.form.summary.text.text(), timeout=_PATIENCE)
    assert not page.form.footer.start.isEnabled()


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_run_that_finished_in_the_background_is_told_at_the_next_start(
    start: Start, qtbot: QtBot, data: str
) -> None:
    first = start()
    path = _start(first, qtbot, data, epochs=20)
    _reach(first, path, qtbot, 1)
    _answer(first, "Continue in the background", qtbot)
    qtbot.waitUntil(lambda: not RunFolder(path).is_held, timeout=_PATIENCE)

    second = start()

    qtbot.waitUntil(lambda: "finished: " in sentence(second), timeout=_PATIENCE)
    _press(toast(second).action, qtbot)
    qtbot.waitUntil(lambda: _run(second, path).name in second.networks.current, timeout=_PATIENCE)


def test_run_whose_data_were_moved_goes_on(
    app: App, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    write_folder(old / "train", draw(120, 1))
    write_folder(old / "test", draw(30, 2))
    path = _start(app, qtbot, str(old), epochs=10_000)
    _reach(app, path, qtbot, 1)
    _stop(app, path, qtbot)
    old.rename(new)
    _press(app.training.page.panel.resume, qtbot)
    qtbot.waitUntil(lambda: "does not exist" in sentence(app), timeout=_PATIENCE)
    monkeypatch.setattr(app.run_data._dialogs, "moved_dataset", lambda *_: new)

    _press(toast(app).action, qtbot)

    done = _run(app, path).epochs_done
    _reach(app, path, qtbot, done + 1)
    _stop(app, path, qtbot)


def test_stop_reaches_a_run_whose_folder_cannot_be_written(
    app: App, qtbot: QtBot, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_folder: RunFolder) -> None:
        raise StorageError("The disk is full.")

    path = _start(app, qtbot, data, epochs=10_000)
    _reach(app, path, qtbot, 1)
    monkeypatch.setattr(RunFolder, "request_stop", full)

    _press(app.training.page.panel.stop, qtbot)

    _until_state(app, path, qtbot, RunState.STOPPED)
