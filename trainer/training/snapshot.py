"""The network of an unfinished run, from its last checkpoint; for `export` and `evaluate`.

The run is only read, so it may still be training. The test split is left alone: it is used once, at
the end of a run.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from trainer.cancellation import CancelToken
from trainer.devices.device import Device
from trainer.devices.memory import out_of_memory_as_device_error
from trainer.errors import CheckpointError
from trainer.files.dataset_place import run_datasets
from trainer.models.model_file import ModelCard
from trainer.models.network import Network
from trainer.progress import OnProgress, ProgressReporter
from trainer.runs.run_folder import RunFolder
from trainer.training.best_epoch import load_kept_weights
from trainer.training.checkpoint import Checkpoint, load_checkpoint
from trainer.training.finalize import calibrated
from trainer.training.run import TrainingRun
from trainer.training.run_data import load_run_data


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshot:
    """A run as of its last checkpoint.

    Attributes:
        run: The run, with its best weights if it uses early stopping.
        network: Its network as a model file would give it back.
        card: The network's card, calibrated on the validation split.
    """

    run: TrainingRun
    network: Network
    card: ModelCard


def load_snapshot(
    folder: RunFolder,
    device: Device,
    *,
    data: tuple[str, ...] | None,
    command: str,
    token: CancelToken,
    on_progress: OnProgress,
) -> Snapshot:
    """Load and calibrate the network of a run's last checkpoint.

    Args:
        folder: The run folder.
        device: Where to compute.
        data: The run's datasets in their order, if one has moved.
        command: The command line, for the card.
        token: Cancels the work.
        on_progress: Receives progress.

    Raises:
        Cancelled: If `token` was cancelled.
        CheckpointError: If there is no run, or no checkpoint yet.
        DataError: If the run's dataset is missing.
        DeviceError: If the device's memory is full.
    """
    config, places = folder.read()
    # Before the dataset, because a missing checkpoint is quick to notice.
    checkpoint = _load_checkpoint(folder)
    dataset, crops_from = load_run_data(
        config,
        run_datasets(places, data),
        token=token,
        on_progress=on_progress,
        may_download=False,
    )
    with out_of_memory_as_device_error(device), _temporary_folder() as drafts:
        run = _restored(TrainingRun(config, dataset, device, crops_from=crops_from), checkpoint)
        token.check()
        network, card = calibrated(
            run,
            draft=Path(drafts, "draft.safetensors"),
            command=command,
            progress=ProgressReporter(on_progress, token),
        )
    token.check()
    return Snapshot(run=run, network=network, card=card)


def _load_checkpoint(folder: RunFolder) -> Checkpoint:
    if not folder.checkpoint.exists():
        raise CheckpointError(
            f"The run in “{folder.path}” has no checkpoint yet. One is saved after every epoch, "
            "and at least once a minute."
        )
    return load_checkpoint(folder.checkpoint)


def _restored(run: TrainingRun, checkpoint: Checkpoint) -> TrainingRun:
    try:
        run.load_state_dict(checkpoint)
    except CheckpointError as error:
        raise CheckpointError(
            "The dataset is not the one that the run was trained on, so its network cannot be "
            "calibrated. If the dataset has moved, name its folder (--data).",
            details=error.details,
        ) from error
    load_kept_weights(run)
    return run


def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    # Windows cannot delete a file that a virus scanner has open; that must not fail the work.
    return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
