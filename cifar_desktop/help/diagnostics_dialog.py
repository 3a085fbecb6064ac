"""The Diagnostics window: devices, folders, versions, and a report to copy.

The Help menu opens it through `app`, which knows the folders.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from cifar_desktop import paths
from cifar_desktop.common.background_jobs import BackgroundJobs
from cifar_desktop.common.device_text import device_name
from cifar_desktop.common.open_externally import open_folder
from cifar_desktop.help.about_dialog import NAME, about_content
from cifar_desktop.help.services.system_report import (
    FolderStatus,
    LocatedFolder,
    computer_facts,
    inspect_folder,
    log_tails,
    module_facts,
    without_home,
)
from cifar_desktop.help.widgets.device_rows import DeviceRow
from cifar_desktop.help.widgets.diagnostics_view import DiagnosticsView
from cifar_desktop.help.widgets.folder_rows import FolderRow
from cifar_desktop.trainer_process.command import TrainerCommand
from cifar_desktop.trainer_process.outcome import Ending, Outcome
from cifar_desktop.ui.formatting import memory
from cifar_desktop.ui.style import GRID
from trainer.events.base import Event
from trainer.events.command_events import DeviceTested
from trainer.files.cache_dir import cache_folder
from trainer.planning.plan_text import describe_speeds

log = logging.getLogger(__name__)

_SIZE = (96 * GRID, 88 * GRID)
_LOG_LINES = 6
"""Log lines of a failed trainer on screen; the report has all."""


class DiagnosticsWindow(QDialog):
    """Tests the devices as soon as it opens.

    It runs the trainer directly, not through the command queue of the Training tab, where a
    download may come first.

    Args:
        parent: The main window.
        folders: The folders to show.
        log_folder: Folder of the log.
        program: Replaces the trainer in tests.

    Signals: none of its own.
    """

    def __init__(
        self,
        parent: QWidget,
        folders: Sequence[LocatedFolder],
        log_folder: Path,
        program: Sequence[str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Diagnostics \N{EN DASH} {NAME}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._folders, self._log_folder = folders, log_folder
        self._tested: list[DeviceTested] = []
        self._found: list[FolderStatus] = []
        self._outcome: Outcome | None = None
        self._facts = _facts()
        self.view = DiagnosticsView(self._facts)
        self._trainer = TrainerCommand(program, self)
        self._jobs = BackgroundJobs(self)
        self._connect()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.resize(*_SIZE)
        self._test()

    def report(self) -> str:
        """A plain-text report in which the user's home folder is `~`."""
        parts = [
            f"{NAME} diagnostics, {datetime.now(UTC).astimezone():%Y-%m-%d %H:%M %z}",
            _section("Devices", self._device_lines()),
            _section("Folders", self._folder_lines()),
            _section("Versions and system", [f"{name}: {value}" for name, value in self._facts]),
            *(
                _section(f"End of {file}", [tail])
                for file, tail in log_tails(self._log_folder).items()
            ),
        ]
        return without_home("\n\n".join(parts) + "\n")

    def done(self, result: int) -> None:
        """Stop testing, however the window is closed."""
        self._stop()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop testing when the window closes with its parent."""
        self._stop()
        super().closeEvent(event)

    def _stop(self) -> None:
        self._trainer.shutdown()
        self._jobs.shutdown()

    def _connect(self) -> None:
        self._trainer.event_received.connect(self._on_event)
        self._trainer.finished.connect(self._on_finished)
        self.view.again_requested.connect(self._test)
        self.view.stop_requested.connect(self._trainer.kill)
        self.view.copy_requested.connect(self._copy)
        self.view.close_requested.connect(self.close)
        self.view.folders.open_requested.connect(self._open)

    @Slot()
    def _test(self) -> None:
        self._tested.clear()
        self._outcome = None
        self.view.show_testing()
        self._jobs.run(lambda: [inspect_folder(each) for each in self._folders], self._on_inspected)
        self._trainer.start(["devices", "--speeds", "--events"])

    def _on_inspected(self, found: list[FolderStatus]) -> None:
        self._found = found
        self.view.folders.show_rows([_folder_row(each) for each in found])

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, DeviceTested):
            self._tested.append(event)
            row = _device_row(event)
            log.info("%s: %s. %s", row.title, row.state, row.text)
            self.view.devices.add(row)

    @Slot(object)
    def _on_finished(self, outcome: Outcome) -> None:
        self._outcome = outcome
        sentence = self._verdict(outcome)
        log.info("%s", sentence)
        last = outcome.details.strip().splitlines()[-_LOG_LINES:]
        self.view.show_result(sentence, "" if outcome.good else "\n".join(last))

    def _verdict(self, outcome: Outcome) -> str:
        if not outcome.good:
            return f"The devices could not be tested. {outcome.sentence}"
        if outcome.ending is not Ending.DONE:
            return "Stopped before all devices were tested."
        chosen = next((device_name(each) for each in self._tested if each.automatic), "")
        if not chosen:
            return "No device works, not even the CPU, so no network can be trained."
        return f"Networks are trained on {chosen} by default."

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report())

    @Slot(object)
    def _open(self, path: Path) -> None:
        if not open_folder(path):
            sentence = "No file manager could be opened. You can copy the path above."
            self.view.folders.show_state(path, sentence, problem=True)

    def _device_lines(self) -> list[str]:
        rows = [_device_row(each) for each in self._tested]
        lines = [f"{row.title}: {row.state}. {row.text}" for row in rows]
        if self._outcome is None:
            return [*lines, "The devices are still being tested."]
        details = self._outcome.details.strip()
        return [*lines, self._verdict(self._outcome), *([details] if details else [])]

    def _folder_lines(self) -> list[str]:
        return [
            f"{each.folder.title}: {each.folder.path} ({each.sentence})" for each in self._found
        ]


def show_diagnostics(parent: QWidget, folders: Mapping[str, Path]) -> DiagnosticsWindow:
    """Open the Diagnostics window, or bring it to the front.

    Args:
        parent: The main window.
        folders: Folders by title; one of them is "Log".
    """
    window = parent.findChild(DiagnosticsWindow)
    if window is None:
        located = [
            *(LocatedFolder(title=title, path=path) for title, path in folders.items()),
            LocatedFolder(title="Cache", path=cache_folder()),
            LocatedFolder(title="Program", path=paths.program_folder(), written=False),
        ]
        window = DiagnosticsWindow(parent, located, folders["Log"])
    window.show()
    window.raise_()
    window.activateWindow()
    return window


def _facts() -> list[tuple[str, str]]:
    return [*about_content().facts, *module_facts(), *computer_facts(), ("Screens", _screens())]


def _screens() -> str:
    found = []
    for screen in QGuiApplication.screens():
        scale, size = screen.devicePixelRatio(), screen.size()
        pixels = f"{size.width() * scale:.0f} \N{MULTIPLICATION SIGN} {size.height() * scale:.0f}"
        found.append(f"{pixels} at {scale * 100:.0f} %")
    return ", ".join(found)


def _device_row(device: DeviceTested) -> DeviceRow:
    if not device.works:
        state, text = "Not available", device.reason
    else:
        state = "Works; used by default" if device.automatic else "Works"
        text = f"Precision {device.precision}"
        if device.memory is not None:
            text += f", {memory(device.memory)} memory"
        text = "\n".join([text, *describe_speeds(device.speeds)])
    return DeviceRow(title=device_name(device), works=device.works, state=state, text=text)


def _folder_row(found: FolderStatus) -> FolderRow:
    return FolderRow(
        title=found.folder.title,
        path=found.folder.path,
        state=found.sentence,
        exists=found.exists,
        problem=found.problem,
    )


def _section(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, "-" * len(title), *lines])
