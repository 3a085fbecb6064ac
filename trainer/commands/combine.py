"""`cifar-trainer combine`: one network of those of several runs."""

import argparse
import shlex
import sys
from pathlib import Path

from trainer.cancel import CancelToken
from trainer.combining import Combine
from trainer.figures_text import figures_text
from trainer.findings import Exported
from trainer.progress import preparing
from trainer.reporting import telling


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Write it, and tell how good it is."""
    combine = Combine(
        runs=tuple(Path(each) for each in options.runs),
        out=Path(options.out),
        data=options.data,
        device=options.device,
        command=shlex.join(["cifar-trainer", *sys.argv[1:]]),
    )
    with telling(
        as_events=options.events,
        in_words=lambda _: f"{figures_text(report)}\nThe network is in {options.out}",
    ) as tell:
        report = combine.write(token, preparing(tell))
        tell(Exported(path=options.out, epoch=report.epochs))
    return 0
