"""Everything a run needs to go on exactly where it was, in one file; used by training."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from trainer.errors import CheckpointError
from trainer.files.atomic_write import write_atomically

FORMAT_VERSION = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of a run between two steps.

    Attributes:
        config: Settings and size of the data, as text; a run goes on only with the same.
        step: Steps taken in all; order and augmentation follow from seed and step.
        seconds: Training time so far.
        network: Weights and statistics.
        optimizer: Momenta.
        hardest: What chooses the hardest images; empty where all are trained on.
        watch: Of the validation loss; with early stopping the best weights as well.
        chunk_size: Images on the device at a time, which full memory may have made fewer.
        random: States of the random generators, by device.
        epoch_sums: Loss, correct answers and images of the running epoch so far.
    """

    config: str
    step: int
    seconds: float
    network: dict[str, Any]
    optimizer: dict[str, Any]
    hard_examples: dict[str, Any]
    watch: dict[str, Any]
    chunk_size: int
    random: dict[str, torch.Tensor]
    epoch_sums: torch.Tensor


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint, whole or not at all.

    Raises:
        StorageError: If it cannot be written; the one before is then still there.
    """
    # asdict() would copy every tensor.
    values = {name: getattr(checkpoint, name) for name in Checkpoint.__slots__}
    document = {"format_version": FORMAT_VERSION, **values}
    write_atomically(path, lambda file: torch.save(document, file))


def load_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint, its tensors on the CPU; nothing in it is executed.

    Raises:
        CheckpointError: If it is missing, damaged or of another version.
    """
    if not path.is_file():
        raise CheckpointError(f"There is no checkpoint in “{path.parent}” to go on from.")
    try:
        values = torch.load(path, map_location="cpu", weights_only=True)
        version = values.pop("format_version")
        if version == FORMAT_VERSION:
            return Checkpoint(**values)
    # A damaged file makes torch raise anything from KeyError to UnpicklingError.
    except Exception as error:
        raise CheckpointError(
            f"The checkpoint “{path}” is damaged; start the run anew.", details=repr(error)
        ) from error
    raise CheckpointError(f"The checkpoint “{path}” is of another version of this program.")


def random_states() -> dict[str, torch.Tensor]:
    """The states of all random generators in use."""
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        states["cuda"] = torch.cuda.get_rng_state()
    if torch.backends.mps.is_available():
        states["mps"] = torch.mps.get_rng_state()
    return states


def restore_random_states(states: dict[str, torch.Tensor]) -> None:
    """Put all random generators back to what `random_states` gave."""
    torch.set_rng_state(states["cpu"].cpu())
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"].cpu())
    if "mps" in states and torch.backends.mps.is_available():
        torch.mps.set_rng_state(states["mps"].cpu())
