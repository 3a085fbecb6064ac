"""The checkpoint file: everything a run needs to resume exactly where it was."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import torch

from trainer.errors import CheckpointError
from trainer.files.atomic_write import write_atomically

FORMAT_VERSION = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of a run between two steps, as `TrainingRun.state_dict` returns it.

    Attributes:
        identity: Settings and data of the run; only a run with the same identity can resume.
        step: Number of steps taken; shuffling and augmentation follow from seed and step.
        seconds: Training time so far.
        network: Weights and batch-norm statistics.
        optimizer: State of the optimizers.
        hard_examples: State of the hard-example selector; empty without one.
        monitor: State of the validation monitor; with early stopping, includes the best weights.
        micro_batch_size: Images per forward pass, which may have been halved to fit in memory.
        device: Kind of device, such as `cpu`.
        compute_mode: How it computed, such as `bfloat16, channels last`.
        random: States of the random number generators, by device type.
        epoch_sums: Loss, correct predictions and images of the current epoch, float32 [3].
        best_epoch: State of the choice of the best epoch; may include its weights.
    """

    identity: str
    step: int
    seconds: float
    network: dict[str, Any]
    optimizer: dict[str, Any]
    hard_examples: dict[str, Any]
    monitor: dict[str, Any]
    micro_batch_size: int
    device: str
    compute_mode: str
    random: dict[str, torch.Tensor]
    epoch_sums: torch.Tensor
    best_epoch: dict[str, Any] = field(default_factory=dict)


_FIELDS = tuple(each.name for each in fields(Checkpoint))


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint atomically.

    Raises:
        StorageError: If it cannot be written; the previous checkpoint is then still there.
    """
    # asdict() would copy every tensor.
    values = {name: getattr(checkpoint, name) for name in _FIELDS}
    document = {"format_version": FORMAT_VERSION, **values}
    write_atomically(path, lambda file: torch.save(document, file))


def load_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint, with its tensors on the CPU. No code in the file is executed.

    Raises:
        CheckpointError: If it is missing, damaged or of another version.
    """
    if not path.is_file():
        raise CheckpointError(f"There is no checkpoint in “{path.parent}” to resume from.")
    try:
        values = torch.load(path, map_location="cpu", weights_only=True)
        version = values.pop("format_version")
        if version == FORMAT_VERSION:
            return Checkpoint(**values)
    # A damaged file makes torch raise anything from KeyError to UnpicklingError.
    except Exception as error:
        raise CheckpointError(
            f"The checkpoint “{path}” is damaged. Start a new run.", details=repr(error)
        ) from error
    raise CheckpointError(
        f"The checkpoint “{path}” was saved by another version of this program. Start a new run."
    )


def random_states() -> dict[str, torch.Tensor]:
    """The states of all random number generators in use, by device type."""
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        states["cuda"] = torch.cuda.get_rng_state()
    if torch.backends.mps.is_available():
        states["mps"] = torch.mps.get_rng_state()
    return states


def restore_random_states(states: dict[str, torch.Tensor]) -> None:
    """Set all random number generators to what `random_states` returned."""
    torch.set_rng_state(states["cpu"].cpu())
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"].cpu())
    if "mps" in states and torch.backends.mps.is_available():
        torch.mps.set_rng_state(states["mps"].cpu())
