import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtCore import QLockFile
from pytestqt.qtbot import QtBot

from cifar_desktop import paths
from cifar_desktop.app import App
from cifar_desktop.command_line import Options
from cifar_desktop.shell.second_launch import SecondLaunchHandler, claim_window
from cifar_desktop.shell.services import single_instance
from cifar_desktop.shell.services.open_request import LIMIT, encode, request_from
from cifar_desktop.shell.services.single_instance import SingleInstance
from cifar_desktop.shell.services.single_instance_paths import InstancePaths, instance_paths
from tests.desktop.support import answered, picture_file
from trainer.files.cache_dir import cache_folder

Begin = Callable[..., "subprocess.Popen[str]"]

# Accepts, and says what it is told to say.
_STRANGER = """
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
print(flush=True)
caller, _ = server.accept()
caller.recv(1000)
caller.sendall(sys.argv[2].encode())
caller.close()
"""

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="looks at sockets as files"),
    # Without a display nothing is above anything else.
    pytest.mark.qt_log_ignore("This plugin does not support raise"),
]


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep these tests, and the programs that they start, in folders of their own."""
    for name in ("CONFIG", "CACHE", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    # The name of a socket must be short.
    with TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Starts the program as a person does; what still runs after the test is ended."""
    with ExitStack() as stack:

        def run(*arguments: str, folder: Path | None = None) -> "subprocess.Popen[str]":
            checkout = Path(paths.__file__).parents[1]
            process = subprocess.Popen(
                [sys.executable, "-m", "cifar_desktop", *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                cwd=folder,
                env=os.environ | {"PYTHONPATH": str(checkout)},
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield run


@pytest.fixture
def instance(app: App, qtbot: QtBot) -> Iterator[SingleInstance]:
    """What the open window of a test hears other starts with."""
    claimed = claim_window(Options())
    assert claimed is not None
    SecondLaunchHandler(claimed, app.window, app.tab)
    qtbot.waitUntil(lambda: _socket().exists())
    yield claimed
    claimed.release()


@pytest.fixture
def first_lock() -> Iterator[QLockFile]:
    """The lock of another start."""
    lock = QLockFile(str(_place().lock))
    assert lock.tryLock(0)
    yield lock
    lock.unlock()


def _place() -> InstancePaths:
    place = instance_paths(paths.settings_file(), cache_folder())
    assert place is not None
    return place


def _socket() -> Path:
    return Path(_place().socket)


def _ended(process: "subprocess.Popen[str]", qtbot: QtBot) -> str:
    """Wait until a start ends well, while the window here goes on; returns what it printed."""
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
    assert process.returncode == 0
    assert process.stdout is not None
    return process.stdout.read()


def _log() -> str:
    file = paths.log_folder() / "cifar-desktop.log"
    return file.read_text(encoding="utf-8") if file.exists() else ""


@pytest.mark.usefixtures("instance")
def test_second_start_opens_its_picture_in_the_window(
    app: App, begin: Begin, qtbot: QtBot, tmp_path: Path
) -> None:
    picture_file(tmp_path / "photos" / "Zoë 图.png")
    app.window.tabs.setCurrentWidget(app.training)

    second = begin("Zoë 图.png", folder=tmp_path / "photos")

    assert _ended(second, qtbot) == ""
    qtbot.waitUntil(lambda: answered(app, "Zoë 图.png"), timeout=10_000)
    assert app.window.tabs.currentWidget() is app.tab


@pytest.mark.usefixtures("instance")
def test_second_start_brings_its_network(
    app: App, begin: Begin, qtbot: QtBot, tmp_path: Path, tiny_network: Path
) -> None:
    (tmp_path / "mine.safetensors").write_bytes(tiny_network.read_bytes())

    second = begin("--model", "mine.safetensors", folder=tmp_path)

    _ended(second, qtbot)
    qtbot.waitUntil(lambda: app.networks.current == str(tmp_path / "mine.safetensors"))


@pytest.mark.usefixtures("instance")
def test_second_start_without_a_picture_brings_the_window_back(
    app: App, begin: Begin, qtbot: QtBot
) -> None:
    app.window.tabs.setCurrentWidget(app.training)
    app.window.showMinimized()
    qtbot.waitUntil(app.window.isMinimized)

    _ended(begin(), qtbot)

    qtbot.waitUntil(lambda: not app.window.isMinimized() and app.window.isActiveWindow())
    assert app.window.tabs.currentWidget() is app.training


def test_of_two_starts_after_a_crash_one_has_the_window(begin: Begin, qtbot: QtBot) -> None:
    first = begin()
    qtbot.waitUntil(lambda: _socket().exists(), timeout=20_000)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert _socket().exists()

    starts = [begin(), begin()]

    qtbot.waitUntil(lambda: any(each.poll() is not None for each in starts), timeout=20_000)
    assert sorted(map(str, (each.poll() for each in starts))) == ["0", "None"]
    assert "cannot reach this window" not in _log()


@pytest.mark.usefixtures("instance")
def test_closing_window_leaves_the_place_before_it_waits_for_anything(
    app: App, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[list[Path]] = []
    shutdown = app.worker.shutdown

    def watched() -> None:
        left.append(list(runtime.iterdir()))
        shutdown()

    monkeypatch.setattr(app.worker, "shutdown", watched)
    app.window.close()

    assert left == [[]]
    assert not SingleInstance(_place()).hand_over([], None)


def test_window_that_hangs_keeps_nobody_waiting(
    first_lock: QLockFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "ANSWER_TIMEOUT", 0.2)
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(_place().socket)
        deaf.listen()

        _expect_alone("the other window does not answer")


def test_window_that_never_listens_keeps_nobody_waiting(
    first_lock: QLockFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "LISTEN_TIMEOUT", 0.2)

    _expect_alone("another process has the lock, but does not listen")


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("hello\n", "Expecting value"),
        ('{"error": "another protocol"}\n', "another protocol"),
        ("[" * 2000 + "\n", "nested too deeply"),
    ],
)
def test_stranger_at_the_place(first_lock: QLockFile, answer: str, problem: str) -> None:
    command = [sys.executable, "-c", _STRANGER, _place().socket, answer]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as stranger:
        assert stranger.stdout is not None
        stranger.stdout.readline()

        _expect_alone(problem)


def test_window_that_hangs_up_was_closing(first_lock: QLockFile) -> None:
    command = [sys.executable, "-c", _STRANGER, _place().socket, "no end"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as close_confirmation:
        assert close_confirmation.stdout is not None
        close_confirmation.stdout.readline()
        leave = threading.Timer(0.3, first_lock.unlock)
        leave.start()
        late = SingleInstance(_place())

        assert not late.hand_over([], None)

        leave.join()
    assert late.problem == ""
    late.release()


def test_place_that_cannot_be_locked_is_nobodys(tmp_path: Path) -> None:
    instance = SingleInstance(InstancePaths(tmp_path / "missing" / "a.lock", str(tmp_path / "a")))

    assert not instance.hand_over([], None)

    assert "PermissionError" in instance.problem or "UnknownError" in instance.problem
    instance.listen()
    assert list(tmp_path.glob("a")) == []


@pytest.mark.usefixtures("instance")
def test_garbage_from_outside_changes_nothing(
    app: App, begin: Begin, qtbot: QtBot, tmp_path: Path
) -> None:
    picture_file(tmp_path / "cat.png")
    late = encode(request_from([str(tmp_path / "cat.png")], None, time.monotonic() - 1))

    assert b"required field `protocol`" in _said_to_the_window(b"{}\n", qtbot)
    assert b"error" in _said_to_the_window(b"\xff\n", qtbot)
    assert _said_to_the_window(b"x" * LIMIT, qtbot) == b""
    assert _said_to_the_window(late, qtbot) == b""

    assert app.tab.pages.currentWidget() is app.tab.empty
    _ended(begin("cat.png", folder=tmp_path), qtbot)
    qtbot.waitUntil(lambda: answered(app, "cat.png"), timeout=10_000)


def _said_to_the_window(line: bytes, qtbot: QtBot) -> bytes:
    """What the window here answers to a line before it hangs up."""
    got: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(_place().socket)
        caller.settimeout(0)
        rest = line

        def exchange() -> bool:
            nonlocal rest
            with suppress(BlockingIOError):
                while rest:
                    rest = rest[caller.send(rest) :]
                while not got or got[-1]:
                    got.append(caller.recv(1000))
            return bool(got) and not got[-1]

        qtbot.waitUntil(exchange)
    return b"".join(got)


def _expect_alone(problem: str) -> None:
    """A start opens a window of its own, knows why, and takes nothing from the other."""
    instance = SingleInstance(_place())
    assert not instance.hand_over(["cat.png"], None)
    assert problem in instance.problem
    instance.listen()
    instance.release()
    assert _place().lock.exists()
