"""The Diagnostics window: real and fake devices, folders, and the report."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from cifar_desktop.app import App
from cifar_desktop.common import open_externally
from cifar_desktop.help.diagnostics_dialog import DiagnosticsWindow
from cifar_desktop.help.services import system_report
from cifar_desktop.help.services.system_report import (
    LocatedFolder,
    inspect_folder,
    log_tails,
    without_home,
)
from cifar_desktop.help.widgets.folder_rows import PathField
from trainer.events.codec import to_line
from trainer.events.command_events import CommandFailed, DeviceTested

# Without a display windows have no hints about their size, and no order.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise")

Open = Callable[..., DiagnosticsWindow]
_PATIENCE = 60_000
_NOWHERE = Path("/proc/no such folder")
"""Not even root can create it."""


@pytest.fixture
def show(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    """Opens the window above another; a Python program can stand in for the trainer."""
    below = QWidget()
    qtbot.addWidget(below)
    below.show()
    opened: list[DiagnosticsWindow] = []

    def begin(code: str | None = None, *places: LocatedFolder) -> DiagnosticsWindow:
        log = tmp_path / "log"
        program = None if code is None else [sys.executable, "-c", code]
        found = places or (LocatedFolder(title="Log", path=log),)
        window = DiagnosticsWindow(below, found, log, program)
        opened.append(window)
        window.show()
        qtbot.waitExposed(window)
        qtbot.waitUntil(lambda: bool(window.view.folders.buttons))
        return window

    yield begin
    for window in opened:
        if isValid(window):
            window.close()
    below.close()


def _trainer_sending(*events: DeviceTested | CommandFailed, code: int = 0, log: str = "") -> str:
    """A program that sends events as the trainer does."""
    lines = "".join(f"{to_line(event)}\n" for event in events)
    writes = f"sys.stdout.write({lines!r}); sys.stderr.write({log!r})"
    return f"import sys; {writes}; sys.exit({code})"


def _wait_until_tested(qtbot: QtBot, window: DiagnosticsWindow) -> None:
    qtbot.waitUntil(lambda: not window.view.bar.isVisible(), timeout=_PATIENCE)


_GPU = DeviceTested(
    device="cuda", title="NVIDIA H200", precision="bfloat16", works=True, reason="",
    memory=150_000_000_000, automatic=True,
    speeds={"float32, channels last": 9000.4, "bfloat16, channels last": 21000},
)  # fmt: skip
_NO_GPU = DeviceTested(
    device="cuda", title="NVIDIA graphics card", precision="", works=False,
    reason="The NVIDIA driver is too old.", memory=None, automatic=False,
)  # fmt: skip
_CPU = DeviceTested(
    device="cpu", title="Some Processor", precision="float32", works=True, reason="",
    memory=8_000_000_000, automatic=True,
)  # fmt: skip
_WAITS = "import time; time.sleep(60)"


def test_devices_of_this_computer_are_tested(show: Open, qtbot: QtBot) -> None:
    window = show()
    assert "few seconds" in window.view.state.text()
    assert window.view.bar.isVisible()
    assert "still being tested" in window.report()

    _wait_until_tested(qtbot, window)

    processor = window.view.devices.rows[-1]
    assert processor.works
    assert "(CPU)" in processor.title
    assert window.view.state.text().startswith("Networks are trained on")
    assert all(row.works or row.text for row in window.view.devices.rows)


def test_gpu_that_is_not_used_has_its_reason(show: Open, qtbot: QtBot) -> None:
    window = show(_trainer_sending(_NO_GPU, _CPU))
    _wait_until_tested(qtbot, window)

    gpu, cpu = window.view.devices.rows
    assert (gpu.works, gpu.state, gpu.text) == (
        False,
        "Not available",
        "The NVIDIA driver is too old.",
    )
    assert (cpu.works, cpu.state) == (True, "Works; used by default")
    assert cpu.text == "Precision float32, 8.0 GB memory"
    assert "trained on Some Processor (CPU)" in window.view.state.text()
    assert "The NVIDIA driver is too old." in window.report()
    assert "The NVIDIA driver is too old." in _words(window)


def test_gpu_that_works(show: Open, qtbot: QtBot) -> None:
    window = show(_trainer_sending(_GPU))
    _wait_until_tested(qtbot, window)

    assert window.view.devices.rows[0].text.splitlines() == [
        "Precision bfloat16, 150 GB memory",
        "sprint in bfloat16, channels last: 21,000 images/s",
        "sprint in float32, channels last: 9,000 images/s",
    ]
    assert "float32, channels last: 9,000 images/s" in window.report()
    assert "trained on NVIDIA H200 (GPU)" in window.view.state.text()


def test_failing_trainer_is_reported_with_its_log_and_can_be_retried(
    show: Open, qtbot: QtBot
) -> None:
    window = show(
        _trainer_sending(_CPU, code=1, log="first\ncifar-trainer: The library is broken.\n")
    )
    _wait_until_tested(qtbot, window)
    assert "The library is broken." in window.view.state.text()
    assert "first" in window.view.details.text()
    assert "first" in window.report()

    window.view.again.click()

    assert window.view.bar.isVisible()
    assert not window.view.details.isVisible()
    assert not window.view.devices.rows
    _wait_until_tested(qtbot, window)
    assert len(window.view.devices.rows) == 1


def test_trainer_that_cannot_be_started(qtbot: QtBot, tmp_path: Path) -> None:
    below = QWidget()
    qtbot.addWidget(below)
    window = DiagnosticsWindow(below, [], tmp_path, [str(tmp_path / "none")])
    window.show()

    _wait_until_tested(qtbot, window)

    assert "could not be started" in window.view.state.text()
    window.close()


def test_testing_can_be_stopped(show: Open, qtbot: QtBot) -> None:
    window = show(_WAITS)
    assert "S&top" in window.view.again.text()

    window.view.again.click()

    _wait_until_tested(qtbot, window)
    assert window.view.state.text().startswith("Stopped")
    assert "Test again" in window.view.again.text()


def test_esc_closes_and_leaves_no_process(show: Open, qtbot: QtBot) -> None:
    window = show(_WAITS)

    with qtbot.waitSignal(window.destroyed):
        QTest.keyClick(window, Qt.Key.Key_Escape)


def test_folders_are_inspected(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    whole, later, nowhere, in_the_way = (
        inspect_folder(LocatedFolder(title="x", path=path))
        for path in (tmp_path, tmp_path / "a" / "b", _NOWHERE, tmp_path / "file")
    )

    assert whole.sentence.startswith("Writable; ")
    assert "GB free" in whole.sentence
    assert (later.exists, later.writable) == (False, True)
    assert later.sentence.startswith("Created when needed")
    assert nowhere.sentence.startswith("Missing, and cannot be created")
    assert in_the_way.problem
    assert not whole.problem
    assert not inspect_folder(LocatedFolder(title="x", path=Path("/proc"), written=False)).problem
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_folders_are_shown_and_opened(
    show: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    works = True

    def open_url(url: QUrl) -> bool:
        asked.append(url.toLocalFile())
        return works

    monkeypatch.setattr(open_externally, "QDesktopServices", SimpleNamespace(openUrl=open_url))
    window = show(
        _WAITS,
        LocatedFolder(title="Runs", path=tmp_path),
        LocatedFolder(title="Cache", path=_NOWHERE),
    )
    folders = window.view.folders
    assert not folders.buttons[_NOWHERE].isEnabled()
    assert folders.buttons[tmp_path].accessibleName() == "Open folder: Runs"
    assert "cannot be created" in folders.states[_NOWHERE].text()

    folders.buttons[tmp_path].click()
    assert asked == [str(tmp_path)]
    assert "Writable" in folders.states[tmp_path].text()

    works = False
    folders.buttons[tmp_path].click()
    assert "No file manager" in folders.states[tmp_path].text()


def test_path_is_shortened_and_copied_whole(qtbot: QtBot) -> None:
    path = Path("/a/rather/long/path/that/has/no/room/in/a/narrow/window/Zoë/图片")
    host = QWidget()
    field = PathField(path, "Runs, path")
    field.setParent(host)
    field.resize(150, 24)
    qtbot.addWidget(host)
    host.show()
    assert "…" in field.text()
    assert field.text() != str(path)

    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    field.copy()

    assert QGuiApplication.clipboard().text() == str(path)


def test_report_has_everything_but_the_home_folder(
    show: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "Zoë"
    monkeypatch.setattr(Path, "home", lambda: home)
    log = tmp_path / "log"
    log.mkdir()
    lines = [f"line {number} of “{home}/photo.png”" for number in range(150)]
    (log / "cifar-desktop.log").write_text("\n".join(lines), encoding="utf-8")
    window = show(_trainer_sending(_NO_GPU, _CPU), LocatedFolder(title="Runs", path=home / "runs"))
    _wait_until_tested(qtbot, window)

    window.view.copy.click()

    report = QGuiApplication.clipboard().text()
    assert window.view.copy.text() == "Copied"
    assert str(home) not in report
    assert "Runs: ~/runs (Created when needed" in report
    assert "line 149 of “~/photo.png”" in report
    assert "line 50 of" in report
    assert "line 49 of" not in report
    shown = [(name, label.text()) for name, label in window.view.facts.rows]
    assert all(f"{name}: {value}" in report for name, value in shown)
    names = {name for name, _value in shown}
    assert names >= {"PyTorch", "torchvision", "Processor", "Environment", "Screens"}


def test_home_folder_is_found_however_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/zoë"))

    assert without_home("/home/zoë/a '/home/zoë' /home/zoë") == "~/a '~' ~"
    assert without_home("file:///home/zo%C3%AB/a") == "file://~/a"
    assert without_home("/home/zoë.old /home/zoës") == "/home/zoë.old /home/zoës"
    assert without_home("kept in /home/zoë.") == "kept in ~."
    assert without_home("/mnt/home/zoë/a") == "/mnt/home/zoë/a"
    monkeypatch.setattr(Path, "home", lambda: Path("/"))
    assert without_home("/usr/lib") == "/usr/lib"


def test_log_may_be_missing_or_unreadable(tmp_path: Path) -> None:
    assert log_tails(tmp_path / "none") == {}
    (tmp_path / "crash.log").write_text("Fatal\n")
    (tmp_path / "cifar-desktop.log").mkdir()

    ends = {path.name: end for path, end in log_tails(tmp_path).items()}

    assert ends["crash.log"] == "Fatal"
    assert "cannot be read" in ends["cifar-desktop.log"]


def test_proxies_are_not_in_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://zoe:secret@proxy")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")

    facts = dict(system_report.computer_facts())

    assert "CUDA_VISIBLE_DEVICES=-1" in facts["Environment"]
    assert "secret" not in str(facts)


def test_menu_opens_one_window_that_goes_with_the_program(app: App) -> None:
    action = next(each for each in app.window.findChildren(QAction) if "gnostics" in each.text())

    action.trigger()
    action.trigger()

    (opened,) = app.window.findChildren(DiagnosticsWindow)
    assert opened.isVisible()
    assert not opened.isModal()
    app.window.close()
    assert not opened.isVisible()


def test_torch_is_not_loaded_for_it() -> None:
    code = (
        "import sys; from pathlib import Path; from PySide6.QtWidgets import QApplication, QWidget;"
        "a = QApplication([]); from cifar_desktop.help.diagnostics_dialog import DiagnosticsWindow;"
        "p = QWidget(); w = DiagnosticsWindow(p, [], Path('.'), [sys.executable, '-c', '']);"
        "w.report(); w.close(); print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "False"


def _words(window: DiagnosticsWindow) -> set[str]:
    return {label.text() for label in window.findChildren(QLabel)}
