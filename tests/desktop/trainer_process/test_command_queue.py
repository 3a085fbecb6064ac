"""Trainer commands, run by a real trainer one after another."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cifar_desktop.trainer_process.command_queue import CommandQueue, QueuedCommand
from cifar_desktop.trainer_process.outcome import Outcome
from trainer.events.base import Event
from trainer.events.command_events import DeviceTested

_TIMEOUT_MS = 60_000


class _Log:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.outcomes: list[Outcome] = []

    def command(self, topic: str, *arguments: str, low_priority: bool = False) -> QueuedCommand:
        return QueuedCommand(
            topic=topic,
            arguments=arguments,
            event_received=self.events.append,
            finished=self.outcomes.append,
            low_priority=low_priority,
        )


@pytest.fixture
def commands(qapp: object) -> Iterator[CommandQueue]:
    queue = CommandQueue()
    yield queue
    queue.shutdown()


def test_commands_run_in_order(commands: CommandQueue, qtbot: QtBot, tmp_path: Path) -> None:
    devices, data = _Log(), _Log()
    commands.add(devices.command("devices", "devices"))
    commands.add(data.command("data", "inspect", str(tmp_path / "none")))
    assert commands.busy

    qtbot.waitUntil(lambda: bool(data.outcomes), timeout=_TIMEOUT_MS)

    assert [event.device for event in devices.events if isinstance(event, DeviceTested)]
    assert devices.outcomes[0].good
    assert not data.outcomes[0].good
    assert "does not exist" in data.outcomes[0].sentence
    assert not commands.busy


def test_a_newer_command_replaces_an_older_one(
    commands: CommandQueue, qtbot: QtBot, tmp_path: Path
) -> None:
    old, waiting, new = _Log(), _Log(), _Log()
    commands.add(old.command("data", "inspect", str(tmp_path)))
    commands.add(waiting.command("data", "inspect", str(tmp_path)))
    commands.add(new.command("data", "inspect", str(tmp_path / "none")))

    qtbot.waitUntil(lambda: bool(new.outcomes), timeout=_TIMEOUT_MS)

    assert not old.outcomes
    assert not waiting.outcomes


def test_a_low_priority_command_restarts_after_all_others(
    commands: CommandQueue, qtbot: QtBot, tmp_path: Path
) -> None:
    low_priority, data, more = _Log(), _Log(), _Log()
    commands.add(low_priority.command("low_priority", "devices", low_priority=True))
    commands.add(data.command("data", "inspect", str(tmp_path / "none")))
    commands.add(more.command("more", "inspect", str(tmp_path / "nothing")))
    qtbot.waitUntil(lambda: bool(more.outcomes), timeout=_TIMEOUT_MS)
    assert len(data.outcomes) == 1
    assert not low_priority.outcomes

    qtbot.waitUntil(lambda: bool(low_priority.outcomes), timeout=_TIMEOUT_MS)
    assert low_priority.outcomes[0].good
    assert not commands.busy


def test_nothing_runs_after_shutdown(commands: CommandQueue) -> None:
    log = _Log()
    commands.add(log.command("devices", "devices"))

    commands.shutdown()
    commands.add(log.command("devices", "devices"))

    assert not commands.busy
    assert not log.outcomes
