"""The network that a name stands for: the bundled one, a model file or a run; for `predict`."""

from trainer.cancellation import CancelToken
from trainer.devices.discovery import find_device
from trainer.files.resources import model_path
from trainer.models.model_file import ModelCard, load_model
from trainer.models.network import Network
from trainer.runs.run_folder import RunFolder
from trainer.training.snapshot import load_snapshot


def load_network(
    name: str, *, data: tuple[str, ...] | None, command: str, token: CancelToken
) -> tuple[Network, ModelCard]:
    """Load a network on the CPU; that of an unfinished run from its last checkpoint.

    Args:
        name: `default`, a model file or the folder of a run.
        data: Datasets of an unfinished run, which calibrate it; None if none has moved.
        command: Command line, for the card.
        token: Cancels the work.

    Raises:
        Cancelled: If the token was cancelled.
        CheckpointError: If there is no run in the folder, or it has no checkpoint yet.
        DataError: If the dataset of an unfinished run is missing.
        ModelFileError: If the model file is missing, damaged or not a model file.
    """
    source = model_path(name)
    if not source.is_dir():
        return load_model(source)
    folder = RunFolder(source)
    if folder.model.exists():
        return load_model(folder.model)
    snapshot = load_snapshot(
        folder,
        find_device("cpu"),
        data=data,
        command=command,
        token=token,
        on_progress=lambda *_: None,
    )
    return snapshot.network, snapshot.card
