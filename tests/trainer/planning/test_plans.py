"""Which run fits into a time: interpolated accuracies, choices, forecasts, `--minutes`."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from tests.trainer.tiny import draw, write_dataset, write_folder
from trainer import cli
from trainer.commands import forecast as forecast_command
from trainer.config.recipes import RECIPES, recipe
from trainer.config.train_config import TrainConfig
from trainer.errors import TrainerError
from trainer.events.codec import from_line
from trainer.events.command_events import Forecast, SpeedMeasured
from trainer.events.run_events import Message, Preparing, RunFailed
from trainer.files.resources import resource
from trainer.planning import plans
from trainer.planning.dataset_counts import CIFAR10_COUNTS, DatasetCounts
from trainer.planning.forecast import MEASURING, forecast
from trainer.planning.plan_text import describe_plan
from trainer.planning.plans import (
    TIME_MARGIN,
    Plan,
    best_within,
    expected_accuracy,
    possible_plans,
    reference_curves,
    require_plan_within,
)
from trainer.runs.run_folder import RunFolder

CURVES = {"sprint": {1: 0.5, 4: 0.75, 8: 0.9}, "best": {2: 0.8, 20: 0.96}}
SPEEDS = {
    name: SpeedMeasured(device="CPU", image_seconds=image, step_seconds=0, forward_seconds=0)
    for name, image in (("sprint", 0.001), ("best", 0.004))
}


def made_plans(
    *names: str, curves: dict[str, dict[int, float]] = CURVES, is_cifar10: bool = True
) -> list[Plan]:
    return possible_plans(
        [recipe(name) for name in names],
        SPEEDS,
        DatasetCounts(train=50_000, test=10_000, classes=10, is_cifar10=is_cifar10),
        curves=curves,
    )


def chosen(found: list[Plan], minutes: float) -> tuple[str, int]:
    plan = require_plan_within(found, 60 * minutes)
    return plan.config.recipe, plan.config.epochs


@pytest.mark.parametrize(
    ("epochs", "accuracy"),
    # Half the error for four times the epochs: a quarter of the way up and down is on a power law.
    [(1, 0.5), (2, 1 - 0.5 / 2**0.5), (4, 0.75), (8, 0.9), (9, 0.9), (1000, 0.9)],
)
def test_errors_fall_as_a_power_between_measured_runs(epochs: float, accuracy: float) -> None:
    assert expected_accuracy(CURVES["sprint"], epochs) == pytest.approx(accuracy)


def test_all_lengths_are_offered_from_the_shortest_to_the_longest_measured() -> None:
    found = made_plans("sprint", "best")
    assert sorted((each.config.recipe, each.config.epochs) for each in found) == [
        *(("best", epochs) for epochs in range(2, 21)),
        *(("sprint", epochs) for epochs in range(1, 9)),
    ]
    assert [each.seconds for each in found] == sorted(each.seconds for each in found)
    # 48 batches of 1000 of the 48,000 images that are not held out.
    assert found[0].seconds == pytest.approx(48)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (1, ("sprint", 1)),  # 48 s
        (4, ("sprint", 4)),
        (7, ("sprint", 8)),
        (70, ("best", 20)),
        (1e5, ("best", 20)),
    ],
)
def test_the_most_accurate_run_that_fits_is_chosen(
    minutes: float, expected: tuple[str, int]
) -> None:
    found = made_plans("sprint", "best")
    best = best_within(found, 60 * minutes)
    assert best is not None
    assert best.accuracy == max(
        each.accuracy or 0 for each in found if TIME_MARGIN * each.seconds <= 60 * minutes
    )
    assert chosen(found, minutes) == expected


def test_of_equals_the_shortest_is_chosen() -> None:
    flat = {"sprint": {1: 0.9, 8: 0.9}}
    assert chosen(made_plans("sprint", curves=flat), 60) == ("sprint", 1)


def test_without_a_curve_the_longest_run_is_chosen() -> None:
    found = made_plans("sprint", curves={})
    assert all(each.accuracy is None for each in found)
    assert chosen(found, 4.3) == ("sprint", 5)
    # It was measured at this length.
    assert chosen(found, 1e5) == ("sprint", recipe("sprint").epochs)


def test_for_other_data_nothing_is_promised_and_the_curves_compare() -> None:
    found = made_plans("sprint", "best", is_cifar10=False)
    assert all(each.accuracy is None for each in found)
    assert chosen(found, 7) == ("sprint", 8)
    assert chosen(found, 70) == ("best", 20)
    assert max(each.config.epochs for each in found) == 4 * recipe("best").epochs


def test_small_datasets_are_ranked_by_steps_and_trained_longer() -> None:
    found = possible_plans(
        [recipe("sprint"), recipe("best")],
        SPEEDS,
        DatasetCounts(train=1000, test=0, classes=10),
        curves=CURVES,
    )
    # No run was measured with as few images as a single step of `best`.
    assert {each.reference_accuracy for each in found if each.config.epochs * 1000 < 50_000} == {
        None
    }
    assert chosen(found, 0.2) == ("sprint", 14)
    assert chosen(found, 1e5) == ("best", 200)


@pytest.mark.parametrize(("images", "epochs"), [(5, 200), (4000, 100), (25_000, 40)])
def test_as_many_images_are_seen_as_were_measured_within_reason(images: int, epochs: int) -> None:
    found = possible_plans(
        [recipe("sprint")],
        SPEEDS,
        DatasetCounts(train=images, test=0, classes=10),
        curves=CURVES,
    )
    assert max(each.config.epochs for each in found) == epochs


def test_other_settings_than_the_recipes_are_promised_nothing() -> None:
    def promised(**changes: object) -> bool:
        found = possible_plans(
            [recipe("sprint").with_changes(changes)], SPEEDS, CIFAR10_COUNTS, curves=CURVES
        )
        return all(each.accuracy is not None for each in found)

    assert promised(seed=7, device="cpu")
    assert not promised(learning_rate=5.0)
    assert not promised(hard_example_fraction=0.2)


def test_too_little_time_is_said_with_what_is_needed() -> None:
    with pytest.raises(TrainerError, match=r"time is too short.*1 epoch of sprint.*0\.9 min"):
        require_plan_within(made_plans("sprint"), 30)
    with pytest.raises(TrainerError, match=r"2 epochs of best"):
        require_plan_within(made_plans("best"), 30)


def test_what_is_said_to_be_needed_is_enough() -> None:
    with pytest.raises(TrainerError, match=r"takes about 1\.1 min"):
        require_plan_within(made_plans("sprint"), 60, spent=14)
    assert require_plan_within(made_plans("sprint"), 60 * 1.1, spent=14).config.epochs == 1


def test_a_plan_in_words() -> None:
    (first, *_) = made_plans("sprint")
    expected = "Training 1 epoch of sprint: about 0.8 min here, test accuracy about 50 %."
    assert describe_plan(first) == expected
    assert describe_plan(replace(first, accuracy=None)).endswith("0.8 min here.")
    assert describe_plan(replace(first, accuracy=0.9344)).endswith("test accuracy about 93.4 %.")


def test_a_forecast_names_times_that_bring_more() -> None:
    reported = forecast(made_plans("sprint", "best"), "CPU")
    assert list(reported.minutes) == sorted(set(reported.minutes))
    assert list(reported.accuracies) == sorted(reported.accuracies, key=lambda each: each or 0)
    assert reported.minutes[0] == 1
    assert reported.minutes[-1] == 120
    assert (reported.recipes[-1], reported.epochs[-1]) == ("best", 20)
    pairs = zip(reported.seconds, reported.minutes, strict=True)
    assert all(TIME_MARGIN * seconds <= 60 * minutes for seconds, minutes in pairs)


def test_a_forecast_includes_the_time_to_measure() -> None:
    found = made_plans("sprint", "best")
    in_time, late = forecast(found, "CPU"), forecast(found, "CPU", spent=14)
    assert (in_time.minutes[0], late.minutes[0]) == (1, 2)


def test_a_forecast_for_a_device_that_is_too_slow_is_empty() -> None:
    slow = {"sprint": structs.replace(SPEEDS["sprint"], image_seconds=10)}
    found = possible_plans([recipe("sprint")], slow, CIFAR10_COUNTS, curves=CURVES)
    assert forecast(found, "CPU").minutes == ()


def test_the_curves_that_come_with_the_program_rise() -> None:
    curves = reference_curves()
    assert {"sprint"} <= curves.keys() <= RECIPES.keys()
    for curve in curves.values():
        accuracies = [curve[epochs] for epochs in sorted(curve)]
        assert len(accuracies) >= 2
        assert accuracies == sorted(accuracies)
        assert 0.3 < accuracies[0] < accuracies[-1] < 1


def test_the_curves_are_of_the_recipes_as_they_are() -> None:
    for run in json.loads(resource(plans.CURVES).read_text(encoding="utf-8"))["runs"]:
        config = TrainConfig.from_json(json.dumps(run["config"]))
        free = {"epochs": config.epochs, "validation_images": config.validation_images}
        assert config == recipe(config.recipe).with_changes(free)


def test_damaged_curves_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "curves.json").write_text("[]")
    monkeypatch.setattr(plans, "resource", lambda _: tmp_path / "curves.json")
    with pytest.raises(TrainerError, match="damaged"):
        reference_curves.__wrapped__()


@pytest.fixture(autouse=True)
def _process(untouched_process: None) -> None:
    """The command line, called in this process."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_dataset(tmp_path / "data")


