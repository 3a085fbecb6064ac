"""Settings of a run that starts from another network. Imports no torch: the window uses it."""

import os
from pathlib import Path

from msgspec.structs import replace

from trainer.config.recipes import RECIPES
from trainer.config.train_config import AdamSettings, MuonSettings, TrainConfig
from trainer.errors import CheckpointError, ConfigError
from trainer.files.resources import model_path
from trainer.models.model_file import read_card
from trainer.runs.run_folder import RunFolder

BUNDLED = "default"
MUON_ARCHITECTURES = ("sprint-net", "sprint-resnet")
"""The architectures that Muon trains (`trainer.optim.factory`)."""


def starting_from(config: TrainConfig, name: str) -> TrainConfig:
    """The settings with another network to start from, and with its architecture.

    Args:
        config: Settings of a run.
        name: A model file, `default`, the folder of a finished run, or empty for random weights.

    Raises:
        CheckpointError: If the run is not finished.
        ConfigError: If the optimizer does not train such a network.
        ModelFileError: If the file is missing, damaged or not a model file.
    """
    if not name:
        return replace(config, init="")
    path = _model_file(name)
    card = read_card(path)
    if isinstance(config.optimizer, MuonSettings) and card.architecture not in MUON_ARCHITECTURES:
        adam = [key for key, make in RECIPES.items() if isinstance(make().optimizer, AdamSettings)]
        raise ConfigError(
            f"“{path.name}” is a {card.architecture}, which the optimizer of {config.recipe} does "
            f"not train. Choose a recipe that uses Adam: {', '.join(adam)}."
        )
    # Absolute, as the run may be resumed from another folder.
    init = name if name == BUNDLED else os.path.abspath(path)  # noqa: PTH100 - links stay links
    return replace(config, init=init, architecture=card.architecture, widths=card.widths)


def _model_file(name: str) -> Path:
    path = model_path(name).expanduser()
    if not path.is_dir():
        return path
    folder = RunFolder(path)
    if not folder.model.exists():
        if not folder.config.exists():
            raise CheckpointError(
                f"“{path}” contains no run. Start from a model file, the folder of a finished run, "
                f"or the bundled network ({BUNDLED}). If it is a dataset, choose it as the data "
                "instead."
            )
        folder.read()
        raise CheckpointError(
            f"The run in “{path}” is not finished, so no other can start from it."
        )
    return folder.model
