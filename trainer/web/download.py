"""A large file from the web, continued where it broke off; called by the dataset code.

The bytes collect in `NAME.part` beside the target, which gets its name only once its checksum
is right, so a target that exists is always whole.
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
    """How stubborn a download is.

    Attributes:
        tries: In a row without a single new byte, before it gives up.
        pause: Seconds before the second of them; it doubles with each.
    """

    tries: int = 3
    pause: float = 1.0


_RETRIES = Retries()


def download(  # all but two have names at every call
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
    """Download a file whose checksum is known; does nothing to a `path` that exists until then.

    Args:
        url: An http or https address.
        path: Where the file goes; its folder is made.
        size: Its bytes, if known.
        sha256: Its checksum in hexadecimal.
        token: Stops it at once; what has arrived is kept.
        on_progress: Called on this thread with the bytes so far and their expected number.
        limits: Of one connection.
        retries: How often a connection that breaks off is tried again.

    Raises:
        FetchError: If the server cannot be reached or refuses; what has arrived is kept.
        DataError: If another file than the expected one came.
        StorageError: If it cannot be written.
        Cancelled: If the person stopped it.
    """
    work = _Download(url, _part_of(path), size, token or CancelToken(), on_progress)
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    work.run(limits, retries)
    work.verify(sha256)
    with _writing(path):
        work.part.replace(path)


def _part_of(path: Path) -> Path:
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
        """Collect the whole file in the part, over as many connections as it takes."""
        failures = 0
        while not self._is_whole():
            before = self._have()
            try:
                self._continue(limits)
                return
            except Interrupted as error:
                failures = 1 if self._have() > before else failures + 1
                if failures >= retries.tries:
                    raise self._kept(error) from error
                self._wait(retries.pause * 2 ** (failures - 1))
            except FetchError as error:
                raise self._kept(error) from error

    def verify(self, sha256: str) -> None:
        """Compare the checksum; a part that fails is removed, as continuing it would be vain."""
        digest = hashlib.sha256()
        with _writing(self.part), self.part.open("rb") as file:
            while block := file.read(_HASH_BYTES):
                self._token.check()
                digest.update(block)
        if digest.hexdigest() != sha256.lower():
            raise self._spoilt(f"sha256 {digest.hexdigest()} instead of {sha256}")

    def _have(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _is_whole(self) -> bool:
        return self._size is not None and self._have() == self._size

    def _wait(self, seconds: float) -> None:
        woken = threading.Event()
        with self._token.wakes(woken.set):
            woken.wait(seconds)
        self._token.check()

    def _kept(self, error: FetchError) -> FetchError:
        have = self._have()
        if not have:
            return error
        kept = (
            f"The {have / 1e6:.1f} MB that have arrived are kept, and the next try goes on there."
        )
        return FetchError(f"{error.message} {kept}", details=error.details)

    def _spoilt(self, details: str) -> DataError:
        self._remove_part()
        message = (
            f"The file from {self._url} is not the expected one, so it was removed."
            " Download it again; if that does not help, the file on the server has changed."
        )
        return DataError(message, details=details)

    def _remove_part(self) -> None:
        with _writing(self.part):
            self.part.unlink(missing_ok=True)

    def _continue(self, limits: FetchLimits) -> None:
        have = self._have()
        if self._size is not None and have > self._size:
            have = 0
        headers = {"Range": f"bytes={have}-"} if have else {}
        with request(self._url, limits=limits, token=self._token, headers=headers) as reply:
            if reply.status == 416 and have:
                self._settle_416(reply, have)
                return
            if reply.status not in (200, 206):
                raise status_error(reply.status, reply.host)
            self._append(reply, self._start_of(reply, have))

    def _settle_416(self, reply: Reply, have: int) -> None:
        # Either nothing is missing, or the part belongs to another file.
        if reply.headers.get("Content-Range", "") != f"bytes */{have}":
            raise self._out_of_step(reply)

    def _start_of(self, reply: Reply, have: int) -> int:
        """Where the body belongs in the file; 0 from a server that does not continue."""
        if reply.status == 200:
            return 0
        if not reply.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            raise self._out_of_step(reply)
        return have

    def _out_of_step(self, reply: Reply) -> Interrupted:
        self._remove_part()
        message = f"{reply.host} cannot continue the download. Start it again."
        return Interrupted(message, details=f"{reply.status} {reply.headers.get('Content-Range')}")

    def _append(self, reply: Reply, start: int) -> None:
        have = start
        with _writing(self.part), self.part.open("ab" if start else "wb") as file:
            for chunk in reply.chunks():
                file.write(chunk)
                have += len(chunk)
                self._report(have, reply, start)
                if self._size is not None and have > self._size:
                    break
            file.flush()
            os.fsync(file.fileno())
        self._check_end(have, reply)

    def _report(self, have: int, reply: Reply, start: int) -> None:
        told = None if reply.length is None else start + reply.length
        if self._on_progress:
            self._on_progress(have, self._size or told)

    def _check_end(self, have: int, reply: Reply) -> None:
        if self._size is None or have == self._size:
            return
        if have > self._size:
            raise self._spoilt(f"more than {self._size} bytes")
        raise Interrupted(f"The connection to {reply.host} broke off. Try again.")


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Turn what the disk objects to into an error for a person."""
    try:
        yield
    except OSError as error:
        raise _storage_error(error, path) from error


def _storage_error(error: OSError, path: Path) -> StorageError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        message = f"The disk is full. Make room in {path.parent} and start the download again."
    else:
        message = f"{path.parent} cannot be written. Choose another folder or its permissions."
    return StorageError(message, details=repr(error))
