"""`cifar-trainer combine`: one network of those of several runs."""

import argparse
import shlex
import sys
from pathlib import Path

from trainer.cancellation import CancelToken
from trainer.commands.console import console_events
from trainer.commands.report_table import figures_text
from trainer.events.command_events import Exported
from trainer.progress import preparing
from trainer.workflows.build_ensemble import Combine


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Write it, and tell how good it is."""
    combine = Combine(
        runs=tuple(Path(each) for each in options.runs),
        out=Path(options.out),
        data=options.data,
        device=options.device,
        command=shlex.join(["cifar-trainer", *sys.argv[1:]]),
    )
    with console_events(
        as_events=options.events,
        in_words=lambda _: f"{figures_text(report)}\nThe network is in {options.out}",
    ) as tell:
        report = combine.write(token, preparing(tell))
        tell(Exported(path=options.out, epoch=report.epochs))
    return 0