def train_for(minutes: float, data: Path, run: Path, *more: str) -> int:
    return cli.main(
        ["train", "--recipe", "simple-cnn", "--data", str(data), "--out", str(run),
         "--device", "cpu", "--minutes", str(minutes), "--events", *more]
    )  # fmt: skip


def test_a_run_of_so_many_minutes_is_planned_and_done(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plans, "MAX_EPOCHS_FACTOR", 1)
    assert train_for(60, data, tmp_path / "run", "--seed", "3") == cli.DONE
    config, _ = RunFolder(tmp_path / "run").read()
    assert (config.recipe, config.epochs, config.seed) == ("simple-cnn", 20, 3)
    reported = [from_line(line) for line in capsys.readouterr().out.splitlines()]
    message, mode = (each for each in reported if isinstance(each, Message))
    assert mode.text.startswith("Computing in ")
    assert message.text.startswith("Training 20 epochs of simple-cnn")
    # The expected accuracy is in the event log.
    recorded = RunFolder(tmp_path / "run").events.read_text(encoding="utf-8").splitlines()
    assert message in [from_line(line) for line in recorded]


def test_too_few_images_create_no_run_and_nothing_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_folder(tmp_path / "few" / "train", draw(4, 1))
    write_folder(tmp_path / "few" / "test", draw(3, 2))
    assert train_for(1, tmp_path / "few", tmp_path / "run") == cli.FAILED
    reported = [from_line(line) for line in capsys.readouterr().out.splitlines()]
    assert isinstance(reported[-1], RunFailed)
    assert "at least 5 are needed" in reported[-1].reason
    assert not any(isinstance(each, Preparing) and each.what == MEASURING for each in reported)
    assert not (tmp_path / "run").exists()


