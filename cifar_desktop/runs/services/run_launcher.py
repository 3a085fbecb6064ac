"""Starts a run as a process that outlives the window; used by `run_manager`.

The window knows it by its event log alone (`run_follower`). So it makes no difference which launch
of the program started a run, and closing the window does not affect it.
"""

import atexit
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

from cifar_desktop.common.child_environment import child_environment
from cifar_desktop.paths import trainer_program
from trainer.errors import StorageError, TrainerError
from trainer.runs.run_folder import RunFolder

_left: list["subprocess.Popen[bytes]"] = []


class RunChild:
    """A run that this window started.

    Args:
        process: The process.
        record_size: Size in bytes of the event log before this start.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", record_size: int) -> None:
        self._process = process
        self.record_size = record_size

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def poll(self) -> int | None:
        """The exit code, as in `subprocess`; None while the process runs."""
        return self._process.poll()

    def kill(self) -> None:
        """Kill it, without a checkpoint."""
        with suppress(OSError):
            self._process.kill()

    def leave(self) -> None:
        """Let it run without the window."""
        _left.append(self._process)


def launch(folder: RunFolder, program: Sequence[str] | None = None) -> RunChild:
    """Train the run in a folder in its own process, from its last checkpoint if it has one.

    Args:
        folder: The folder of the run, with its settings.
        program: The program to start; the trainer if None.

    Raises:
        StorageError: If nothing can be written to the folder.
        TrainerError: If the process cannot be started.
    """
    reap()
    command = [*(program or trainer_program()), "train", "--resume", str(folder.path)]
    try:
        # A request that came too late for the last process must not stop this one.
        folder.withdraw_stop()
        record_size = folder.events.stat().st_size if folder.events.exists() else 0
        with folder.log.open("wb") as log:
            return RunChild(_spawn([*command, "--queue", "--events"], log.fileno()), record_size)
    except OSError as error:
        if error.filename is not None and str(error.filename).startswith(str(folder.path)):
            text = f"“{folder.path}” cannot be written. Is the disk full, or the folder read-only?"
            raise StorageError(text, details=repr(error)) from error
        raise TrainerError("The trainer could not be started.", details=repr(error)) from error


def kill_process(pid: int) -> None:
    """Kill a process that another one has started."""
    with suppress(OSError):
        # Windows has only one way, whatever the signal.
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def reap() -> None:
    """Reap the processes that were left running and have ended."""
    _left[:] = [process for process in _left if process.poll() is None]


def _spawn(command: list[str], log: int) -> "subprocess.Popen[bytes]":
    # Not with a lower priority: its threads wait for each other at every layer, so beside one busy
    # program the run would be ten times slower.
    return subprocess.Popen(  # noqa: S603 (this very program)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=log,
        env=child_environment(),
        # Ctrl-C in the terminal, or closing it, must not end the run.
        start_new_session=True,
        creationflags=_creation_flags(),
    )


def _creation_flags() -> int:
    if sys.platform != "win32":
        return 0
    return subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP


@atexit.register
def _silence_warnings() -> None:
    """Keep Python from warning at exit about processes that are still running."""
    for process in _left:
        if process.poll() is None:
            process.returncode = 0
