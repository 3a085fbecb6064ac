"""What can be evaluated, as choices for the Evaluation tab."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cifar_desktop.common import dataset_choices
from cifar_desktop.evaluation.services.report_cache import EvaluationTarget
from cifar_desktop.networks.widgets.picker import NetworkEntry
from cifar_desktop.runs import dataset_location
from cifar_desktop.runs.services.run_summary import RunSummary
from cifar_desktop.ui import formatting
from cifar_desktop.ui.choice_field import Choice
from trainer.evaluation.accuracy_text import counted_accuracy_text

_RUN, _FILE = "run ", "file "
OWN_DATA = "own"
"""Key of a run's own dataset in the drop-down list."""
_UNFINISHED = "A run can be evaluated on other datasets once it has finished"


def run_key(path: Path) -> str:
    """Key of a run in the drop-down list."""
    return f"{_RUN}{path}"


def file_key(path: Path) -> str:
    """Key of a network file in the drop-down list."""
    return f"{_FILE}{path}"


def target(key: str, data: str) -> EvaluationTarget | None:
    """The target for a key of the drop-down list; None if there is none.

    Args:
        key: Key of a run or a network file.
        data: Dataset to evaluate it on; `OWN_DATA` for that of a run.
    """
    if key.startswith(_RUN):
        chosen = "" if data == OWN_DATA else data
        return EvaluationTarget(path=Path(key.removeprefix(_RUN)), data=chosen, is_run=True)
    if key.startswith(_FILE):
        return EvaluationTarget(path=Path(key.removeprefix(_FILE)), data=data)
    return None


def data_choices(run: RunSummary | None, folders: Sequence[str]) -> list[Choice]:
    """The datasets to evaluate a network on; for a run, its own comes first.

    Args:
        run: The chosen run; None for a network file.
        folders: Known dataset folders.
    """
    known = dataset_choices.data_choices(folders)
    if run is None:
        return known
    own = dataset_location.data_of(run.path)
    title = _title(own) or run.data
    others = [
        replace(each, enabled=run.has_model, tooltip=each.tooltip if run.has_model else _UNFINISHED)
        for each in known
        if (each.key,) != own
    ]
    return [Choice(key=OWN_DATA, text=f"{title} (its own)", tooltip="\n".join(own)), *others]


def _title(data: Sequence[str]) -> str:
    return " + ".join(map(dataset_choices.data_title, data))


def name(
    target: EvaluationTarget, runs: Sequence[RunSummary], networks: Sequence[NetworkEntry]
) -> str:
    """Name of a target; the file name if it no longer exists."""
    if target.is_run:
        named = {run.path: run.name for run in runs}
    else:
        named = {Path(entry.key): entry.name for entry in networks}
    return named.get(target.path, target.path.stem)


def data_title(target: EvaluationTarget | None, fallback: str) -> str:
    """Name of a target's dataset.

    Args:
        target: The target.
        fallback: Name to use if the target does not know its dataset.
    """
    if target is None:
        return fallback
    data = (target.data,) if target.data else dataset_location.data_of(target.path)
    return _title(data) or fallback


def data_are_gone(target: EvaluationTarget) -> bool:
    """Whether it is a run whose dataset folder is missing."""
    return not target.data and dataset_location.data_are_gone(target.path)


def choices(runs: Sequence[RunSummary], networks: Sequence[NetworkEntry]) -> list[Choice]:
    """Runs with a network, newest first, then network files."""
    usable = [run for run in runs if run.has_model or run.has_checkpoint]
    files = [_network(entry) for entry in networks]
    if not usable:
        return files
    # Disabled entries serve as headings.
    headings = [Choice(key=name, text=name, enabled=False) for name in ("Runs", "Networks")]
    return [headings[0], *map(_run, usable), headings[1], *files]


def first_key(offered: Sequence[Choice]) -> str:
    """Key of the default choice; empty if there is none."""
    return next((each.key for each in offered if each.enabled), "")


def _run(run: RunSummary) -> Choice:
    figure = "checkpoint"
    if run.test_accuracy is not None:
        figure = counted_accuracy_text(run.test_accuracy, run.test_images)
    return Choice(
        key=run_key(run.path),
        text=run.name,
        helper=figure,
        tooltip=f"{run.name}: {run.recipe}, started {formatting.moment(run.created)}",
    )


def _network(entry: NetworkEntry) -> Choice:
    about = f"{entry.name}: {entry.detail}" if entry.detail else entry.name
    key = file_key(Path(entry.key))
    return Choice(key=key, text=entry.name, helper=entry.figure, tooltip=about)
