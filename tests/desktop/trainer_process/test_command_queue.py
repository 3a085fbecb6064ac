"""Questions to the trainer, answered by a real trainer one after another."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cifar_desktop.trainer_process.command_queue import CommandQueue, QueuedCommand
from cifar_desktop.trainer_process.outcome import Outcome
from trainer.events.base import Event
from trainer.events.command_events import DeviceTested

_PATIENCE = 60_000


class _Log:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.outcomes: list[Outcome] = []

    def question(self, topic: str, *arguments: str, low_priority: bool = False) -> QueuedCommand:
        return QueuedCommand(
            topic=topic,
            arguments=arguments,
            event_received=self.events.append,
            finished=self.outcomes.append,
            low_priority=low_priority,
        )


@pytest.fixture
def commands(qapp: object) -> Iterator[CommandQueue]:
    made = CommandQueue()
    yield made
    made.shutdown()


def test_answers_come_in_order(commands: CommandQueue, qtbot: QtBot, tmp_path: Path) -> None:
    devices, data = _Log(), _Log()
    commands.ask(devices.question("devices", "devices"))
    commands.ask(data.question("data", "inspect", str(tmp_path / "none")))
    assert commands.busy

    qtbot.waitUntil(lambda: bool(data.outcomes), timeout=_PATIENCE)

    assert [event.device for event in devices.events if isinstance(event, DeviceTested)]
    assert devices.outcomes[0].good
    assert not data.outcomes[0].good
    assert "does not exist" in data.outcomes[0].sentence
    assert not commands.busy


def test_newer_question_takes_the_place_of_an_older_one(
    commands: CommandQueue, qtbot: QtBot, tmp_path: Path
) -> None:
    old, waiting, new = _Log(), _Log(), _Log()
    commands.ask(old.question("data", "inspect", str(tmp_path)))
    commands.ask(waiting.question("data", "inspect", str(tmp_path)))
    commands.ask(new.question("data", "inspect", str(tmp_path / "none")))

    qtbot.waitUntil(lambda: bool(new.outcomes), timeout=_PATIENCE)

    assert not old.outcomes
    assert not waiting.outcomes


def test_a_patient_question_begins_anew_after_all_others(
    commands: CommandQueue, qtbot: QtBot, tmp_path: Path
) -> None:
    low_priority, data, more = _Log(), _Log(), _Log()
    commands.ask(low_priority.question("low_priority", "devices", low_priority=True))
    commands.ask(data.question("data", "inspect", str(tmp_path / "none")))
    commands.ask(more.question("more", "inspect", str(tmp_path / "nothing")))
    qtbot.waitUntil(lambda: bool(more.outcomes), timeout=_PATIENCE)
    assert len(data.outcomes) == 1
    assert not low_priority.outcomes

    qtbot.waitUntil(lambda: bool(low_priority.outcomes), timeout=_PATIENCE)
    assert low_priority.outcomes[0].good
    assert not commands.busy


def test_nothing_is_asked_after_the_end(commands: CommandQueue) -> None:
    log = _Log()
    commands.ask(log.question("devices", "devices"))

    commands.shutdown()
    commands.ask(log.question("devices", "devices"))

    assert not commands.busy
    assert not log.outcomes
