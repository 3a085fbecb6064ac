"""Makes the network of a run, or of its last checkpoint, the one that answers; wired by `app`."""

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
    """Takes networks out of runs.

    Args:
        trainings: Knows the runs.
        questions: Asks the trainer, which makes a network out of a checkpoint.
        networks: Gets the network.
        library: Where networks are kept.
        board: Where it is told what goes wrong, or takes its time.

    Signals:
        used: A network is handed over.
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
        """Let the network of a run answer from now on: the finished one, or that so far."""
        run = self._run_manager.runs.summary(path)
        if run is None:
            return
        if run.has_model:
            self._hand_over(RunFolder(path).model, run.name)
        else:
            self._export(path, run.name)

    def _export(self, path: Path, name: str) -> None:
        sentence = f"Making a network out of the last checkpoint of “{name}”…"
        self._board.post(Notice(sentence=sentence, topic=Topic.TRAINING, severity=Severity.INFO))
        # The next one from this run takes its place.
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
