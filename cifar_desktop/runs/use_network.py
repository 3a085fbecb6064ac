"""Uses the network of a run, or of its last checkpoint, in the Classify tab; made by `app`."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cifar_desktop.common.file_names import safe_name
from cifar_desktop.common.notices import Notice, NoticeBoard, Severity, Topic
from cifar_desktop.networks.chooser import NetworkChooser
from cifar_desktop.networks.services.library import NetworkLibrary
from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.trainer_process.command_queue import CommandQueue, QueuedCommand
from cifar_desktop.trainer_process.outcome import Outcome
from trainer.events.base import Event
from trainer.events.command_events import Exported
from trainer.runs.run_folder import RunFolder


class RunNetworkExporter(QObject):
    """Exports networks from runs.

    Args:
        run_manager: The runs.
        commands: Runs the trainer, which exports a network from a checkpoint.
        networks: Opens the network.
        library: Where networks are kept.
        board: Where progress and errors are posted.

    Signals:
        used: A network is being opened.
    """

    used = Signal()

    def __init__(
        self,
        run_manager: RunManager,
        commands: CommandQueue,
        networks: NetworkChooser,
        library: NetworkLibrary,
        board: NoticeBoard,
    ) -> None:
        super().__init__()
        self._run_manager, self._commands = run_manager, commands
        self._networks, self._library, self._board = networks, library, board

    def use(self, path: Path) -> None:
        """Use the network of a run from now on: the final one, or that of the last checkpoint."""
        run = self._run_manager.runs.summary(path)
        if run is None:
            return
        if run.has_model:
            self._hand_over(RunFolder(path).model, run.name)
        else:
            self._export(path, run.name)

    def _export(self, path: Path, name: str) -> None:
        sentence = f"Exporting the network from the last checkpoint of “{name}”…"
        self._board.post(
            Notice(sentence=sentence, topic=Topic.TRAINING, severity=Severity.INFO, lasting=True)
        )
        # The next one from this run will replace it.
        out = self._library.path_of(f"{safe_name(name)} (so far).safetensors")
        self._commands.add(
            QueuedCommand(
                topic=f"export {path}",
                arguments=("export", str(path), "--out", str(out)),
                event_received=self._on_event,
                finished=self._on_finished,
            )
        )

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Exported):
            self._hand_over(Path(event.path))

    def _on_finished(self, outcome: Outcome) -> None:
        if not outcome.good:
            self._board.post(
                Notice(sentence=outcome.sentence, topic=Topic.TRAINING, details=outcome.details)
            )

    def _hand_over(self, path: Path, name: str = "") -> None:
        self._board.clear(Topic.TRAINING)
        self._networks.import_and_use(path, name)
        self.used.emit()
