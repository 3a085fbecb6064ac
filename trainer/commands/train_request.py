"""From the options of `cifar-trainer train` to a checked request."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from trainer.config.augmentation import Augmentation
from trainer.config.recipes import recipe
from trainer.config.train_config import EarlyStopping, ReduceOnPlateau, TrainConfig
from trainer.errors import ConfigError
from trainer.files.dataset_place import CIFAR10, run_datasets
from trainer.models.starting_point import starting_from
from trainer.planning.plans import reference_curves
from trainer.runs.run_folder import RunFolder

SETTINGS = (
    "epochs",
    "batch_size",
    "hard_example_fraction",
    "image_size",
    "learning_rate",
    "label_smoothing",
    "validation_images",
    "seed",
    "device",
    "precision",
    "balance",
    "none_fraction",
    "none_weight",
)
AUGMENTATION = Augmentation.__struct_fields__
PATIENCE = ("early_stopping", "reduce_on_plateau")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRequest:
    """A run to start or to resume.

    Attributes:
        folder: The run folder.
        config: Settings of the run.
        candidates: Settings to choose from if there is a time limit.
        minutes: Time limit of the run; None for no limit.
        data: Names or folders of the datasets.
        resume: Whether the run already exists.
        queue: Whether to wait until no other run uses the device.
        expects_none: Whether an option is about pictures of other things.
    """

    folder: RunFolder
    config: TrainConfig
    candidates: tuple[TrainConfig, ...] = ()
    minutes: float | None = None
    data: tuple[str, ...]
    resume: bool
    queue: bool
    expects_none: bool = False


def train_request(options: argparse.Namespace) -> TrainRequest:
    """The request that the options make.

    Raises:
        ConfigError: If options are missing or contradict each other.
        CheckpointError: If there is no run to resume.
        ModelFileError: If the network to start from cannot be read.
        StorageError: If a new run cannot be created in its folder.
    """
    if options.resume is not None:
        return _resume_request(options)
    if options.out is None:
        raise ConfigError("Choose a folder for the run with --out RUN_DIR.")
    # Now, and not after a download or hours of waiting for another run.
    folder = RunFolder(Path(options.out))
    folder.require_new()
    candidates = tuple(_config(config, options) for config in _candidates(options))
    return TrainRequest(
        folder=folder,
        config=candidates[0],
        candidates=candidates,
        minutes=options.minutes,
        data=tuple(options.data or (CIFAR10,)),
        resume=False,
        queue=options.queue,
        expects_none=bool(_given(options, ("none_fraction", "none_weight"))),
    )


def _candidates(options: argparse.Namespace) -> list[TrainConfig]:
    if options.minutes is not None and options.recipe is None:
        return [recipe(name) for name in reference_curves()]
    return [recipe(options.recipe or "sprint")]


def _config(config: TrainConfig, options: argparse.Namespace) -> TrainConfig:
    changed = config.with_changes(_changes(config, options))
    return starting_from(changed, changed.init if options.init is None else options.init)


def _resume_request(options: argparse.Namespace) -> TrainRequest:
    changes = _given(
        options, ("recipe", "out", "minutes", *SETTINGS, *AUGMENTATION, *PATIENCE, "init")
    )
    if changes.keys() - {"device"}:
        raise ConfigError("A resumed run keeps its settings; only --data and --device may change.")
    folder = RunFolder(Path(options.resume))
    config, data = folder.read()
    return TrainRequest(
        folder=folder,
        config=config.with_changes(changes),
        data=run_datasets(data, options.data) if options.data else data,
        resume=True,
        queue=options.queue,
    )


def _changes(config: TrainConfig, options: argparse.Namespace) -> dict[str, Any]:
    changes = _given(options, SETTINGS)
    augmentation = _given(options, AUGMENTATION)
    if augmentation:
        changes["augmentation"] = replace(config.augmentation, **augmentation)
    if options.early_stopping is not None:
        changes["early_stopping"] = EarlyStopping(patience=options.early_stopping)
    if options.reduce_on_plateau is not None:
        plateau = config.reduce_on_plateau or ReduceOnPlateau()
        changes["reduce_on_plateau"] = replace(plateau, patience=options.reduce_on_plateau)
    return changes


def _given(options: argparse.Namespace, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(options, name)) is not None}
