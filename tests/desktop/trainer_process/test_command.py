import base64
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cifar_desktop.trainer_process.command import TrainerCommand
from cifar_desktop.trainer_process.outcome import Ending, Outcome
from trainer.events.base import Event
from trainer.events.codec import to_line
from trainer.events.command_events import CommandFailed, DatasetInspected
from trainer.events.run_events import Message


class _Recorder(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.outcomes: list[Outcome] = []

    @Slot(object)
    def on_event(self, event: Event) -> None:
        self.events.append(event)

    @Slot(object)
    def on_finished(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)


Run = Callable[..., _Recorder]


@pytest.fixture
def start_script(
    qapp: object, tmp_path: Path
) -> Iterator[Callable[..., tuple[TrainerCommand, _Recorder]]]:
    """Starts a script instead of the trainer."""
    commands: list[TrainerCommand] = []

    def start(
        script: str, stdin: bytes = b"", limit: int = 2**20
    ) -> tuple[TrainerCommand, _Recorder]:
        path = tmp_path / "script.py"
        path.write_text("import os, sys, time\nout = sys.stdout.buffer\n" + script, "utf-8")
        command = TrainerCommand([sys.executable, str(path)], line_limit=limit)
        recorded = _Recorder()
        command.event_received.connect(recorded.on_event)
        command.finished.connect(recorded.on_finished)
        commands.append(command)
        command.start(["--events"], stdin)
        return command, recorded

    yield start
    for command in filter(shiboken6.isValid, commands):
        command.shutdown()


@pytest.fixture
def run(start_script: Callable[..., tuple[TrainerCommand, _Recorder]], qtbot: QtBot) -> Run:
    """Runs a script instead of the trainer, to its end."""

    def to_end(script: str, stdin: bytes = b"", limit: int = 2**20) -> _Recorder:
        command, recorded = start_script(script, stdin, limit)
        qtbot.waitUntil(lambda: bool(recorded.outcomes), timeout=20_000)
        assert not command.running
        QApplication.processEvents()  # a second outcome would come now
        assert len(recorded.outcomes) == 1
        return recorded

    return to_end


def _message_line(text: str) -> str:
    return to_line(Message(level="info", text=text))


def test_events_in_pieces_are_joined(run: Run) -> None:
    # Raw UTF-8, as another writer of JSON may send it, torn inside a letter and inside a line.
    line = _message_line("Zoe").replace("Zoe", "Zoë 图片").encode() + b"\n"
    cut = line.index("ë".encode()) + 1
    recorded = run(
        f"for piece in ({line[:cut]!r}, {line[cut:] + line[:9]!r}, {line[9:]!r}):\n"
        "    out.write(piece); out.flush(); time.sleep(0.05)\n"
    )
    assert [each.text for each in recorded.events if isinstance(each, Message)] == ["Zoë 图片"] * 2
    assert recorded.outcomes[0].ending is Ending.DONE
    assert recorded.outcomes[0].good


def test_passes_arguments_and_stdin(run: Run) -> None:
    recorded = run(
        f"assert sys.argv[1:] == ['--events']\nassert sys.stdin.buffer.read() == {b'x' * 300_000!r}"
        , b"x" * 300_000)  # fmt: skip
    assert recorded.outcomes[0].ending is Ending.DONE, recorded.outcomes


def test_a_program_may_ignore_its_stdin(run: Run) -> None:
    assert run("sys.exit(0)", b"x" * 300_000).outcomes[0].ending is Ending.DONE


def test_a_failure_has_the_trainers_reason(run: Run) -> None:
    failed = to_line(CommandFailed(reason="There is no such folder.", details="errno 2"))
    recorded = run(f"print({failed!r})\nprint('cifar-trainer: no', file=sys.stderr)\nsys.exit(1)")
    outcome = recorded.outcomes[0]
    assert outcome.ending is Ending.FAILED
    assert outcome.sentence == "There is no such folder."
    assert "errno 2" in outcome.details
    assert "cifar-trainer: no" in outcome.details
    assert not recorded.events
    assert not outcome.good


def test_a_failure_without_an_event_has_the_last_line_of_the_log(run: Run) -> None:
    recorded = run("print('warned', file=sys.stderr)\nsys.exit('cifar-trainer: The disk is full.')")
    assert recorded.outcomes[0].sentence == "The disk is full."
    assert "warned" in recorded.outcomes[0].details


def test_an_uncaught_exception_has_its_traceback_as_details(run: Run) -> None:
    outcome = run("1 / 0").outcomes[0]
    assert outcome.ending is Ending.FAILED
    assert "failed" in outcome.sentence
    assert "ZeroDivisionError" in outcome.details


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
@pytest.mark.parametrize(
    ("name", "words"),
    [("SIGKILL", "memory"), ("SIGSEGV", "SIGSEGV"), ("SIGUSR1", "Another program")],
)
def test_a_crash_names_the_signal(run: Run, name: str, words: str) -> None:
    outcome = run(f"import signal; os.kill(os.getpid(), signal.{name})").outcomes[0]
    assert outcome.ending is Ending.CRASHED
    assert words in outcome.sentence


def test_a_missing_program(qtbot: QtBot, tmp_path: Path) -> None:
    recorded = _Recorder()
    command = TrainerCommand([str(tmp_path / "none")])
    command.finished.connect(recorded.on_finished)
    command.start(["devices"], b"something to read")
    assert not recorded.outcomes
    qtbot.waitUntil(lambda: bool(recorded.outcomes))
    assert recorded.outcomes[0].ending is Ending.NOT_STARTED
    assert recorded.outcomes[0].details
    assert not command.running


@pytest.mark.parametrize(
    "output",
    [
        b"hello\n",
        b"\xff\xfe\xfd\n",
        b'{"event": "message", "version": 1, "time": 0, "level": "info", "text": ""}\n',
        b'{"event": "message", "version": 3, "time": "noon", "level": "info", "text": ""}\n',
        b"[" * 100_000 + b"\n",
    ],
)
def test_invalid_output_stops_the_program(run: Run, output: bytes) -> None:
    line = _message_line("before")
    recorded = run(f"print({line!r}, flush=True)\nout.write({output!r}); out.flush()\n"
                f"print({line!r}, flush=True)\ntime.sleep(60)")  # fmt: skip
    assert len(recorded.events) == 1
    assert recorded.outcomes[0].ending is Ending.INVALID_OUTPUT
    assert recorded.outcomes[0].details


def test_endless_lines_are_bounded(run: Run) -> None:
    recorded = run("while True: out.write(b'x' * 65536)", limit=2**20)
    assert recorded.outcomes[0].ending is Ending.INVALID_OUTPUT


def test_an_incomplete_line_is_invalid_if_the_program_succeeded(run: Run) -> None:
    assert run("out.write(b'{\"event')").outcomes[0].ending is Ending.INVALID_OUTPUT
    assert run("out.write(b'{\"event'); sys.exit(1)").outcomes[0].ending is Ending.FAILED


def test_a_large_line_is_received(run: Run) -> None:
    described = DatasetInspected(
        data="big", classes=("a",), train_counts=(1,), test_counts=(1,), unreadable=(),
        unreadable_count=0, image_size=32, sampled_classes=1, samples_per_class=1,
        samples=base64.b64encode(bytes(3_000_000)).decode(), seed=0, smallest=(8, 8),
        largest=(640, 480), means="", duplicates=(), duplicate_count=0,
    )  # fmt: skip
    source = to_line(described).replace(described.samples, "SAMPLES")
    recorded = run(f"print({source!r}.replace('SAMPLES', 'A' * 4_000_000))", limit=2**23)
    assert recorded.outcomes[0].ending is Ending.DONE
    assert recorded.events == [described]


def test_kill_stops_it_and_reports_that(
    start_script: Callable[..., tuple[TrainerCommand, _Recorder]], qtbot: QtBot
) -> None:
    command, recorded = start_script(f"while True: print({_message_line('x')!r}, flush=True)")
    qtbot.waitUntil(lambda: bool(recorded.events), timeout=20_000)
    command.kill()
    count = len(recorded.events)
    qtbot.waitUntil(lambda: bool(recorded.outcomes))
    assert recorded.outcomes[0].ending is Ending.KILLED
    assert len(recorded.events) == count


def test_can_be_started_again(
    start_script: Callable[..., tuple[TrainerCommand, _Recorder]], qtbot: QtBot
) -> None:
    command, recorded = start_script(f"print({_message_line('x')!r})")
    with pytest.raises(RuntimeError):
        command.start([])
    qtbot.waitUntil(lambda: len(recorded.outcomes) == 1, timeout=20_000)
    command.start([])
    qtbot.waitUntil(lambda: len(recorded.outcomes) == 2, timeout=20_000)
    assert len(recorded.events) == 2


def test_shutdown_waits_and_is_silent(
    start_script: Callable[..., tuple[TrainerCommand, _Recorder]], qtbot: QtBot
) -> None:
    command, recorded = start_script(f"print({_message_line('x')!r}, flush=True)\ntime.sleep(60)")
    qtbot.waitUntil(lambda: bool(recorded.events), timeout=20_000)
    command.shutdown()
    QApplication.processEvents()
    assert not recorded.outcomes
    assert not command.running


def test_a_dropped_command_is_silent_and_deletes_itself(
    start_script: Callable[..., tuple[TrainerCommand, _Recorder]], qtbot: QtBot
) -> None:
    command, recorded = start_script(f"print({_message_line('x')!r}, flush=True)\ntime.sleep(60)")
    qtbot.waitUntil(lambda: bool(recorded.events), timeout=20_000)
    command.drop()
    qtbot.waitUntil(lambda: not shiboken6.isValid(command))
    assert not recorded.outcomes
