"""The Diagnostics window: what works on this computer, where things are, and a report to copy.

Opened by the Help menu, through `app`, which knows the folders.
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
    LocatedFolder,
    PlaceFound,
    computer_facts,
    log_ends,
    look,
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
from trainer.events.command_events import DeviceTried

log = logging.getLogger(__name__)

_SIZE = (96 * GRID, 88 * GRID)
_LAST_LINES = 6
"""So many lines of a failed trainer's log are shown; the report has all."""


class DiagnosticsWindow(QDialog):
    """Tries the devices as soon as it is made.

    The trainer is asked directly and not with the questions of the Training tab, among which a
    download may come first.

    Args:
        parent: The window that it belongs to.
        places: The folders to show.
        log_folder: Where the log is.
        program: Stands in for the trainer.

    Signals: none of its own.
    """

    def __init__(
        self,
        parent: QWidget,
        places: Sequence[LocatedFolder],
        log_folder: Path,
        program: Sequence[str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Diagnostics \N{EN DASH} {NAME}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._places, self._log_folder = places, log_folder
        self._tried: list[DeviceTried] = []
        self._found: list[PlaceFound] = []
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
        self._try()

    def report(self) -> str:
        """All that is known, as plain text in which the person's home folder is `~`."""
        parts = [
            f"{NAME}: diagnostics of {datetime.now(UTC).astimezone():%Y-%m-%d %H:%M %z}",
            _section("Devices", self._device_lines()),
            _section("Folders", self._folder_lines()),
            _section("Versions and system", [f"{name}: {value}" for name, value in self._facts]),
            *(
                _section(f"End of {file}", [end])
                for file, end in log_ends(self._log_folder).items()
            ),
        ]
        return without_home("\n\n".join(parts) + "\n")

    def done(self, result: int) -> None:
        """Leave the devices alone, however the window is closed."""
        self._leave()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The same, where the window goes with the one that it belongs to."""
        self._leave()
        super().closeEvent(event)

    def _leave(self) -> None:
        self._trainer.shutdown()
        self._jobs.shutdown()

    def _connect(self) -> None:
        self._trainer.event_received.connect(self._on_event)
        self._trainer.finished.connect(self._on_finished)
        self.view.again_requested.connect(self._try)
        self.view.stop_requested.connect(self._trainer.kill)
        self.view.copy_requested.connect(self._copy)
        self.view.close_requested.connect(self.close)
        self.view.folders.open_requested.connect(self._open)

    @Slot()
    def _try(self) -> None:
        self._tried.clear()
        self._outcome = None
        self.view.show_trying()
        self._jobs.run(lambda: [look(place) for place in self._places], self._on_looked)
        self._trainer.start(["devices", "--events"])

    def _on_looked(self, found: list[PlaceFound]) -> None:
        self._found = found
        self.view.folders.show_rows([_folder_row(each) for each in found])

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, DeviceTried):
            self._tried.append(event)
            row = _device_row(event)
            log.info("%s: %s. %s", row.title, row.state, row.text)
            self.view.devices.add(row)

    @Slot(object)
    def _on_finished(self, outcome: Outcome) -> None:
        self._outcome = outcome
        sentence = self._verdict(outcome)
        log.info("%s", sentence)
        last = outcome.details.strip().splitlines()[-_LAST_LINES:]
        self.view.show_tried(sentence, "" if outcome.good else "\n".join(last))

    def _verdict(self, outcome: Outcome) -> str:
        if not outcome.good:
            return f"The devices could not be tried. {outcome.sentence}"
        if outcome.ending is not Ending.DONE:
            return "Stopped before all devices were tried."
        chosen = next((device_name(each) for each in self._tried if each.automatic), "")
        if not chosen:
            return "No device works, not even the processor, so no network can be trained."
        return f"Networks are trained on {chosen}, unless the form says otherwise."

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report())

    @Slot(object)
    def _open(self, path: Path) -> None:
        if not open_folder(path):
            sentence = "No file manager could be started; the path above can be copied."
            self.view.folders.show_state(path, sentence, problem=True)

    def _device_lines(self) -> list[str]:
        rows = [_device_row(each) for each in self._tried]
        lines = [f"{row.title}: {row.state}. {row.text}" for row in rows]
        if self._outcome is None:
            return [*lines, "They are still being tried."]
        details = self._outcome.details.strip()
        return [*lines, self._verdict(self._outcome), *([details] if details else [])]

    def _folder_lines(self) -> list[str]:
        return [f"{each.place.title}: {each.place.path} ({each.sentence})" for each in self._found]


def show_diagnostics(parent: QWidget, folders: Mapping[str, Path]) -> DiagnosticsWindow:
    """Open the Diagnostics window beside another, or bring it to the front.

    Args:
        parent: The other window.
        folders: Those that `app` was given, by their titles; "Log" is among them.
    """
    window = parent.findChild(DiagnosticsWindow)
    if window is None:
        places = [
            *(LocatedFolder(title=title, path=path) for title, path in folders.items()),
            LocatedFolder(title="Cache", path=paths.cache_folder()),
            LocatedFolder(title="Program", path=paths.program_folder(), written=False),
        ]
        window = DiagnosticsWindow(parent, places, folders["Log"])
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


def _device_row(device: DeviceTried) -> DeviceRow:
    if not device.works:
        state, text = "Not used", device.reason
    else:
        state = "Works; chosen automatically" if device.automatic else "Works"
        text = f"Computes in {device.precision}"
        if device.memory is not None:
            text += f", {memory(device.memory)} of memory"
    return DeviceRow(title=device_name(device), works=device.works, state=state, text=text)


def _folder_row(found: PlaceFound) -> FolderRow:
    return FolderRow(
        title=found.place.title,
        path=found.place.path,
        state=found.sentence,
        there=found.there,
        problem=found.problem,
    )


def _section(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, "-" * len(title), *lines])
