"""`cifar-trainer train`: train a network, or go on training one."""

import argparse
import shlex
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from trainer.cancel import CancelToken
from trainer.config import TrainConfig, recipe
from trainer.errors import Cancelled, CheckpointError, ConfigError, StorageError, TrainerError
from trainer.events import Event, Message, Preparing, RunFailed, to_line
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
    tell = _Teller(folder, report)
    try:
        _train(options, token, folder, config, data, tell)
    except TrainerError as error:
        tell.failure(error)
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
    tell: "_Teller",
) -> None:
    # Late, so that wrong usage is told at once.
    from trainer.data import load_dataset
    from trainer.device import find_device
    from trainer.training import train

    device = find_device(config.device)
    dataset = load_dataset(data, token=token, on_progress=preparing(tell))
    if options.resume is None:
        folder.create(config, data)
    with folder.held():
        tell.records = True
        resume = folder.checkpoint.exists()
        if options.resume and not resume:
            text = "The run has no checkpoint yet, so it begins with its first step."
            tell(Message(level="info", text=text))
        command = shlex.join(["cifar-trainer", *sys.argv[1:]])
        train(
            config, dataset, device, folder, emit=tell, token=token, resume=resume, command=command
        )


class _Teller:
    """Passes events on, and records them in the folder once the run in it is ours.

    Attributes:
        records: Whether events go into the folder.
    """

    def __init__(self, folder: RunFolder, report: Callable[[Event], None]) -> None:
        self._folder, self._report = folder, report
        self.records = False

    def __call__(self, event: Event) -> None:
        # On disk before anyone hears of it: who reads the folder never knows less.
        if self.records and not isinstance(event, Preparing):
            self._folder.append(event)
        self._report(event)

    def failure(self, error: TrainerError) -> None:
        folder = self._folder
        event = RunFailed(
            reason=error.message,
            stopped=isinstance(error, Cancelled),
            resumable=folder.checkpoint.exists() and not folder.model.exists(),
        )
        if self.records:
            # On a full disk the person must hear of it all the same.
            with suppress(StorageError):
                folder.append(event)
        self._report(event)


def _print_event(event: Event) -> None:
    print(to_line(event), flush=True)
