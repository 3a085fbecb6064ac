"""The network of a run that is not over, from its last checkpoint; for `export` and `evaluate`.

The run is only read, so it may be going on meanwhile. Its test images are left alone: they judge a
network once, at the end of its run.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from trainer.cancellation import CancelToken
from trainer.data.loading import load_dataset
from trainer.devices.device import Device
from trainer.devices.memory import out_of_memory_as_device_error
from trainer.errors import CheckpointError
from trainer.models.model_file import ModelCard
from trainer.models.network import Network
from trainer.progress import OnProgress, ProgressReporter
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import Checkpoint, load_checkpoint
from trainer.training.finalize import calibrated
from trainer.training.run import TrainingRun
from trainer.training.run_state import restore


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshot:
    """Where a run stands.

    Attributes:
        run: As at its last checkpoint, with its best weights where early stopping keeps them.
        network: What the run would give away now, as its file would give it back.
        card: Calibrated on the validation images.
    """

    run: TrainingRun
    network: Network
    card: ModelCard


def load_snapshot(
    folder: RunFolder,
    device: Device,
    *,
    data: str | None,
    command: str,
    token: CancelToken,
    on_progress: OnProgress,
) -> Snapshot:
    """Calibrate the network of a run's last checkpoint.

    Args:
        folder: Of the run.
        device: Where to compute.
        data: The run's data, if they are no longer where they were.
        command: The command line, for the card.
        token: Stops it.
        on_progress: Told how far it is.

    Raises:
        Cancelled: If `token` stopped it.
        CheckpointError: If there is no run, or it has saved nothing yet.
        DataError: If the run's data are gone.
        DeviceError: If the device's memory is not enough.
    """
    config, place = folder.read()
    # Before the data, because it is quick to say that there is none.
    checkpoint = _checkpoint(folder)
    dataset = load_dataset(data or place, token=token, on_progress=on_progress, may_download=False)
    with out_of_memory_as_device_error(device), _temporary_folder() as drafts:
        run = _restored(TrainingRun(config, dataset, device), checkpoint)
        token.check()
        network, card = calibrated(
            run,
            draft=Path(drafts, "draft.safetensors"),
            command=command,
            progress=ProgressReporter(on_progress, token),
        )
    token.check()
    return Snapshot(run=run, network=network, card=card)


def _checkpoint(folder: RunFolder) -> Checkpoint:
    if not folder.checkpoint.exists():
        raise CheckpointError(
            f"The run in “{folder.path}” has saved nothing yet. It does after every epoch, and at "
            "least once a minute."
        )
    return load_checkpoint(folder.checkpoint)


def _restored(run: TrainingRun, checkpoint: Checkpoint) -> TrainingRun:
    try:
        restore(run, checkpoint)
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