def test_no_run_starts_if_the_time_is_too_short(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train_for(1e-6, data, tmp_path / "run") == cli.WRONG_USAGE
    assert "time is too short" in capsys.readouterr().err
    assert not (tmp_path / "run/config.json").exists()


@pytest.mark.parametrize("more", [("--minutes", "5", "--epochs", "3"), ("--minutes", "0")])
def test_wrong_times_are_refused(more: tuple[str, ...], tmp_path: Path) -> None:
    assert cli.main(["train", "--out", str(tmp_path / "run"), *more]) == cli.WRONG_USAGE


def test_the_forecast_command_prints_text_and_events(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    curves = {"simple-cnn": {1: 0.5, 20: 0.8}}
    monkeypatch.setattr(forecast_command, "reference_curves", lambda: curves)
    monkeypatch.setattr("trainer.planning.forecast.reference_curves", lambda: curves)
    assert cli.main(["forecast", "--device", "cpu", "--events"]) == 0
    measuring, reported = map(from_line, capsys.readouterr().out.splitlines())
    assert isinstance(measuring, Preparing)
    assert isinstance(reported, Forecast)
    assert set(reported.recipes) == {"simple-cnn"}
    assert cli.main(["forecast", "--device", "cpu", "--train-images", "200"]) == 0
    words = capsys.readouterr().out
    assert words.startswith("Training on CPU")
    assert " of simple-cnn" in words
    assert "%" not in words


def test_too_few_images_to_hold_any_out_are_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["forecast", "--train-images", "4"]) == cli.FAILED
    assert "at least 5 are needed" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--train-images", "100", "--test-images", "-1"),
        ("--test-images", "100"),
        ("--classes", "3"),
        ("--none-images", "3"),
    ],
)
def test_invalid_sizes_are_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert cli.main(["forecast", *arguments]) == cli.WRONG_USAGE
