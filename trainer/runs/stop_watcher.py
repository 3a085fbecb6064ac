"""Stops a run that another process asked to stop, through a file in its folder; used by `train`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from trainer.cancellation import CancelToken
from trainer.runs.run_folder import RunFolder

SECONDS_BETWEEN_LOOKS = 0.2


@contextmanager
def stopped_on_request(folder: RunFolder, token: CancelToken) -> Iterator[None]:
    """Have `token` cancelled if someone calls `folder.request_stop` while the block runs."""
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(folder, token, over), name="stop requests")
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _watch(folder: RunFolder, token: CancelToken, over: threading.Event) -> None:
    while not over.wait(SECONDS_BETWEEN_LOOKS):
        # A folder that cannot be looked at for a moment must not end the watch.
        with suppress(OSError):
            if folder.stop_requested:
                token.cancel()
                return
