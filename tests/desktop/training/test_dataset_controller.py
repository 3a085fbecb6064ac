"""What the form finds out about devices and datasets, from a real trainer."""

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
def dataset_controller(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DatasetController]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    window = QWidget()
    form, commands = TrainingForm(window), CommandQueue()
    form.resize(320, 600)
    qtbot.addWidget(window)
    window.show()
    yield DatasetController(form, commands)
    commands.shutdown()


def _until(dataset_controller: DatasetController, qtbot: QtBot, kind: type[object]) -> None:
    qtbot.waitUntil(lambda: isinstance(dataset_controller.state, kind), timeout=_PATIENCE)


def test_dataset_and_devices_are_found_out(
    dataset_controller: DatasetController, qtbot: QtBot, data: Path
) -> None:
    form = dataset_controller._form
    form.set_values(tiny_config(), [str(data)])
    assert isinstance(dataset_controller.state, NotInspected)

    dataset_controller.begin()

    _until(dataset_controller, qtbot, DatasetInfo)
    assert form.summary.text.text() == (
        "3 classes, 60 training and 30 test images. 12 of the training images are held out for "
        "validation."
    )
    qtbot.waitUntil(lambda: not dataset_controller._commands.busy, timeout=_PATIENCE)
    assert [each.device for each in dataset_controller.devices if each.works][-1] == "cpu"
    assert form.device.key == "cpu"


def test_another_image_size_shows_the_images_in_that_size(
    dataset_controller: DatasetController, qtbot: QtBot, data: Path
) -> None:
    form = dataset_controller._form
    form.set_values(tiny_config(), [str(data)])
    dataset_controller.begin()
    _until(dataset_controller, qtbot, DatasetInfo)

    form.set_values(tiny_config(image_size=40), [str(data)])

    assert isinstance(dataset_controller.state, Loading)
    _until(dataset_controller, qtbot, DatasetInfo)
    state = dataset_controller.state
    assert isinstance(state, DatasetInfo)
    assert state.side == 40
    assert len(state.sample(0)) == 3 * 40 * 40
    config = form.config()
    assert config is not None
    assert config.image_size == 40


def test_missing_download_is_offered_and_not_begun(
    dataset_controller: DatasetController, qtbot: QtBot
) -> None:
    dataset_controller.begin()

    _until(dataset_controller, qtbot, NotDownloaded)

    assert "170 MB" in dataset_controller._form.summary.text.text()
    assert dataset_controller._form.footer.start.isEnabled()


def test_reading_is_cancelled_and_begun_again(
    dataset_controller: DatasetController, qtbot: QtBot, data: Path
) -> None:
    dataset_controller._form.set_values(tiny_config(), [str(data)])
    dataset_controller.begin()
    assert isinstance(dataset_controller.state, Loading)

    dataset_controller.cancel()

    assert isinstance(dataset_controller.state, NotInspected)
    dataset_controller.inspect()
    _until(dataset_controller, qtbot, DatasetInfo)


def test_data_that_cannot_be_used_are_looked_at_again(
    dataset_controller: DatasetController, qtbot: QtBot, data: Path
) -> None:
    hidden = data.rename(data.with_name("hidden"))
    dataset_controller._form.set_values(tiny_config(), [str(data)])
    dataset_controller.begin()
    _until(dataset_controller, qtbot, Failed)
    assert not dataset_controller._form.footer.start.isEnabled()

    hidden.rename(data)
    dataset_controller.inspect()

    _until(dataset_controller, qtbot, DatasetInfo)
    assert dataset_controller._form.footer.start.isEnabled()


def test_other_samples_are_found_without_another_look(
    dataset_controller: DatasetController, qtbot: QtBot, data: Path
) -> None:
    dataset_controller._form.set_values(tiny_config(), [str(data)])
    dataset_controller.begin()
    _until(dataset_controller, qtbot, DatasetInfo)
    first = dataset_controller.state
    assert isinstance(first, DatasetInfo)
    assert (first.samples_per_class, first.seed) == (40, 0)
    found: list[DatasetInfo] = []
    states: list[object] = []
    dataset_controller.samples_found.connect(found.append)
    dataset_controller.data_state_changed.connect(states.append)

    dataset_controller.find_samples()

    qtbot.waitUntil(lambda: bool(found), timeout=_PATIENCE)
    assert found[0].seed == 1
    assert found[0].means == first.means
    assert found[0].samples != first.samples
    assert not states


def test_other_samples_of_changed_data_are_other_data(
    dataset_controller: DatasetController, qtbot: QtBot, data: Path
) -> None:
    dataset_controller._form.set_values(tiny_config(), [str(data)])
    dataset_controller.begin()
    _until(dataset_controller, qtbot, DatasetInfo)
    next((data / "train").rglob("*.png")).unlink()

    dataset_controller.find_samples()

    qtbot.waitUntil(
        lambda: "59 training" in dataset_controller._form.summary.text.text(), timeout=_PATIENCE
    )


def test_other_samples_that_cannot_be_found_are_told(
    dataset_controller: DatasetController, qtbot: QtBot, data: Path
) -> None:
    dataset_controller._form.set_values(tiny_config(), [str(data)])
    dataset_controller.begin()
    _until(dataset_controller, qtbot, DatasetInfo)
    data.rename(data.with_name("hidden"))
    told: list[str] = []
    dataset_controller.samples_failed.connect(told.append)

    dataset_controller.find_samples()

    qtbot.waitUntil(lambda: bool(told), timeout=_PATIENCE)
    assert isinstance(dataset_controller.state, DatasetInfo)


def test_what_the_folder_holds_beside_the_dataset_is_found_out(
    dataset_controller: DatasetController, qtbot: QtBot, data: Path
) -> None:
    write_folder(data / "val", draw(6, 3))
    write_folder(data / "extra", draw(3, 4))
    dataset_controller._form.set_values(tiny_config(), [str(data)])
    dataset_controller.begin()
    _until(dataset_controller, qtbot, DatasetInfo)
    state = dataset_controller.state
    assert isinstance(state, DatasetInfo)
    assert state.validation_counts == (2, 2, 2)
    used, unused = state.notes
    assert (used.severity, unused.severity) == ("info", "warning")
    assert used.sentence.startswith("The pictures in val are used for validation")
    assert unused.sentence == "The folder extra (3 pictures) is not used."
    assert unused.items == ("extra/blue/0000.png", "extra/green/0001.png", "extra/red/0002.png")


def test_a_folder_that_cannot_be_used_is_explained(
    dataset_controller: DatasetController, qtbot: QtBot, data: Path
) -> None:
    (data / "train").rename(data / "trian")
    dataset_controller._form.set_values(tiny_config(), [str(data)])
    dataset_controller.begin()
    _until(dataset_controller, qtbot, Failed)
    assert "Rename trian to train" in str(dataset_controller.state)
    assert isinstance(dataset_controller.state, Failed)
    assert "    trian/\n        blue/: 20 pictures" in dataset_controller.state.reason
