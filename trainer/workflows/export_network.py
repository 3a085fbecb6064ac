"""Exports the network of a run, finished or not, as a model file; for `cifar-trainer export`.

The run is only read, so it may still be training.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from trainer.cancellation import CancelToken
from trainer.config.train_config import DeviceName
from trainer.devices.discovery import find_device
from trainer.events.command_events import Exported
from trainer.files.atomic_write import write_atomically
from trainer.models.model_file import ModelCard, Weights, load_model, save_model
from trainer.models.network import Network
from trainer.progress import OnProgress
from trainer.runs.run_folder import RunFolder
from trainer.training.snapshot import load_snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """The network to export.

    Attributes:
        source: Folder of a run, or a model file.
        out: Model file to write.
        data: Datasets of the run in their order; None if none has moved.
        device: Device to compute on.
        command: Command line, recorded in the model file.
        weights: How to store the weights; None for as they are.
    """

    source: Path
    out: Path
    data: tuple[str, ...] | None
    device: DeviceName
    command: str
    weights: Weights | None = None

    def run(self, token: CancelToken, on_progress: OnProgress) -> Exported:
        """Copy the network of a finished run, or calibrate that of an unfinished one.

        Other weights change nothing else of the file: calibration and figures remain.
        The test images are not used: a network is tested once, at the end of its run.

        Raises:
            Cancelled: If the user stopped it.
            CheckpointError: If there is no run, or it has no checkpoint yet.
            DataError: If the dataset of the run is missing.
            ModelFileError: If the model file is damaged or not a model file.
            StorageError: If the model file cannot be written.
        """
        folder = RunFolder(self.source)
        if self.source.is_file():
            return self._copy(self.source)
        if folder.model.exists():
            return self._copy(folder.model)
        return self._calibrate(folder, token, on_progress)

    def _copy(self, model: Path) -> Exported:
        network, card = load_model(model)
        if self.weights not in (None, card.weights):
            return self._save(network, card)
        write_atomically(self.out, lambda file: shutil.copyfile(model, file))
        return self._exported(card.figures)

    def _calibrate(
        self, folder: RunFolder, token: CancelToken, on_progress: OnProgress
    ) -> Exported:
        snapshot = load_snapshot(
            folder,
            find_device(self.device),
            data=self.data,
            command=self.command,
            token=token,
            on_progress=on_progress,
        )
        return self._save(snapshot.network, snapshot.card)

    def _save(self, network: Network, card: ModelCard) -> Exported:
        save_model(self.out, network, replace(card, weights=self.weights or card.weights))
        return self._exported(card.figures)

    def _exported(self, figures: dict[str, float]) -> Exported:
        return Exported(content="network", path=str(self.out), epoch=figures.get("epochs", 0.0))
