"""`cifar-trainer export`: the network of a run as a model file, or its curves for TensorBoard."""

import argparse
from collections.abc import Callable
from pathlib import Path

from trainer.cancellation import CancelToken
from trainer.commands.arguments import command_line, given_data
from trainer.commands.console import console_events
from trainer.errors import ConfigError
from trainer.events.base import Event
from trainer.events.command_events import Exported
from trainer.events.run_events import Message
from trainer.files.resources import model_path
from trainer.progress import preparing
from trainer.runs.run_folder import RunFolder
from trainer.workflows.export_network import ExportRequest


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Export the network or the curves."""
    with console_events(as_json=options.events, to_text=_text) as emit:
        if options.format == "tensorboard":
            emit(_tensorboard(options, emit))
        else:
            emit(_network(options).run(token, preparing(emit)))
    return 0


def _network(options: argparse.Namespace) -> ExportRequest:
    return ExportRequest(
        source=model_path(options.run),
        out=Path(options.out),
        data=given_data(options),
        device=options.device,
        command=command_line(),
        weights=options.weights,
    )


def _tensorboard(options: argparse.Namespace, emit: Callable[[Event], None]) -> Exported:
    from trainer.runs.tensorboard_export import write_tensorboard

    if options.weights is not None:
        raise ConfigError(
            "Curves have no weights: leave out --weights, or export the network without --format "
            "tensorboard."
        )
    source = model_path(options.run)
    if source.is_file():
        raise ConfigError(
            f"{options.run} is a network, and only a run has curves. Name the folder of its run, "
            "or export the network without --format tensorboard."
        )
    epoch = write_tensorboard(
        RunFolder(source),
        Path(options.out),
        warn=lambda text: emit(Message(level="warning", text=text)),
    )
    return Exported(path=options.out, epoch=epoch, content="curves")


def _text(event: Event) -> str:
    assert isinstance(event, Exported)  # noqa: S101 - for the type checker
    if event.content == "curves":
        return f"TensorBoard files saved to {event.path}"
    trained = (
        f", trained for {event.epoch:.3g} epoch{'s' * (event.epoch != 1)}" if event.epoch else ""
    )
    return f"Model{trained}, saved to {event.path}" if trained else f"Model saved to {event.path}"
