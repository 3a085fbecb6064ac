"""One run at a time on a device, whichever process trains it; used by `train --queue`."""

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

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_BETWEEN_CHECKS = 0.1
"""A signal does not end a sleep early, so each must be short."""


@contextmanager
def exclusive_device(
    device: Device, *, emit: Callable[[Event], None], token: CancelToken, folder: Path | None = None
) -> Iterator[None]:
    """Wait until no other queueing run trains on a device, and keep it while the block runs.

    A process that died keeps nobody waiting. Where locks cannot be kept, nothing is waited for.

    Args:
        device: The device.
        emit: Told once if there is a wait.
        token: Ends the wait.
        folder: Where the locks of this computer's user lie; by default in the user's cache.

    Raises:
        Cancelled: If the token asked to stop.
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
    told = False
    while _is_taken(lock):
        if not told:
            emit(Waiting(device=device.title))
            told = True
        _sleep(token)


def _is_taken(lock: BaseFileLock) -> bool:
    try:
        Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        return True
    # Some network folders know no locks at all.
    except (OSError, NotImplementedError) as error:
        raise StorageError(
            "Nobody can tell whether another run uses the device, because "
            f"“{Path(lock.lock_file).parent}” cannot be written. Two at a time are slower than one "
            "after the other.",
            details=repr(error),
        ) from error
    return False


def _sleep(token: CancelToken) -> None:
    end = time.monotonic() + SECONDS_BETWEEN_LOOKS
    while time.monotonic() < end:
        token.check()
        time.sleep(SECONDS_BETWEEN_CHECKS)
    token.check()
