"""`cifar-trainer export`: the network of a run as a model file."""

import argparse
import shlex
import sys
from pathlib import Path

from trainer.cancel import CancelToken
from trainer.event import Event
from trainer.exporting import Export
from trainer.findings import Exported
from trainer.progress import preparing
from trainer.reporting import telling


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Write the network of a run as a model file."""
    export = Export(
        source=Path(options.run),
        out=Path(options.out),
        data=options.data,
        device=options.device,
        command=shlex.join(["cifar-trainer", *sys.argv[1:]]),
    )
    with telling(as_events=options.events, in_words=_text) as tell:
        tell(export.write(token, preparing(tell)))
    return 0


def _text(event: Event) -> str:
    assert isinstance(event, Exported)  # noqa: S101 - for the type checker
    trained = f", trained for {event.epoch:.3g} epochs," if event.epoch else ""
    return f"The network{trained} is in {event.path}"
