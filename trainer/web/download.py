"""Downloads a large file, resuming where an earlier download was interrupted; for datasets.

The bytes are collected in `NAME.part` beside the target, which is renamed only once its checksum is
correct, so an existing target is always complete.
"""

import errno
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from trainer.cancellation import CancelToken
from trainer.errors import DataError, FetchError, StorageError
from trainer.web.errors import Interrupted, status_error
from trainer.web.request import FetchLimits, Progress, Reply, request

_LIMITS = FetchLimits(read=20.0, total=None, size=None)
_HASH_BYTES = 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often a download is retried.

    Attributes:
        tries: Attempts in a row without a new byte before giving up.
        pause: Seconds before the second attempt; doubled with each further one.
    """

    tries: int = 3
    pause: float = 1.0


_RETRIES = Retries()


def download(  # most arguments are keyword-only
    url: str,
    path: Path,
    *,
    size: int | None = None,
    sha256: str,
    token: CancelToken | None = None,
    on_progress: Progress | None = None,
    limits: FetchLimits = _LIMITS,
    retries: Retries = _RETRIES,
) -> None:
    """Download a file whose checksum is known; an existing `path` is replaced only on success.

    Args:
        url: An http or https URL.
        path: Target; its folder is created.
        size: Size in bytes, if known.
        sha256: Checksum in hexadecimal.
        token: Cancels the download at once; received bytes are kept.
        on_progress: Called on this thread with the received bytes and the expected total.
        limits: Limits of each connection.
        retries: How often an interrupted connection is retried.

    Raises:
        FetchError: If the server cannot be reached or refuses; received bytes are kept.
        DataError: If the received file is not the expected one.
        StorageError: If the file cannot be written.
        Cancelled: If the user stopped it.
    """
    work = _Download(url, _part_path(path), size, token or CancelToken(), on_progress)
    with _storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    work.run(limits, retries)
    work.verify(sha256)
    with _storage_errors(path):
        work.part.replace(path)


def _part_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


class _Download:
    def __init__(
        self,
        url: str,
        part: Path,
        size: int | None,
        token: CancelToken,
        on_progress: Progress | None,
    ) -> None:
        self.part = part
        self._url = url
        self._size = size
        self._token = token
        self._on_progress = on_progress

    def run(self, limits: FetchLimits, retries: Retries) -> None:
        """Complete the partial file, over as many connections as necessary."""
        failures = 0
        while not self._is_whole():
            before = self._received()
            try:
                self._continue(limits)
                return
            except Interrupted as error:
                failures = 1 if self._received() > before else failures + 1
                if failures >= retries.tries:
                    raise self._with_kept_bytes(error) from error
                self._wait(retries.pause * 2 ** (failures - 1))
            except FetchError as error:
                raise self._with_kept_bytes(error) from error

    def verify(self, sha256: str) -> None:
        """Compare the checksum; a wrong partial file is removed, as it cannot be resumed."""
        digest = hashlib.sha256()
        with _storage_errors(self.part), self.part.open("rb") as file:
            while block := file.read(_HASH_BYTES):
                self._token.check()
                digest.update(block)
        if digest.hexdigest() != sha256.lower():
            raise self._corrupted(f"sha256 {digest.hexdigest()} instead of {sha256}")

    def _received(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _is_whole(self) -> bool:
        return self._size is not None and self._received() == self._size

    def _wait(self, seconds: float) -> None:
        woken = threading.Event()
        with self._token.wakes(woken.set):
            woken.wait(seconds)
        self._token.check()

    def _with_kept_bytes(self, error: FetchError) -> FetchError:
        received = self._received()
        if not received:
            return error
        kept = f"The {received / 1e6:.1f} MB received so far are kept for the next attempt."
        return FetchError(f"{error.message} {kept}", details=error.details)

    def _corrupted(self, details: str) -> DataError:
        self._remove_part()
        message = (
            f"The file from {self._url} is not the expected one, so it was removed."
            " Download it again; if that does not help, the file on the server has changed."
        )
        return DataError(message, details=details)

    def _remove_part(self) -> None:
        with _storage_errors(self.part):
            self.part.unlink(missing_ok=True)

    def _continue(self, limits: FetchLimits) -> None:
        received = self._received()
        if self._size is not None and received > self._size:
            received = 0
        headers = {"Range": f"bytes={received}-"} if received else {}
        with request(self._url, limits=limits, token=self._token, headers=headers) as reply:
            if reply.status == 416 and received:
                self._settle_416(reply, received)
                return
            if reply.status not in (200, 206):
                raise status_error(reply.status, reply.host)
            self._append(reply, self._start_of(reply, received))

    def _settle_416(self, reply: Reply, received: int) -> None:
        # Either the file is complete, or the partial file belongs to another one.
        if reply.headers.get("Content-Range", "") != f"bytes */{received}":
            raise self._cannot_continue(reply)

    def _start_of(self, reply: Reply, received: int) -> int:
        """Offset of the body in the file; 0 from a server that does not support resuming."""
        if reply.status == 200:
            return 0
        if not reply.headers.get("Content-Range", "").startswith(f"bytes {received}-"):
            raise self._cannot_continue(reply)
        return received

    def _cannot_continue(self, reply: Reply) -> Interrupted:
        self._remove_part()
        message = f"{reply.host} cannot resume the download. Start it again."
        return Interrupted(message, details=f"{reply.status} {reply.headers.get('Content-Range')}")

    def _append(self, reply: Reply, start: int) -> None:
        received = start
        with _storage_errors(self.part), self.part.open("ab" if start else "wb") as file:
            for chunk in reply.chunks():
                file.write(chunk)
                received += len(chunk)
                self._report(received, reply, start)
                if self._size is not None and received > self._size:
                    break
            file.flush()
            os.fsync(file.fileno())
        self._check_end(received, reply)

    def _report(self, received: int, reply: Reply, start: int) -> None:
        announced = None if reply.length is None else start + reply.length
        if self._on_progress:
            self._on_progress(received, self._size or announced)

    def _check_end(self, received: int, reply: Reply) -> None:
        if self._size is None or received == self._size:
            return
        if received > self._size:
            raise self._corrupted(f"more than {self._size} bytes")
        raise Interrupted(f"The connection to {reply.host} was interrupted. Try again.")


@contextmanager
def _storage_errors(path: Path) -> Iterator[None]:
    """Turn errors of the disk into an error with advice for the user."""
    try:
        yield
    except OSError as error:
        raise _storage_error(error, path) from error


def _storage_error(error: OSError, path: Path) -> StorageError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        message = f"The disk is full. Free some space in {path.parent} and download again."
    else:
        message = (
            f"{path.parent} cannot be written. Choose another folder or change its permissions."
        )
    return StorageError(message, details=repr(error))
