"""What can be judged, and by which data, as the Evaluation tab's choosers offer it."""

from collections.abc import Sequence
from pathlib import Path

from cifar_desktop.common import dataset_choices
from cifar_desktop.evaluation.services.report_cache import EvaluationTarget
from cifar_desktop.networks.widgets.picker import NetworkEntry
from cifar_desktop.runs import dataset_location
from cifar_desktop.runs.services.run_summary import RunSummary
from cifar_desktop.ui import formatting
from cifar_desktop.ui.choice_field import Choice

_RUN, _FILE = "run ", "file "


def run_key(path: Path) -> str:
    """The key of a run in the chooser."""
    return f"{_RUN}{path}"


def file_key(path: Path) -> str:
    """The key of a network file in the chooser."""
    return f"{_FILE}{path}"


def target(key: str, data: str) -> EvaluationTarget | None:
    """What a key of the chooser stands for; None if it stands for nothing.

    Args:
        key: Of a run or a network file.
        data: By what a network file is judged.
    """
    if key.startswith(_RUN):
        return EvaluationTarget(path=Path(key.removeprefix(_RUN)))
    if key.startswith(_FILE):
        return EvaluationTarget(path=Path(key.removeprefix(_FILE)), data=data)
    return None


def name(
    target: EvaluationTarget, runs: Sequence[RunSummary], networks: Sequence[NetworkEntry]
) -> str:
    """What a subject is called; what is gone by now, as its file was."""
    if target.is_run:
        named = {run.path: run.name for run in runs}
    else:
        named = {Path(entry.key): entry.name for entry in networks}
    return named.get(target.path, target.path.stem)


def data_title(target: EvaluationTarget | None, called: str) -> str:
    """What the data of a subject are called; a folder may be named as CIFAR-10 is.

    Args:
        judged: The subject.
        called: What is told of the data elsewhere, if the subject does not know.
    """
    if target is None:
        return called
    data = dataset_location.data_of(target.path) if target.is_run else target.data
    return dataset_choices.data_title(data) if data else called


def data_are_gone(target: EvaluationTarget) -> bool:
    """Whether it is a run that learned from a folder that is not there."""
    return target.is_run and dataset_location.data_are_gone(target.path)


def choices(runs: Sequence[RunSummary], networks: Sequence[NetworkEntry]) -> list[Choice]:
    """Runs that have something to judge, the newest first, then the networks."""
    target = [run for run in runs if run.has_model or run.has_checkpoint]
    files = [_network(entry) for entry in networks]
    if not target:
        return files
    # What cannot be chosen stands as a heading.
    headings = [Choice(key=name, text=name, enabled=False) for name in ("Runs", "Networks")]
    return [headings[0], *map(_run, target), headings[1], *files]


def first_key(offered: Sequence[Choice]) -> str:
    """What is shown before anything was chosen; empty if there is nothing."""
    return next((each.key for each in offered if each.enabled), "")


def _run(run: RunSummary) -> Choice:
    figure = formatting.share(run.test_accuracy) if run.has_model else "so far"
    return Choice(
        key=run_key(run.path),
        text=f"{run.name} ({figure})",
        tooltip=f"{run.name}: {run.recipe}, begun {formatting.moment(run.created)}",
    )


def _network(entry: NetworkEntry) -> Choice:
    text = f"{entry.name} ({entry.figure})" if entry.figure else entry.name
    about = f"{entry.name}: {entry.detail}" if entry.detail else entry.name
    return Choice(key=file_key(Path(entry.key)), text=text, tooltip=about)
