"""Carries out stop requests, which other processes make through a file in the run folder."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from trainer.cancellation import CancelToken
from trainer.runs.run_folder import RunFolder

POLL_SECONDS = 0.2


@contextmanager
def cancelled_on_request(folder: RunFolder, token: CancelToken) -> Iterator[None]:
    """Cancel `token` if `folder.request_stop` is called in any process while the block runs."""
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(folder, token, done), name="stop requests")
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _watch(folder: RunFolder, token: CancelToken, done: threading.Event) -> None:
    while not done.wait(POLL_SECONDS):
        # A folder that is unreachable for a moment must not end the watch.
        with suppress(OSError):
            if folder.stop_requested:
                token.cancel()
                return
