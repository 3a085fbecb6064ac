"""Ensembles of several runs: how they are built, and which runs cannot be combined."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.trainer.tiny import tiny_card, tiny_config, write_dataset
from trainer import cli
from trainer.cancellation import CancelToken
from trainer.data.loading import load_dataset
from trainer.data.normalization import normalize
from trainer.devices.discovery import find_device
from trainer.errors import CheckpointError, ConfigError, DataError, ModelFileError, TrainerError
from trainer.evaluation.evaluate import evaluate
from trainer.evaluation.report import Report
from trainer.events.codec import from_line
from trainer.events.command_events import Exported
from trainer.inference.energy_score import energy_score
from trainer.inference.views import predict_mirrored
from trainer.models.ensemble import Ensemble
from trainer.models.model_file import load_model, save_model
from trainer.models.registry import build
from trainer.runs.run_folder import RunFolder
from trainer.training.loop import train
from trainer.training.run import TrainingRun
from trainer.workflows.build_ensemble import EnsembleRequest

Trained = Callable[..., Path]


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return write_dataset(tmp_path / "farben ü")


@pytest.fixture
def trained(data: Path, tmp_path: Path) -> Trained:
    """Trains a run, optionally with other settings; returns its folder."""

    def trained(name: str, **changes: Any) -> Path:
        config = tiny_config(epochs=1).with_changes(changes)
        folder = RunFolder(tmp_path / name)
        folder.create(config, (str(data),))
        run = TrainingRun(config, load_dataset(str(data)), find_device("cpu"))
        train(run, folder, emit=lambda _: None, token=CancelToken())
        return folder.path

    return trained


def combine(*runs: Path, data: Path | None = None, out: Path | None = None) -> tuple[Path, Report]:
    out = out or runs[0].parent / "out" / "both.safetensors"
    job = EnsembleRequest(
        runs=runs,
        out=out,
        data=(str(data),) if data else None,
        device="cpu",
        command="cifar-trainer combine",
    )
    return out, job.run(CancelToken(), lambda *_: None)


def test_an_ensemble_averages_its_members(trained: Trained, data: Path) -> None:
    first, second = trained("a"), trained("b", epochs=2)
    out, report = combine(first, second)
    network, card = load_model(out)
    members = [load_model(run / "model.safetensors") for run in (first, second)]
    images = torch.randn(4, 3, 32, 32)
    answers = torch.stack([member(images) for member, _ in members])
    assert not answers[0].allclose(answers[1])
    assert network(images).allclose(answers.mean(0), atol=1e-6)
    assert card.members == 2
    assert card.parameters == sum(each.parameters for _, each in members)
    assert card.figures["epochs"] == 3
    assert card.command.endswith(" && cifar-trainer combine")

    test = load_dataset(str(data)).test
    judged = evaluate(network, card, test.images, test.labels).figures
    assert judged.accuracy == card.figures["accuracy"] == report.figures.accuracy
    assert card.figures["images"] == len(test)


def test_it_is_calibrated_on_held_out_images(trained: Trained, data: Path) -> None:
    out, _ = combine(trained("a"), trained("b", epochs=2))
    network, card = load_model(out)
    run = TrainingRun(tiny_config(), load_dataset(str(data)), find_device("cpu"))
    held_out = run.validation
    judged = evaluate(network, card, held_out.images, held_out.labels)
    assert judged.figures.accuracy == card.figures["validation_accuracy"]
    batch = normalize(held_out.images, card.mean, card.std)
    logits = predict_mirrored(network, batch) / card.temperature
    known = energy_score(logits) >= card.unknown_threshold
    assert known.double().mean().item() == pytest.approx(0.95, abs=1.5 / len(held_out))


def test_what_learned_from_other_images_cannot_be_calibrated(trained: Trained) -> None:
    with pytest.raises(TrainerError, match="same --seed and --validation-images"):
        combine(trained("a"), trained("b", seed=1))


def test_different_networks_are_not_combined(trained: Trained) -> None:
    with pytest.raises(TrainerError, match="same architecture and classes"):
        combine(trained("a"), trained("b", widths=(8, 8, 16)))


def test_runs_must_be_two_and_finished(trained: Trained, data: Path) -> None:
    run = trained("a")
    for named in [(run,), (run, run.parent / "x" / ".." / "a")]:
        with pytest.raises(ConfigError, match="at least two different"):
            combine(*named)
    with pytest.raises(CheckpointError, match="contains no run"):
        combine(run, data)
    with pytest.raises(ConfigError, match="Choose another file"):
        combine(run, trained("b", epochs=2), out=run / "model.safetensors")
    unfinished = RunFolder(run.parent / "unfinished")
    unfinished.create(tiny_config(), (str(data),))
    with pytest.raises(CheckpointError, match="not finished"):
        combine(run, unfinished.path)


def test_moved_and_changed_data_are_reported(trained: Trained, data: Path) -> None:
    runs = trained("a"), trained("b", epochs=2)
    moved = data.rename(data.parent / "moved")
    with pytest.raises(DataError, match="does not exist"):
        combine(*runs)
    assert combine(*runs, data=moved)[0].exists()
    (moved / "train/red/0002.png").unlink()
    with pytest.raises(DataError, match="not the one that the network"):
        combine(*runs, data=moved)


def test_an_invalid_number_of_members_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "network.safetensors"
    card = tiny_card()
    network = Ensemble(build(card.architecture, 3, card.widths) for _ in range(2))
    for members in (0, 3, 10**9):
        save_model(path, network, tiny_card(members=members))
        with pytest.raises(ModelFileError, match="damaged"):
            load_model(path)


def test_the_recipes_of_all_members_are_named(trained: Trained) -> None:
    _, report = combine(trained("a"), trained("b", recipe="best", epochs=2))
    assert report.subject == "sprint, best"


def test_programs_get_the_place_as_an_event(
    trained: Trained, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = trained("a"), trained("b", epochs=2)
    out = first.parent / "both.safetensors"
    assert cli.main(["combine", str(first), str(second), "--out", str(out), "--events"]) == 0
    reported = from_line(capsys.readouterr().out.splitlines()[-1])
    assert isinstance(reported, Exported)
    assert (reported.path, reported.epoch, reported.content) == (str(out), 3, "network")
    assert cli.main(["combine", str(first), str(first), "--out", str(out), "--events"]) == 2


def test_the_command_prints_metrics_and_path(
    trained: Trained, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = trained("a"), trained("b", epochs=2)
    out = first.parent / "both.safetensors"
    assert cli.main(["combine", str(first), str(second), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "trained for 3 epochs, evaluated on 30 test images" in said
    assert f"Model saved to {out}" in said
