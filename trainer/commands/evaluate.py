"""`cifar-trainer evaluate`: evaluate a network, on the validation images while it is training."""

import argparse
import json
from pathlib import Path

import msgspec

from trainer.cancellation import CancelToken
from trainer.commands.arguments import command_line, given_data
from trainer.commands.console import console_events
from trainer.commands.report_table import report_text
from trainer.evaluation.report import Report
from trainer.events.command_events import Evaluated
from trainer.progress import preparing
from trainer.workflows.evaluate import EvaluateRequest


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Evaluate a network."""
    request = EvaluateRequest(
        name=options.model,
        data=given_data(options),
        out=Path(options.report) if options.report else None,
        device=options.device,
        command=command_line(),
        six_views=options.tta,
    )
    to_text = _json if options.json else report_text
    with console_events(as_json=options.events, to_text=lambda _: to_text(report)) as emit:
        report = request.run(token, preparing(emit))
        emit(Evaluated(report=options.report or ""))
    return 0


def _json(report: Report) -> str:
    # `per_class` is the name that scripts rely on; recall is what it is.
    values = msgspec.to_builtins(report.figures)
    values["per_class"] = values.pop("recall")
    if values["accuracy_tta"] is None:
        del values["accuracy_tta"]
    if report.notes:
        values["notes"] = list(report.notes)
    return json.dumps(values)
