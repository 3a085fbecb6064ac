"""`cifar-trainer train`: train a network, or go on training one."""

import argparse
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from trainer.cancel import CancelToken
from trainer.config import TrainConfig, recipe
from trainer.errors import Cancelled, CheckpointError, ConfigError, TrainerError
from trainer.events import Event, Preparing, RunFailed, to_line
from trainer.progress import preparing
from trainer.reporting import LiveTable
from trainer.run_folder import RunFolder

SETTINGS = (
    "epochs",
    "batch_size",
    "learning_rate",
    "label_smoothing",
    "validation_images",
    "seed",
    "device",
)


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Train a network, or go on training one."""
    folder, config, data = _planned(options)
    report: Callable[[Event], None] = _print_event if options.events else LiveTable()
    try:
        _train(options, token, folder, config, data, report)
    except TrainerError as error:
        _record_failure(folder, report, error)
        raise
    finally:
        if isinstance(report, LiveTable):
            report.close()
    return 0


def _planned(options: argparse.Namespace) -> tuple[RunFolder, TrainConfig, str]:
    changes = {name: value for name in SETTINGS if (value := getattr(options, name)) is not None}
    if options.resume is None:
        if options.out is None:
            raise ConfigError("Name a folder for the run: --out RUN_DIR.")
        config = recipe(options.recipe or "sprint").with_changes(changes)
        return RunFolder(Path(options.out)), config, options.data or "cifar10"
    folder = RunFolder(Path(options.resume))
    if options.recipe or options.out or changes.keys() - {"device"}:
        raise ConfigError("A resumed run keeps its settings; only --data and --device may change.")
    config, data = folder.read()
    if folder.model.exists():
        raise CheckpointError(f"The run in “{folder.path}” is finished already.")
    return folder, config.with_changes(changes), options.data or data


def _train(
    options: argparse.Namespace,
    token: CancelToken,
    folder: RunFolder,
    config: TrainConfig,
    data: str,
    report: Callable[[Event], None],
) -> None:
    # Late, so that wrong usage is told at once.
    from trainer.data import load_dataset
    from trainer.device import find_device
    from trainer.training import train

    device = find_device(config.device)
    dataset = load_dataset(data, token=token, on_progress=preparing(report))
    if options.resume is None:
        folder.create(config, data)

    def emit(event: Event) -> None:
        # On disk before anyone hears of it: who reads the folder never knows less.
        if not isinstance(event, Preparing):
            folder.append(event)
        report(event)

    train(
        config,
        dataset,
        device,
        folder,
        emit=emit,
        token=token,
        resume=options.resume is not None and folder.checkpoint.exists(),
        command=shlex.join(["cifar-trainer", *sys.argv[1:]]),
    )


def _record_failure(
    folder: RunFolder, report: Callable[[Event], None], error: TrainerError
) -> None:
    event = RunFailed(
        reason=error.message,
        stopped=isinstance(error, Cancelled),
        resumable=folder.checkpoint.exists() and not folder.model.exists(),
    )
    report(event)
    if folder.config.exists():
        folder.append(event)


def _print_event(event: Event) -> None:
    print(to_line(event), flush=True)
