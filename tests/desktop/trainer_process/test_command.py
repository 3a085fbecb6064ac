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


class _Heard(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.outcomes: list[Outcome] = []

    @Slot(object)
    def tell(self, event: Event) -> None:
        self.events.append(event)

    @Slot(object)
    def end(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)


Run = Callable[..., _Heard]


@pytest.fixture
def begin(qapp: object, tmp_path: Path) -> Iterator[Callable[..., tuple[TrainerCommand, _Heard]]]:
    """Starts a script in the place of the trainer."""
    commands: list[TrainerCommand] = []

    def start(script: str, stdin: bytes = b"", limit: int = 2**20) -> tuple[TrainerCommand, _Heard]:
        path = tmp_path / "script.py"
        path.write_text("import os, sys, time\nout = sys.stdout.buffer\n" + script, "utf-8")
        command = TrainerCommand([sys.executable, str(path)], line_limit=limit)
        heard = _Heard()
        command.event_received.connect(heard.tell)
        command.finished.connect(heard.end)
        commands.append(command)
        command.start(["--events"], stdin)
        return command, heard

    yield start
    for command in filter(shiboken6.isValid, commands):
        command.shutdown()


@pytest.fixture
def run(begin: Callable[..., tuple[TrainerCommand, _Heard]], qtbot: QtBot) -> Run:
    """Has a script run in the place of the trainer, to its end."""

    def whole(script: str, stdin: bytes = b"", limit: int = 2**20) -> _Heard:
        command, heard = begin(script, stdin, limit)
        qtbot.waitUntil(lambda: bool(heard.outcomes), timeout=20_000)
        assert not command.running
        QApplication.processEvents()  # a second outcome would come now
        assert len(heard.outcomes) == 1
        return heard

    return whole


def _said(text: str) -> str:
    return to_line(Message(level="info", text=text))


def test_tells_events_that_come_in_pieces(run: Run) -> None:
    # Raw UTF-8, as another writer of JSON may send it, torn inside a letter and inside a line.
    line = _said("Zoe").replace("Zoe", "Zoë 图片").encode() + b"\n"
    cut = line.index("ë".encode()) + 1
    heard = run(
        f"for piece in ({line[:cut]!r}, {line[cut:] + line[:9]!r}, {line[9:]!r}):\n"
        "    out.write(piece); out.flush(); time.sleep(0.05)\n"
    )
    assert [each.text for each in heard.events if isinstance(each, Message)] == ["Zoë 图片"] * 2
    assert heard.outcomes[0].ending is Ending.DONE
    assert heard.outcomes[0].good


def test_gives_the_program_its_arguments_and_something_to_read(run: Run) -> None:
    heard = run(
        f"assert sys.argv[1:] == ['--events']\nassert sys.stdin.buffer.read() == {b'x' * 300_000!r}"
        , b"x" * 300_000)  # fmt: skip
    assert heard.outcomes[0].ending is Ending.DONE, heard.outcomes


def test_does_not_mind_a_program_that_reads_nothing(run: Run) -> None:
    assert run("sys.exit(0)", b"x" * 300_000).outcomes[0].ending is Ending.DONE


def test_failure_has_the_reason_that_the_trainer_gave(run: Run) -> None:
    failed = to_line(CommandFailed(reason="There is no such folder.", details="errno 2"))
    heard = run(f"print({failed!r})\nprint('cifar-trainer: no', file=sys.stderr)\nsys.exit(1)")
    outcome = heard.outcomes[0]
    assert outcome.ending is Ending.FAILED
    assert outcome.sentence == "There is no such folder."
    assert "errno 2" in outcome.details
    assert "cifar-trainer: no" in outcome.details
    assert not heard.events
    assert not outcome.good


def test_failure_without_an_event_has_the_last_words_of_the_log(run: Run) -> None:
    heard = run("print('warned', file=sys.stderr)\nsys.exit('cifar-trainer: The disk is full.')")
    assert heard.outcomes[0].sentence == "The disk is full."
    assert "warned" in heard.outcomes[0].details


def test_uncaught_error_has_its_traceback_as_details(run: Run) -> None:
    outcome = run("1 / 0").outcomes[0]
    assert outcome.ending is Ending.FAILED
    assert "failed" in outcome.sentence
    assert "ZeroDivisionError" in outcome.details


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
@pytest.mark.parametrize(
    ("name", "words"), [("SIGKILL", "memory"), ("SIGSEGV", "SIGSEGV"), ("SIGUSR1", "from outside")]
)
def test_crash_names_the_signal(run: Run, name: str, words: str) -> None:
    outcome = run(f"import signal; os.kill(os.getpid(), signal.{name})").outcomes[0]
    assert outcome.ending is Ending.CRASHED
    assert words in outcome.sentence


def test_program_that_is_not_there(qtbot: QtBot, tmp_path: Path) -> None:
    heard = _Heard()
    command = TrainerCommand([str(tmp_path / "none")])
    command.finished.connect(heard.end)
    command.start(["devices"], b"something to read")
    assert not heard.outcomes
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert heard.outcomes[0].ending is Ending.NOT_STARTED
    assert heard.outcomes[0].details
    assert not command.running


@pytest.mark.parametrize(
    "garbage",
    [
        b"hello\n",
        b"\xff\xfe\xfd\n",
        b'{"event": "message", "version": 1, "time": 0, "level": "info", "text": ""}\n',
        b'{"event": "message", "version": 3, "time": "noon", "level": "info", "text": ""}\n',
        b"[" * 100_000 + b"\n",
    ],
)
def test_garbage_ends_the_program(run: Run, garbage: bytes) -> None:
    line = _said("before")
    heard = run(f"print({line!r}, flush=True)\nout.write({garbage!r}); out.flush()\n"
                f"print({line!r}, flush=True)\ntime.sleep(60)")  # fmt: skip
    assert len(heard.events) == 1
    assert heard.outcomes[0].ending is Ending.GARBAGE
    assert heard.outcomes[0].details


def test_flood_without_line_breaks_is_bounded(run: Run) -> None:
    heard = run("while True: out.write(b'x' * 65536)", limit=2**20)
    assert heard.outcomes[0].ending is Ending.GARBAGE


def test_line_that_breaks_off_is_garbage_if_the_program_ended_well(run: Run) -> None:
    assert run("out.write(b'{\"event')").outcomes[0].ending is Ending.GARBAGE
    assert run("out.write(b'{\"event'); sys.exit(1)").outcomes[0].ending is Ending.FAILED


def test_large_line_comes_through(run: Run) -> None:
    described = DatasetInspected(
        data="big", classes=("a",), train_counts=(1,), test_counts=(1,), unreadable=(),
        unreadable_count=0, image_size=32, sampled_classes=1, samples_per_class=1,
        samples=base64.b64encode(bytes(3_000_000)).decode(), seed=0, smallest=(8, 8),
        largest=(640, 480), means="", duplicates=(), duplicate_count=0,
    )  # fmt: skip
    source = to_line(described).replace(described.samples, "SAMPLES")
    heard = run(f"print({source!r}.replace('SAMPLES', 'A' * 4_000_000))", limit=2**23)
    assert heard.outcomes[0].ending is Ending.DONE
    assert heard.events == [described]


def test_kill_ends_it_and_says_so(
    begin: Callable[..., tuple[TrainerCommand, _Heard]], qtbot: QtBot
) -> None:
    command, heard = begin(f"while True: print({_said('x')!r}, flush=True)")
    qtbot.waitUntil(lambda: bool(heard.events), timeout=20_000)
    command.kill()
    count = len(heard.events)
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert heard.outcomes[0].ending is Ending.KILLED
    assert len(heard.events) == count


def test_starts_again_when_it_has_ended(
    begin: Callable[..., tuple[TrainerCommand, _Heard]], qtbot: QtBot
) -> None:
    command, heard = begin(f"print({_said('x')!r})")
    with pytest.raises(RuntimeError):
        command.start([])
    qtbot.waitUntil(lambda: len(heard.outcomes) == 1, timeout=20_000)
    command.start([])
    qtbot.waitUntil(lambda: len(heard.outcomes) == 2, timeout=20_000)
    assert len(heard.events) == 2


def test_shutdown_waits_and_is_silent(
    begin: Callable[..., tuple[TrainerCommand, _Heard]], qtbot: QtBot
) -> None:
    command, heard = begin(f"print({_said('x')!r}, flush=True)\ntime.sleep(60)")
    qtbot.waitUntil(lambda: bool(heard.events), timeout=20_000)
    command.shutdown()
    QApplication.processEvents()
    assert not heard.outcomes
    assert not command.running


def test_dropped_one_is_silent_and_goes(
    begin: Callable[..., tuple[TrainerCommand, _Heard]], qtbot: QtBot
) -> None:
    command, heard = begin(f"print({_said('x')!r}, flush=True)\ntime.sleep(60)")
    qtbot.waitUntil(lambda: bool(heard.events), timeout=20_000)
    command.drop()
    qtbot.waitUntil(lambda: not shiboken6.isValid(command))
    assert not heard.outcomes
