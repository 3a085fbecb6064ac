"""One run at a time per device: waiting, its event, and what happens without locks."""

from pathlib import Path

import pytest

from tests.trainer.processes import held_by_another_process
from trainer.cancellation import CancelToken
from trainer.devices.device import Device
from trainer.devices.device_queue import exclusive_device
from trainer.devices.discovery import find_device
from trainer.errors import Cancelled
from trainer.events.base import Event
from trainer.events.run_events import Message, Waiting


@pytest.fixture
def device() -> Device:
    return find_device("cpu")


def test_a_free_device_is_taken_and_given_back(tmp_path: Path, device: Device) -> None:
    events: list[Event] = []
    for _ in range(2):
        with exclusive_device(
            device, emit=events.append, token=CancelToken(), folder=tmp_path / "locks"
        ):
            assert (tmp_path / "locks/cpu.lock").exists()
    assert events == []


def test_waiting_for_a_device_is_reported_once(
    tmp_path: Path, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.devices.device_queue.POLL_SECONDS", 0.05)
    monkeypatch.setattr("trainer.devices.device_queue.CANCEL_CHECK_SECONDS", 0.01)
    events: list[Event] = []
    with held_by_another_process(tmp_path / "cpu.lock") as child:

        class EndsTheOther(CancelToken):
            def check(self) -> None:
                looks.append(0)
                if len(looks) == 20:
                    child.kill()

        looks: list[int] = []
        with exclusive_device(device, emit=events.append, token=EndsTheOther(), folder=tmp_path):
            assert len(looks) >= 20
    assert [type(event) for event in events] == [Waiting]
    assert isinstance(events[0], Waiting)
    assert events[0].device == device.title


def test_the_wait_can_be_stopped(tmp_path: Path, device: Device) -> None:
    token = CancelToken()
    with (
        held_by_another_process(tmp_path / "cpu.lock"),
        pytest.raises(Cancelled),
        exclusive_device(device, emit=lambda _: token.cancel(), token=token, folder=tmp_path),
    ):
        pytest.fail("the device is another's")


def test_without_locks_the_run_continues_with_a_warning(tmp_path: Path, device: Device) -> None:
    (tmp_path / "file").touch()
    events: list[Event] = []
    with exclusive_device(
        device, emit=events.append, token=CancelToken(), folder=tmp_path / "file"
    ):
        pass
    assert isinstance(events[0], Message)
    assert events[0].level == "warning"
    assert str(tmp_path / "file") in events[0].text
