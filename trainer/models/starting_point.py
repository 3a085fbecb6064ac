"""Settings of a run that starts from another network. Imports no torch: the window uses it."""

import os
from pathlib import Path

from msgspec.structs import replace

from trainer.config.train_config import TrainConfig
from trainer.errors import CheckpointError
from trainer.files.resources import model_path
from trainer.models.model_file import read_card
from trainer.runs.run_folder import RunFolder

BUNDLED = "default"


def starting_from(config: TrainConfig, name: str) -> TrainConfig:
    """The settings with another network to start from, and with its architecture.

    Args:
        config: Settings of a run.
        name: A model file, `default`, the folder of a finished run, or empty for random weights.

    Raises:
        CheckpointError: If the run is not finished.
        ModelFileError: If the file is missing, damaged or not a model file.
    """
    if not name:
        return replace(config, init="")
    path = _model_file(name)
    card = read_card(path)
    # Absolute, as the run may be resumed from another folder.
    init = name if name == BUNDLED else os.path.abspath(path)  # noqa: PTH100 - links stay links
    return replace(config, init=init, architecture=card.architecture, widths=card.widths)


def _model_file(name: str) -> Path:
    path = model_path(name).expanduser()
    if not path.is_dir():
        return path
    folder = RunFolder(path)
    if not folder.model.exists():
        folder.read()
        raise CheckpointError(
            f"The run in “{path}” is not finished, so no other can start from it."
        )
    return folder.model
