"""`cifar-trainer evaluate`: judge a network on test images, or one in training on validation."""

import argparse
import json
import shlex
import sys
from dataclasses import asdict
from pathlib import Path

from trainer.cancellation import CancelToken
from trainer.commands.console import console_events
from trainer.commands.report_table import figures_text
from trainer.evaluation.report import Report
from trainer.events.command_events import Evaluated
from trainer.progress import preparing
from trainer.workflows.evaluate import EvaluateRequest


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Judge a network."""
    evaluate = EvaluateRequest(
        name=options.model,
        data=options.data,
        out=Path(options.report) if options.report else None,
        device=options.device,
        command=shlex.join(["cifar-trainer", *sys.argv[1:]]),
    )
    in_words = _json if options.json else figures_text
    with console_events(as_events=options.events, in_words=lambda _: in_words(report)) as tell:
        report = evaluate.run(token, preparing(tell))
        tell(Evaluated(report=options.report or ""))
    return 0


def _json(report: Report) -> str:
    return json.dumps(asdict(report.figures))
