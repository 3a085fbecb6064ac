"""`cifar-trainer export`: the network of a run as a model file, or its curves for TensorBoard."""

import argparse
import shlex
import sys
from pathlib import Path

from trainer.cancellation import CancelToken
from trainer.commands.console import console_events
from trainer.events.base import Event
from trainer.events.command_events import Exported
from trainer.progress import preparing
from trainer.runs.run_folder import RunFolder
from trainer.runs.tensorboard_export import write_tensorboard
from trainer.workflows.export_network import Export


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Write what was asked for."""
    with console_events(as_events=options.events, in_words=_text) as tell:
        if options.format == "tensorboard":
            tell(_tensorboard(options))
        else:
            tell(_network(options).write(token, preparing(tell)))
    return 0


def _network(options: argparse.Namespace) -> Export:
    return Export(
        source=Path(options.run),
        out=Path(options.out),
        data=options.data,
        device=options.device,
        command=shlex.join(["cifar-trainer", *sys.argv[1:]]),
    )


def _tensorboard(options: argparse.Namespace) -> Exported:
    epoch = write_tensorboard(RunFolder(Path(options.run)), Path(options.out))
    return Exported(path=options.out, epoch=epoch, content="curves")


def _text(event: Event) -> str:
    assert isinstance(event, Exported)  # noqa: S101 - for the type checker
    if event.content == "curves":
        return f"Files for TensorBoard are in {event.path}"
    trained = f", trained for {event.epoch:.3g} epochs," if event.epoch else ""
    return f"The network{trained} is in {event.path}"
