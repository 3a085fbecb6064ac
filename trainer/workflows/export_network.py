"""Writes the network of a run, finished or not, as a model file; for `cifar-trainer export`.

The run is only read, so it may be going on meanwhile.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from trainer.cancellation import CancelToken
from trainer.config.train_config import DeviceName
from trainer.devices.discovery import find_device
from trainer.events.command_events import Exported
from trainer.files.atomic_write import write_atomically
from trainer.models.model_file import load_model, save_model
from trainer.progress import OnProgress
from trainer.runs.run_folder import RunFolder
from trainer.training.snapshot import load_snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What to write, and where.

    Attributes:
        source: The folder of a run, or a model file.
        out: The model file to write.
        data: The run's data, if they are no longer where they were.
        device: Where to compute.
        command: The command line, for the model file.
    """

    source: Path
    out: Path
    data: str | None
    device: DeviceName
    command: str

    def write(self, token: CancelToken, on_progress: OnProgress) -> Exported:
        """Copy the network of a finished run, or calibrate that of an unfinished one.

        The test images are left alone: they judge a network once, at the end of its run.

        Raises:
            Cancelled: If `token` stopped it.
            CheckpointError: If there is no run, or it has saved nothing yet.
            DataError: If the run's data are gone.
            ModelFileError: If the model file is damaged or foreign.
            StorageError: If the file cannot be written.
        """
        folder = RunFolder(self.source)
        if self.source.is_file():
            return self._copy(self.source)
        if folder.model.exists():
            return self._copy(folder.model)
        return self._calibrate(folder, token, on_progress)

    def _copy(self, model: Path) -> Exported:
        _, card = load_model(model)
        write_atomically(self.out, lambda file: shutil.copyfile(model, file))
        return self._exported(card.figures)

    def _calibrate(
        self, folder: RunFolder, token: CancelToken, on_progress: OnProgress
    ) -> Exported:
        standing = load_snapshot(
            folder,
            find_device(self.device),
            data=self.data,
            command=self.command,
            token=token,
            on_progress=on_progress,
        )
        save_model(self.out, standing.network, standing.card)
        return self._exported(standing.card.figures)

    def _exported(self, figures: dict[str, float]) -> Exported:
        return Exported(path=str(self.out), epoch=figures.get("epochs", 0.0))
