"""What the form finds out about data, devices and time, from a real trainer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.trainer_process.command_queue import CommandQueue
from cifar_desktop.training.dataset_controller import DatasetController
from cifar_desktop.training.form import TrainingForm
from cifar_desktop.training.widgets.dataset.state import (
    DatasetInfo,
    Failed,
    Loading,
    NotDownloaded,
    NotInspected,
)
from tests.trainer.tiny import draw, tiny_config, write_folder

_PATIENCE = 60_000


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    write_folder(folder / "train", draw(60, 1))
    write_folder(folder / "test", draw(30, 2))
    return folder


@pytest.fixture
def setup(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DatasetController]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    window = QWidget()
    form, questions = TrainingForm(window), CommandQueue()
    form.resize(320, 600)
    qtbot.addWidget(window)
    window.show()
    yield DatasetController(form, questions)
    questions.shutdown()


def _until(setup: DatasetController, qtbot: QtBot, kind: type[object]) -> None:
    qtbot.waitUntil(lambda: isinstance(setup.state, kind), timeout=_PATIENCE)


def test_data_devices_and_time_are_found_out(
    setup: DatasetController, qtbot: QtBot, data: Path
) -> None:
    form = setup._form
    form.set_values(tiny_config(), str(data))
    assert isinstance(setup.state, NotInspected)

    setup.begin()

    _until(setup, qtbot, DatasetInfo)
    assert form.summary.text.text() == "3 classes, 60 + 30 test images"
    qtbot.waitUntil(lambda: form.foot.estimate.text().startswith("Takes "), timeout=_PATIENCE)
    assert "images/s" in form.foot.estimate.text()
    assert [each.device for each in setup.devices if each.works][-1] == "cpu"
    assert form.device.key == "cpu"


def test_missing_download_is_offered_and_not_begun(setup: DatasetController, qtbot: QtBot) -> None:
    setup.begin()

    _until(setup, qtbot, NotDownloaded)

    assert "170 MB" in setup._form.summary.text.text()
    assert setup._form.foot.start.isEnabled()


def test_reading_is_cancelled_and_begun_again(
    setup: DatasetController, qtbot: QtBot, data: Path
) -> None:
    setup._form.set_values(tiny_config(), str(data))
    setup.begin()
    assert isinstance(setup.state, Loading)

    setup.cancel()

    assert isinstance(setup.state, NotInspected)
    setup.look()
    _until(setup, qtbot, DatasetInfo)


def test_data_that_cannot_be_used_are_looked_at_again(
    setup: DatasetController, qtbot: QtBot, data: Path
) -> None:
    hidden = data.rename(data.with_name("hidden"))
    setup._form.set_values(tiny_config(), str(data))
    setup.begin()
    _until(setup, qtbot, Failed)
    assert not setup._form.foot.start.isEnabled()

    hidden.rename(data)
    setup.look()

    _until(setup, qtbot, DatasetInfo)
    assert setup._form.foot.start.isEnabled()


def test_nothing_is_probed_while_something_trains(
    setup: DatasetController, qtbot: QtBot, data: Path
) -> None:
    setup._form.set_values(tiny_config(), str(data))
    setup.set_training(training=True)
    setup.begin()

    _until(setup, qtbot, DatasetInfo)
    qtbot.waitUntil(lambda: not setup._questions.busy, timeout=_PATIENCE)

    assert "when nothing is trained" in setup._form.foot.estimate.text()
    setup.set_training(training=False)
    qtbot.waitUntil(
        lambda: setup._form.foot.estimate.text().startswith("Takes "), timeout=_PATIENCE
    )


def test_other_samples_are_found_without_another_look(
    setup: DatasetController, qtbot: QtBot, data: Path
) -> None:
    setup._form.set_values(tiny_config(), str(data))
    setup.begin()
    _until(setup, qtbot, DatasetInfo)
    first = setup.state
    assert isinstance(first, DatasetInfo)
    assert (first.samples_per_class, first.seed) == (40, 0)
    found: list[DatasetInfo] = []
    states: list[object] = []
    setup.samples_found.connect(found.append)
    setup.data_state_changed.connect(states.append)

    setup.find_samples()

    qtbot.waitUntil(lambda: bool(found), timeout=_PATIENCE)
    assert found[0].seed == 1
    assert found[0].means == first.means
    assert found[0].samples != first.samples
    assert not states


def test_other_samples_of_changed_data_are_other_data(
    setup: DatasetController, qtbot: QtBot, data: Path
) -> None:
    setup._form.set_values(tiny_config(), str(data))
    setup.begin()
    _until(setup, qtbot, DatasetInfo)
    next((data / "train").rglob("*.png")).unlink()

    setup.find_samples()

    qtbot.waitUntil(lambda: "59 +" in setup._form.summary.text.text(), timeout=_PATIENCE)


def test_other_samples_that_cannot_be_found_are_told(
    setup: DatasetController, qtbot: QtBot, data: Path
) -> None:
    setup._form.set_values(tiny_config(), str(data))
    setup.begin()
    _until(setup, qtbot, DatasetInfo)
    data.rename(data.with_name("hidden"))
    told: list[str] = []
    setup.samples_failed.connect(told.append)

    setup.find_samples()

    qtbot.waitUntil(lambda: bool(told), timeout=_PATIENCE)
    assert isinstance(setup.state, DatasetInfo)


def test_nothing_is_estimated_of_data_that_nobody_has_seen(
    setup: DatasetController, qtbot: QtBot, data: Path
) -> None:
    estimate = setup._form.foot.estimate
    setup.begin()
    qtbot.waitUntil(lambda: estimate.text().startswith("Takes "), timeout=_PATIENCE)

    setup._form.set_values(tiny_config(), str(data))
    setup.look()
    assert estimate.text() == ""
    setup.cancel()
    assert estimate.text() == ""

    setup.look()
    qtbot.waitUntil(lambda: estimate.text().startswith("Takes "), timeout=_PATIENCE)
