"""Networks and runs are evaluated by a real trainer, and their reports are found again."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from cifar_desktop.evaluation.services.evaluator import EvaluationState, Evaluator
from cifar_desktop.evaluation.services.report_cache import EvaluationTarget, ReportCache
from cifar_desktop.trainer_process.outcome import Ending
from tests.trainer.tiny import draw, tiny_card, tiny_config, write_folder
from trainer.models.model_file import save_model
from trainer.models.registry import build
from trainer.runs.run_folder import RunFolder

_PATIENCE = 60_000


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def network(tmp_path: Path) -> Path:
    card = tiny_card()
    path = tmp_path / "Zoë 图片.safetensors"
    save_model(path, build(card.architecture, len(card.classes), card.widths), card)
    return path


@pytest.fixture
def data(tmp_path: Path) -> str:
    folder = tmp_path / "data"
    write_folder(folder / "train", draw(30, 1))
    write_folder(folder / "test", draw(30, 2))
    return str(folder)


@pytest.fixture
def report_cache(tmp_path: Path) -> ReportCache:
    return ReportCache(tmp_path / "report_cache")


@pytest.fixture
def evaluations(qapp: object, report_cache: ReportCache) -> Iterator[Evaluator]:
    made = Evaluator(report_cache)
    yield made
    made.shutdown()


def _until_known(evaluations: Evaluator, qtbot: QtBot) -> EvaluationState:
    qtbot.waitUntil(
        lambda: not evaluations.state.loading and evaluations.state.step is None,
        timeout=_PATIENCE,
    )
    return evaluations.state


def _evaluate_target(
    evaluations: Evaluator, target: EvaluationTarget, qtbot: QtBot
) -> EvaluationState:
    evaluations.show(target)
    _until_known(evaluations, qtbot)
    evaluations.evaluate(device="cpu")
    return _until_known(evaluations, qtbot)


@pytest.mark.real_trainer
def test_network_is_evaluated_and_its_report_found_again(
    evaluations: Evaluator, network: Path, data: str, report_cache: ReportCache, qtbot: QtBot
) -> None:
    told: list[EvaluationState] = []
    evaluations.changed.connect(told.append)

    found = _evaluate_target(evaluations, EvaluationTarget(path=network, data=data), qtbot)

    assert found.error is None
    assert found.report is not None
    assert (found.report.split, len(found.report), found.report.data) == ("test", 30, "data")
    steps = [each.step for each in told if each.step is not None]
    assert steps[0].fraction is None
    assert any(step.what == "Evaluating" and step.total == 30 for step in steps)
    again = Evaluator(report_cache)
    again.show(EvaluationTarget(path=network, data=data))
    report = _until_known(again, qtbot).report
    assert report is not None
    assert np.array_equal(report.probabilities, found.report.probabilities)
    again.shutdown()


def test_other_data_or_a_changed_file_have_no_report(
    evaluations: Evaluator, network: Path, data: str, qtbot: QtBot
) -> None:
    _evaluate_target(evaluations, EvaluationTarget(path=network, data=data), qtbot)

    evaluations.show(EvaluationTarget(path=network, data="cifar10"))
    assert _until_known(evaluations, qtbot).report is None
    network.write_bytes(network.read_bytes() + b" ")
    evaluations.show(EvaluationTarget(path=network, data=data))

    assert _until_known(evaluations, qtbot).report is None


def test_failure_is_explained_and_the_next_try_succeeds(
    evaluations: Evaluator, network: Path, data: str, qtbot: QtBot
) -> None:
    target = EvaluationTarget(path=network, data=data)
    whole = network.read_bytes()
    network.write_bytes(b"garbage")
    found = _evaluate_target(evaluations, target, qtbot)
    assert found.report is None
    assert found.error is not None
    assert network.name in found.error.message

    network.write_bytes(whole)
    found = _evaluate_target(evaluations, target, qtbot)

    assert found.error is None
    assert found.report is not None


_SLEEPER = "import threading; threading.Event().wait()"


def test_cancelled_evaluation_keeps_the_previous_report(
    network: Path, data: str, report_cache: ReportCache, evaluations: Evaluator, qtbot: QtBot
) -> None:
    target = EvaluationTarget(path=network, data=data)
    known = _evaluate_target(evaluations, target, qtbot).report
    low_priority = Evaluator(report_cache, [sys.executable, "-c", _SLEEPER])
    low_priority.show(target)
    _until_known(low_priority, qtbot)

    low_priority.evaluate()
    assert low_priority.state.step is not None
    assert low_priority.state.report is not None
    low_priority.cancel()

    assert low_priority.state.step is None
    assert low_priority.target is None
    assert known is not None
    assert low_priority.state.report is not None
    assert len(low_priority.state.report) == len(known)
    low_priority.shutdown()


def test_evaluation_continues_while_another_target_is_shown(
    network: Path, data: str, evaluations: Evaluator, qtbot: QtBot
) -> None:
    judged, other = (
        EvaluationTarget(path=network, data=data),
        EvaluationTarget(path=network, data="cifar10"),
    )
    told: list[EvaluationState] = []
    evaluations.show(judged)
    evaluations.evaluate(device="cpu")
    evaluations.show(other)
    evaluations.changed.connect(told.append)
    assert evaluations.state.step is None
    assert evaluations.state.other == judged
    evaluations.evaluate()
    assert evaluations.target == judged

    with qtbot.waitSignal(evaluations.other_finished, timeout=_PATIENCE) as finished:
        pass

    assert finished.args is not None
    assert (finished.args[0], finished.args[1].ending) == (judged, Ending.DONE)
    assert all(each.target == other and each.report is None for each in told)
    steps = [each.other_step for each in told if each.other_step is not None]
    assert any(step.what == "Evaluating" and step.total == 30 for step in steps)
    assert told[-1].other is None
    evaluations.show(judged)
    assert _until_known(evaluations, qtbot).report is not None


def test_evaluation_of_a_hidden_target_is_cancelled(
    network: Path, data: str, report_cache: ReportCache, qapp: object
) -> None:
    low_priority = Evaluator(report_cache, [sys.executable, "-c", _SLEEPER])
    low_priority.show(EvaluationTarget(path=network, data=data))
    low_priority.evaluate()
    low_priority.show(EvaluationTarget(path=network, data="cifar10"))
    assert low_priority.state.other_step is not None

    low_priority.cancel()

    assert low_priority.target is None
    assert low_priority.state.other is None
    assert low_priority.state.other_step is None
    low_priority.shutdown()


def test_report_of_a_target_no_longer_shown_is_dropped(
    network: Path, data: str, evaluations: Evaluator, qtbot: QtBot
) -> None:
    _evaluate_target(evaluations, EvaluationTarget(path=network, data=data), qtbot)
    told: list[EvaluationState] = []
    evaluations.changed.connect(told.append)

    evaluations.show(EvaluationTarget(path=network, data=data))
    evaluations.show(EvaluationTarget(path=network, data="cifar10"))
    _until_known(evaluations, qtbot)

    assert told[-1].report is None
    assert all(each.report is None for each in told if each.target != told[0].target)


def _trained(path: Path, data: str, **changes: object) -> RunFolder:
    """A run, trained by the command line."""
    from trainer import cli

    folder = RunFolder(path)
    path.mkdir()
    folder.create(tiny_config(validation_images=6, **changes), (data,))
    assert cli.main(["train", "--resume", str(path), "--events"]) == 0
    return folder


def test_finished_run_has_a_report_without_evaluation(
    evaluations: Evaluator, data: str, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = _trained(tmp_path / "run", data, epochs=1)

    evaluations.show(EvaluationTarget(path=folder.path, is_run=True))

    report = _until_known(evaluations, qtbot).report
    assert report is not None
    assert report.split == "test"


def test_run_without_its_report_is_evaluated_again(
    evaluations: Evaluator, data: str, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = _trained(tmp_path / "run", data, epochs=1)
    folder.report.unlink()
    target = EvaluationTarget(path=folder.path, is_run=True)
    evaluations.show(target)
    assert _until_known(evaluations, qtbot).report is None

    found = _evaluate_target(evaluations, target, qtbot)

    assert found.report is not None
    assert found.report.split == "test"


def test_unfinished_run_is_evaluated_on_validation_images(
    evaluations: Evaluator, data: str, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = _trained(tmp_path / "run", data, epochs=1)
    for path in (folder.model, folder.report, folder.figures):
        path.rename(path.with_suffix(".later"))
    target = EvaluationTarget(path=folder.path, is_run=True)

    found = _evaluate_target(evaluations, target, qtbot)

    assert found.error is None
    assert found.report is not None
    assert found.report.split == "validation"
    for path in (folder.model, folder.report, folder.figures):
        path.with_suffix(".later").rename(path)
    evaluations.show(target)
    qtbot.waitUntil(lambda: not evaluations.state.loading)
    assert evaluations.state.report is not None
    assert evaluations.state.report.split == "test"


def test_cache_keeps_the_latest_five(report_cache: ReportCache, tmp_path: Path) -> None:
    report_cache.prepare()
    places = [
        report_cache.path_of(EvaluationTarget(path=tmp_path / str(number), is_run=True))
        for number in range(7)
    ]
    for age, place in enumerate(places):
        place.write_bytes(b"")
        os.utime(place, (age, age))

    report_cache.tidy()

    assert [place.exists() for place in places] == [False] * 2 + [True] * 5


def test_unwritable_cache_is_reported(
    network: Path, data: str, tmp_path: Path, qapp: object
) -> None:
    (tmp_path / "file").touch()
    evaluations = Evaluator(ReportCache(tmp_path / "file" / "report_cache"))
    evaluations.show(EvaluationTarget(path=network, data=data))

    evaluations.evaluate()

    assert evaluations.state.error is not None
    assert "cannot be written" in evaluations.state.error.message
    assert evaluations.target is None
    evaluations.shutdown()
