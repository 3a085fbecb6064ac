"""Writes the network of a run, finished or not, as a model file; for `cifar-trainer export`.

The run is only read, so it may be going on meanwhile.
"""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from trainer.cancel import CancelToken
from trainer.checkpoint import Checkpoint, load_checkpoint
from trainer.config import DeviceName
from trainer.data import load_dataset
from trainer.device import Device, find_device
from trainer.errors import CheckpointError
from trainer.findings import Exported
from trainer.finishing import calibrated
from trainer.memory import memory_errors_in_words
from trainer.model_file import load_model, save_model
from trainer.progress import OnProgress
from trainer.run_folder import RunFolder
from trainer.storage import write_atomically
from trainer.training_run import TrainingRun


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
        config, data = folder.read()
        device = find_device(self.device)
        # Before the data, because it is quick to say that there is none.
        checkpoint = _checkpoint(folder, device)
        dataset = load_dataset(
            self.data or data, token=token, on_progress=on_progress, may_download=False
        )
        with memory_errors_in_words(device), _temporary_folder() as place:
            run = _restored(TrainingRun(config, dataset, device), checkpoint)
            token.check()
            draft = Path(place, "draft.safetensors")
            network, card = calibrated(run, draft=draft, command=self.command)
        token.check()
        save_model(self.out, network, card)
        return self._exported(card.figures)

    def _exported(self, figures: dict[str, float]) -> Exported:
        return Exported(path=str(self.out), epoch=figures.get("epochs", 0.0))


def _checkpoint(folder: RunFolder, device: Device) -> Checkpoint:
    if not folder.checkpoint.exists():
        raise CheckpointError(
            f"The run in “{folder.path}” has saved nothing yet. It does after every epoch, and at "
            "least once a minute."
        )
    return load_checkpoint(folder.checkpoint, device.torch_device)


def _restored(run: TrainingRun, checkpoint: Checkpoint) -> TrainingRun:
    try:
        run.restore(checkpoint)
    except CheckpointError as error:
        raise CheckpointError(
            "The data are no longer those that the run learns from, so its network cannot be "
            "calibrated. Name their folder, if they were moved (--data).",
            details=error.details,
        ) from error
    run.take_best()
    return run


def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    # Windows does not delete a file that a virus scanner looks at; that must spoil nothing.
    return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
