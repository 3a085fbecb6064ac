"""The times of the form: what they promise, what choosing one sets, and where they come from."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.trainer_process.command_queue import CommandQueue, QueuedCommand
from cifar_desktop.trainer_process.outcome import Ending, Outcome
from cifar_desktop.training import form_choices
from cifar_desktop.training.dataset_controller import DatasetController
from cifar_desktop.training.form import TrainingForm
from cifar_desktop.training.time_estimates import ForecastKey, TimeEstimates, TimeForecasts
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from cifar_desktop.ui import formatting
from tests.trainer.tiny import draw, tiny_config, write_folder
from trainer.config.recipes import recipe
from trainer.events.command_events import Forecast, SpeedMeasured
from trainer.planning.dataset_counts import CIFAR10_COUNTS, DatasetCounts
from trainer.planning.duration import run_seconds

FORECAST = Forecast(
    device="CPU (bfloat16)",
    minutes=(1, 10, 60, 120),
    recipes=("sprint", "sprint", "best", "best"),
    epochs=(1, recipe("sprint").epochs, 4, recipe("best").epochs),
    seconds=(55.0, 500.0, 3000.0, 6000.0),
    accuracies=(0.612, 0.938, 0.9449, 0.9512),
    speeds={
        name: SpeedMeasured(
            device="CPU (bfloat16)", image_seconds=seconds, step_seconds=0.01, forward_seconds=0.001
        )
        for name, seconds in (("sprint", 0.001), ("best", 0.004))
    },
)


@pytest.fixture
def form(qtbot: QtBot) -> TrainingForm:
    window = QWidget()
    form = TrainingForm(window)
    form.resize(320, 600)
    qtbot.addWidget(window)
    window.show()
    form.window_kept_alive = window  # type: ignore[attr-defined]
    return form


def texts(form: TrainingForm) -> list[str]:
    return [form.time.combo.itemText(row) for row in range(form.time.combo.count())]


def choose(form: TrainingForm, row: int) -> None:
    form.time.combo.setCurrentIndex(row)
    form.time.combo.activated.emit(row)


def is_known(form: TrainingForm) -> bool:
    """Whether the field says what can be trained in which time."""
    return ": " in texts(form)[1]


def test_before_a_forecast_nothing_is_promised_but_a_time_can_be_chosen(form: TrainingForm) -> None:
    assert texts(form)[:3] == ["Custom: settings below", "1 minute", "2 minutes"]
    assert form.time.key == form_choices.OWN_TIME
    form.main.seed.show_number(5)
    form.show_forecast(None, "Measuring training speed…")
    choose(form, texts(form).index("2 hours"))
    assert "Recipe and epochs follow" in form.time.hint.text()
    assert not form.footer.start.isEnabled()
    # Neither a device that was found nor another dataset is another wish.
    form.show_devices(())
    form.set_data("/elsewhere")
    assert form.time.combo.currentText() == "2 hours"
    form.show_forecast(FORECAST)
    assert form.time.combo.currentText() == "2 hours: about 95.1 %"
    config = form.config()
    assert config is not None
    assert (config.recipe, config.epochs, config.seed) == ("best", recipe("best").epochs, 5)
    assert form.footer.start.isEnabled()
    assert form.time.hint.text() == ""


@pytest.mark.parametrize("way", ["custom", "recipe", "epochs", "earlier run"])
def test_a_time_that_waits_gives_way_to_settings(form: TrainingForm, way: str) -> None:
    choose(form, 3)
    assert not form.footer.start.isEnabled()
    if way == "custom":
        choose(form, 0)
    elif way == "recipe":
        form.recipe.chosen.emit("best")
    elif way == "epochs":
        form.main.epochs.show_number(7)
    else:
        form.set_values(recipe("best").with_changes({"epochs": 3}), ["cifar10"])
    before = form.config()
    assert form.footer.start.isEnabled()
    form.show_forecast(FORECAST)
    assert form.config() == before


def test_a_time_too_short_for_any_run_is_said_to_be(form: TrainingForm) -> None:
    choose(form, 1)
    slow = replace(
        FORECAST, minutes=(10, 60), recipes=("sprint", "best"), epochs=(1, 2),
        seconds=(500.0, 3000.0), accuracies=(0.6, 0.7),
    )  # fmt: skip
    before = form.config()
    form.show_forecast(slow)
    assert form.time.key == form_choices.OWN_TIME
    assert form.time.hint.text() == "No run fits into 1 minute here."
    assert form.config() == before
    assert form.footer.start.isEnabled()


def test_times_promise_what_the_forecast_says(form: TrainingForm) -> None:
    form.show_forecast(FORECAST)
    assert is_known(form)
    assert texts(form)[1:] == [
        "1 minute: about 61 %",
        "10 minutes: about 93.8 %",
        "1 hour: about 94.5 %",
        "2 hours: about 95.1 %",
    ]
    # The form begins as `sprint` has it, which is what ten minutes are for.
    assert form.time.combo.currentText() == "10 minutes: about 93.8 %"
    assert form.time.combo.toolTip() == (
        "<qt>10 epochs of sprint, about 8.3 min on CPU (bfloat16)</qt>"
    )


def test_a_time_sets_recipe_and_epochs_and_keeps_device_and_seed(form: TrainingForm) -> None:
    form.show_forecast(FORECAST)
    form.main.seed.show_number(5)
    choose(form, 3)
    config = form.config()
    kept = {"epochs": 4, "seed": 5, "device": form.device.key}
    assert config == recipe("best").with_changes(kept)
    assert form.recipe.key == "best"
    assert form.time.combo.currentText() == "1 hour: about 94.5 %"


def test_other_settings_are_no_time_and_the_same_ones_are(form: TrainingForm) -> None:
    form.show_forecast(FORECAST)
    form.main.seed.show_number(5)
    assert form.time.key == "1"
    form.main.epochs.show_number(7)
    assert form.time.key == form_choices.OWN_TIME
    form.main.epochs.show_number(1)
    assert form.time.key == "0"
    form.main.batch_size.show_number(501)
    assert form.time.key == form_choices.OWN_TIME
    form.set_values(recipe("best"), ["cifar10"])
    assert form.time.key == "3"


def test_choosing_what_the_settings_have_changes_nothing(form: TrainingForm) -> None:
    form.show_forecast(FORECAST)
    before = form.config()
    choose(form, 0)
    assert form.config() == before
    assert form.time.key == "1"


def test_for_other_data_epochs_are_told(form: TrainingForm) -> None:
    form.show_forecast(replace(FORECAST, accuracies=(None,) * 4))
    assert texts(form)[1:3] == ["1 minute: 1 epoch of sprint", "10 minutes: 10 epochs of sprint"]


def test_a_forecast_that_is_gone_leaves_the_settings(form: TrainingForm) -> None:
    form.show_forecast(FORECAST)
    before = form.config()
    form.show_forecast(None, "It is being measured.")
    assert form.config() == before
    assert not is_known(form)
    assert form.time.hint.text() == "It is being measured."


class Asked(CommandQueue):
    """Answers when the test does."""

    def __init__(self) -> None:
        super().__init__()
        self.commands: list[QueuedCommand] = []

    def add(self, command: QueuedCommand) -> None:
        self.commands.append(command)


def here(device: str = "auto") -> ForecastKey:
    return ForecastKey(device=device, counts=CIFAR10_COUNTS)


def test_a_late_answer_is_kept_for_where_it_belongs(form: TrainingForm) -> None:
    asked = Asked()
    forecasts = TimeForecasts(form, asked)
    forecasts.show(here("cuda"))
    forecasts.request()
    forecasts.request()
    (about_cuda,) = asked.commands
    assert "cuda" in about_cuda.arguments
    assert "being measured" in form.time.helper.text()
    forecasts.show(here("cpu"))
    assert not form.time.hint.isVisible()
    about_cuda.event_received(FORECAST)
    about_cuda.finished(Outcome(ending=Ending.DONE))
    assert not is_known(form)
    forecasts.show(here("cuda"))
    forecasts.request()
    assert is_known(form)
    assert len(asked.commands) == 1


def test_a_failure_is_said_where_it_belongs_and_can_be_tried_again(form: TrainingForm) -> None:
    asked = Asked()
    forecasts = TimeForecasts(form, asked)
    forecasts.show(here("cpu"))
    forecasts.request()
    asked.commands[0].event_received(FORECAST)
    asked.commands[0].finished(Outcome(ending=Ending.DONE))
    forecasts.show(here("cuda"))
    forecasts.request()
    forecasts.show(here("cpu"))
    asked.commands[1].finished(Outcome(ending=Ending.FAILED, reason="The memory is full."))
    assert is_known(form)
    assert not form.time.hint.isVisible()
    forecasts.show(here("cuda"))
    forecasts.request()
    assert not is_known(form)
    assert "The memory is full." in form.time.hint.text()
    forecasts.forget()
    forecasts.request()
    assert len(asked.commands) == 3


def test_time_and_estimate_come_from_the_same_measurement(form: TrainingForm) -> None:
    """The computer may be busy during one of two measurements, and then they would differ."""
    asked = Asked()
    dataset = DatasetController(form, asked)
    estimates = TimeEstimates(form, dataset, asked)
    estimates.begin()
    estimates._measure()
    alone, speed = asked.commands.pop(), FORECAST.speeds["sprint"]
    alone.event_received(replace(speed, image_seconds=0.05))
    alone.finished(Outcome(ending=Ending.DONE))
    assert form.footer.estimate.text() == "Takes about <b>6.7 h</b> on the CPU"
    seconds = run_seconds(recipe("sprint"), CIFAR10_COUNTS, speed)

    (forecast,) = asked.commands
    forecast.event_received(replace(FORECAST, seconds=(55.0, seconds, 3000.0, 6000.0)))
    forecast.finished(Outcome(ending=Ending.DONE))

    assert form.time.combo.currentText() == "10 minutes: about 93.8 %"
    duration = formatting.roughly(seconds)
    assert f", {duration} on CPU" in form.time.combo.toolTip()
    assert form.footer.estimate.toolTip() == (
        f"{formatting.capital(duration)} on CPU (bfloat16), measured 1,000 images/s"
    )
    assert form.device.helper.text() == "1,000 images/s"


@pytest.fixture
def dataset_controller(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DatasetController]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write_folder(tmp_path / "data/train", draw(60, 1))
    write_folder(tmp_path / "data/test", draw(30, 2))
    window = QWidget()
    form, commands = TrainingForm(window), CommandQueue()
    form.resize(320, 600)
    form.set_values(tiny_config(), [str(tmp_path / "data")])
    qtbot.addWidget(window)
    window.show()
    yield DatasetController(form, commands)
    commands.shutdown()


@pytest.fixture
def estimates(dataset_controller: DatasetController) -> TimeEstimates:
    form, commands = dataset_controller._form, dataset_controller._commands
    return TimeEstimates(form, dataset_controller, commands)


def _estimated(form: TrainingForm) -> bool:
    """Whether the form shows an estimate, such as "About 20 min on CPU, measured 850 images/s"."""
    shown = form.footer.estimate
    based = re.fullmatch(r"A.+ on .+, measured .+ images/s", shown.toolTip())
    return based is not None and shown.text().startswith("Takes ")


_FEW_RECIPES = """
from trainer.commands import forecast
forecast.reference_curves = lambda: {"simple-cnn": {}}
"""


def test_times_are_measured_by_a_real_trainer_after_the_estimate(
    dataset_controller: DatasetController,
    estimates: TimeEstimates,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # To measure all recipes takes half a minute.
    monkeypatch.setenv("FORKED_TRAINER_SETUP", _FEW_RECIPES)
    form = dataset_controller._form
    dataset_controller.begin()
    estimates.begin()
    qtbot.waitUntil(lambda: is_known(form), timeout=120_000)
    assert _estimated(form)
    # For other datasets than CIFAR-10 no accuracy is promised.
    assert len(texts(form)) > 1
    assert all(" of " in text for text in texts(form)[1:])


def test_nothing_is_measured_while_a_run_is_active(
    dataset_controller: DatasetController, estimates: TimeEstimates, qtbot: QtBot
) -> None:
    form = dataset_controller._form
    dataset_controller.begin()
    estimates.begin()
    qtbot.waitUntil(lambda: _estimated(form), timeout=120_000)
    estimates.set_training(training=True)
    assert not dataset_controller._commands.busy
    assert not is_known(form)
    estimates.set_training(training=False)
    assert dataset_controller._commands.busy


def test_estimate_waits_for_the_end_of_a_run(
    dataset_controller: DatasetController, estimates: TimeEstimates, qtbot: QtBot
) -> None:
    form = dataset_controller._form
    estimates.set_training(training=True)
    dataset_controller.begin()
    estimates.begin()
    qtbot.waitUntil(lambda: isinstance(dataset_controller.state, DatasetInfo), timeout=120_000)
    qtbot.waitUntil(lambda: not dataset_controller._commands.busy, timeout=120_000)

    assert "when no run is active" in form.footer.estimate.text()
    estimates.set_training(training=False)
    qtbot.waitUntil(lambda: _estimated(form), timeout=120_000)


def test_nothing_is_estimated_for_a_dataset_that_was_not_inspected(
    dataset_controller: DatasetController, estimates: TimeEstimates, qtbot: QtBot
) -> None:
    form = dataset_controller._form
    folder = form.data()
    form.set_data("cifar10")
    dataset_controller.begin()
    estimates.begin()
    qtbot.waitUntil(lambda: _estimated(form), timeout=120_000)

    form.set_values(tiny_config(), [folder])
    dataset_controller.inspect()
    assert form.footer.estimate.text() == ""
    dataset_controller.cancel()
    assert form.footer.estimate.text() == ""

    dataset_controller.inspect()
    qtbot.waitUntil(lambda: _estimated(form), timeout=120_000)


def test_all_sizes_of_a_dataset_are_given_to_a_forecast(form: TrainingForm) -> None:
    asked = Asked()
    forecasts = TimeForecasts(form, asked)
    counts = DatasetCounts(train=60, test=30, classes=3, validation=9, none=(7, 1, 1))
    forecasts.show(ForecastKey(device="cpu", counts=counts))
    forecasts.request()
    (command,) = asked.commands
    words = command.arguments[3:]
    assert dict(zip(words[::2], words[1::2], strict=True)) == {
        "--train-images": "60", "--test-images": "30", "--validation-images": "9",
        "--none-images": "7", "--classes": "3",
    }  # fmt: skip


def test_pictures_of_other_things_lengthen_the_estimate(form: TrainingForm) -> None:
    asked = Asked()
    dataset = DatasetController(form, asked)
    estimates = TimeEstimates(form, dataset, asked)
    estimates.begin()
    form.set_data("/mine")
    speed = structs.replace(FORECAST.speeds["sprint"], image_seconds=1.0, forward_seconds=0)
    shown = []
    for none in ((0, 0, 0), (40, 0, 0)):
        info = DatasetInfo(
            classes=("a", "b"), train_counts=(700, 700), test_counts=(5, 5),
            validation_counts=(9, 9), none_counts=none,
        )  # fmt: skip
        dataset._set_state(info)
        estimates._measure()
        asked.commands[-1].event_received(speed)
        asked.commands[-1].finished(Outcome(ending=Ending.DONE))
        shown.append(form.footer.estimate.toolTip())
    # 10 epochs of one step of 1,000 of 1,400 images, then of 2,000.
    assert [text.partition(" on ")[0] for text in shown] == ["About 2.8 h", "About 5.6 h"]


def test_nothing_is_forecast_for_a_folder_that_was_not_inspected(
    dataset_controller: DatasetController, estimates: TimeEstimates, qtbot: QtBot
) -> None:
    form = dataset_controller._form
    folder = form.data()
    form.set_data("cifar10")
    assert estimates.forecast_key == here(form.device.key)
    form.set_data(folder)
    assert estimates.forecast_key is None
    dataset_controller.begin()
    qtbot.waitUntil(lambda: estimates.forecast_key is not None, timeout=120_000)
    found = estimates.forecast_key
    assert found is not None
    assert found.counts == DatasetCounts(train=60, test=30, classes=3)
