"""Starts a run as a process that outlives the window; used by `run_manager`.

The window hears of it by the run's record alone (`run_follower`). So it makes no difference which
start of the window began a run, and nothing breaks where the window goes first.
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
        record_size: Bytes of the run's record that are from before.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", record_size: int) -> None:
        self._process = process
        self.record_size = record_size

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def poll(self) -> int | None:
        """The exit code, as `subprocess` has it; None while the process lives."""
        return self._process.poll()

    def kill(self) -> None:
        """End it at once, without a checkpoint."""
        with suppress(OSError):
            self._process.kill()

    def leave(self) -> None:
        """Let it live on by itself."""
        _left.append(self._process)


def launch(folder: RunFolder, program: Sequence[str] | None = None) -> RunChild:
    """Train the run in a folder from where it stands, in a process of its own.

    Args:
        folder: Holds the run's settings, and its checkpoint if it has one.
        program: What to start; the trainer if None.

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
    """End a process that was started by somebody else."""
    with suppress(OSError):
        # Windows knows one way only, whatever the signal.
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def reap() -> None:
    """Let the system forget those that were left and have ended."""
    _left[:] = [process for process in _left if process.poll() is None]


def _spawn(command: list[str], log: int) -> "subprocess.Popen[bytes]":
    # Not with a lower priority: its threads wait for each other at every layer, so beside one busy
    # program the run would then be ten times slower still.
    return subprocess.Popen(  # noqa: S603 (this very program)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=log,
        env=child_environment(),
        # Ctrl-C in the terminal of the window, and its end, are nothing to the run.
        start_new_session=True,
        creationflags=_creation_flags(),
    )


def _creation_flags() -> int:
    if sys.platform != "win32":
        return 0
    return subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP


@atexit.register
def _part() -> None:
    """Keep Python from warning at its exit that nobody waited for those that live on."""
    for process in _left:
        if process.poll() is None:
            process.returncode = 0
