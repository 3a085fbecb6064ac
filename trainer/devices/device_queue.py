"""One run at a time per device, across processes; used by `train --queue`."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from trainer.cancellation import CancelToken
from trainer.devices.device import Device
from trainer.errors import StorageError
from trainer.events.base import Event
from trainer.events.run_events import Message, Waiting
from trainer.files.cache_dir import cache_folder

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
CANCEL_CHECK_SECONDS = 0.1
"""Short, because a signal does not interrupt a sleep."""


@contextmanager
def exclusive_device(
    device: Device, *, emit: Callable[[Event], None], token: CancelToken, folder: Path | None = None
) -> Iterator[None]:
    """Wait until no other queued run uses a device, and hold it while the block runs.

    The lock of a crashed process is free. If locks cannot be created, there is no waiting.

    Args:
        device: The device.
        emit: Receives one event if there is a wait.
        token: Cancels the wait.
        folder: Folder of the lock files; by default in the user's cache.

    Raises:
        Cancelled: If the token was cancelled.
    """
    lock = FileLock((folder or _folder()) / f"{device.torch_device.type}.lock")
    try:
        _wait_for(lock, device, emit, token)
    except StorageError as error:
        log.warning("%s: %s", error, error.details)
        emit(Message(level="warning", text=error.message))
    try:
        yield
    finally:
        lock.release()


def _folder() -> Path:
    return cache_folder() / "locks"


def _wait_for(
    lock: BaseFileLock, device: Device, emit: Callable[[Event], None], token: CancelToken
) -> None:
    reported = False
    while _is_taken(lock):
        if not reported:
            emit(Waiting(device=device.title))
            reported = True
        _sleep(token)


def _is_taken(lock: BaseFileLock) -> bool:
    try:
        Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        return True
    # Some network file systems do not support locks.
    except (OSError, NotImplementedError) as error:
        raise StorageError(
            "Cannot tell whether another run uses this device, because "
            f"“{Path(lock.lock_file).parent}” cannot be written. Two runs at once are slower "
            "than one after the other.",
            details=repr(error),
        ) from error
    return False


def _sleep(token: CancelToken) -> None:
    end = time.monotonic() + POLL_SECONDS
    while time.monotonic() < end:
        token.check()
        time.sleep(CANCEL_CHECK_SECONDS)
    token.check()
