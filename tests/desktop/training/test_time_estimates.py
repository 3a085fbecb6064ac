"""The times of the form: what they promise, what choosing one sets, and where they come from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.trainer_process.command_queue import CommandQueue, QueuedCommand
from cifar_desktop.trainer_process.outcome import Ending, Outcome
from cifar_desktop.training import form_choices
from cifar_desktop.training.dataset_controller import DatasetController
from cifar_desktop.training.form import TrainingForm
from cifar_desktop.training.time_estimates import ForecastKey, TimeEstimates
from tests.trainer.tiny import draw, tiny_config, write_folder
from trainer.config.recipes import recipe
from trainer.events.command_events import Forecast

FORECAST = Forecast(
    device="CPU (bfloat16)",
    minutes=(1, 10, 60, 120),
    recipes=("sprint", "sprint", "best", "best"),
    epochs=(1, recipe("sprint").epochs, 4, recipe("best").epochs),
    seconds=(55.0, 500.0, 3000.0, 6000.0),
    accuracies=(0.612, 0.938, 0.9449, 0.9512),
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


def test_before_a_forecast_there_is_nothing_to_choose(form: TrainingForm) -> None:
    assert not form.time.combo.isEnabled()
    assert texts(form) == ["Custom (settings below)"]


def test_times_promise_what_the_forecast_says(form: TrainingForm) -> None:
    form.show_forecast(FORECAST)
    assert form.time.combo.isEnabled()
    assert texts(form)[1:] == [
        "1 minute: about 61 %",
        "10 minutes: about 93.8 %",
        "1 hour: about 94.5 %",
        "2 hours: about 95.1 %",
    ]
    # The form begins as `sprint` has it, which is what ten minutes are for.
    assert form.time.combo.currentText() == "10 minutes: about 93.8 %"
    assert form.time.combo.toolTip() == "10 epochs of sprint, about 8.3 min on CPU (bfloat16)"


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
    form.set_values(recipe("best"), "cifar10")
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
    assert not form.time.combo.isEnabled()
    assert form.time.hint.text() == "It is being measured."


class Asked(CommandQueue):
    """Answers when the test does."""

    def __init__(self) -> None:
        super().__init__()
        self.commands: list[QueuedCommand] = []

    def ask(self, question: QueuedCommand) -> None:
        self.commands.append(question)


def here(device: str = "auto") -> ForecastKey:
    return ForecastKey(device=device, images=None, classes=10)


def test_a_late_answer_is_kept_for_where_it_belongs(form: TrainingForm) -> None:
    asked = Asked()
    times = TimeEstimates(form, asked)
    times.show(here("cuda"))
    times.find_out()
    times.find_out()
    (about_cuda,) = asked.commands
    assert "cuda" in about_cuda.arguments
    assert "measured" in form.time.hint.text()
    times.show(here("cpu"))
    assert not form.time.hint.isVisible()
    about_cuda.event_received(FORECAST)
    about_cuda.finished(Outcome(ending=Ending.DONE))
    assert not form.time.combo.isEnabled()
    times.show(here("cuda"))
    times.find_out()
    assert form.time.combo.isEnabled()
    assert len(asked.commands) == 1


def test_a_failure_is_said_where_it_belongs_and_can_be_tried_again(form: TrainingForm) -> None:
    asked = Asked()
    times = TimeEstimates(form, asked)
    times.show(here("cpu"))
    times.find_out()
    asked.commands[0].event_received(FORECAST)
    asked.commands[0].finished(Outcome(ending=Ending.DONE))
    times.show(here("cuda"))
    times.find_out()
    times.show(here("cpu"))
    asked.commands[1].finished(Outcome(ending=Ending.FAILED, reason="The memory is full."))
    assert form.time.combo.isEnabled()
    assert not form.time.hint.isVisible()
    times.show(here("cuda"))
    times.find_out()
    assert not form.time.combo.isEnabled()
    assert "The memory is full." in form.time.hint.text()
    times.forget()
    times.find_out()
    assert len(asked.commands) == 3


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
    form.set_values(tiny_config(), str(tmp_path / "data"))
    qtbot.addWidget(window)
    window.show()
    yield DatasetController(form, commands)
    commands.shutdown()


def test_times_are_found_out_by_a_real_trainer_after_the_estimate(
    dataset_controller: DatasetController, qtbot: QtBot
) -> None:
    form = dataset_controller._form
    dataset_controller.begin()
    qtbot.waitUntil(form.time.combo.isEnabled, timeout=120_000)
    assert form.footer.estimate.text().startswith("Takes ")
    # Of pictures that are not CIFAR-10 nobody knows how well they will be told apart.
    assert len(texts(form)) > 1
    assert all(" of " in text for text in texts(form)[1:])


def test_nothing_is_asked_while_something_trains(
    dataset_controller: DatasetController, qtbot: QtBot
) -> None:
    form = dataset_controller._form
    dataset_controller.begin()
    qtbot.waitUntil(lambda: form.footer.estimate.text().startswith("Takes "), timeout=120_000)
    dataset_controller.set_training(training=True)
    assert not dataset_controller._commands.busy
    assert not form.time.combo.isEnabled()
    dataset_controller.set_training(training=False)
    assert dataset_controller._commands.busy


def test_of_a_folder_nothing_is_promised_before_it_was_read(
    dataset_controller: DatasetController, qtbot: QtBot
) -> None:
    folder = dataset_controller._form.data()
    dataset_controller._form.set_data("cifar10")
    assert dataset_controller._circumstances() == here(dataset_controller._form.device.key)
    dataset_controller._form.set_data(folder)
    assert dataset_controller._circumstances() is None
    dataset_controller.begin()
    qtbot.waitUntil(lambda: dataset_controller._circumstances() is not None, timeout=120_000)
    found = dataset_controller._circumstances()
    assert found is not None
    assert (found.images, found.classes) == ((60, 30), 3)
