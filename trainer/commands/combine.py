"""`cifar-trainer combine`: build an ensemble from several runs."""

import argparse
from pathlib import Path

from trainer.cancellation import CancelToken
from trainer.commands.arguments import command_line, given_data
from trainer.commands.console import console_events
from trainer.commands.report_table import report_text
from trainer.events.command_events import Exported
from trainer.progress import preparing
from trainer.workflows.build_ensemble import EnsembleRequest


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Build the ensemble and report its metrics."""
    request = EnsembleRequest(
        runs=tuple(Path(each) for each in options.runs),
        out=Path(options.out),
        data=given_data(options),
        device=options.device,
        command=command_line(),
    )
    with console_events(
        as_json=options.events,
        to_text=lambda _: f"{report_text(report)}\nModel saved to {options.out}",
    ) as emit:
        report = request.run(token, preparing(emit))
        emit(Exported(content="network", path=options.out, epoch=report.epochs))
    return 0
