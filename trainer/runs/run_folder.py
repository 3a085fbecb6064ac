"""The folder of one run: what it was asked, what it told, where it stands, what came of it.

Used by the command line, and by the window to begin a run, to ask it to stop, and to see whether
it is being trained. Needs no torch.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from trainer.config.train_config import TrainConfig
from trainer.errors import CheckpointError, StorageError
from trainer.events.base import Event
from trainer.events.codec import to_line
from trainer.files.atomic_write import write_atomically
from trainer.files.json_decoding import decode_json

PATIENCE_FOR_LOCK = 2.0
"""Seconds. Who only looks whether a run is being trained holds its lock for a moment."""

TORN = b"\x18"
"""ASCII CANCEL, at the end of a line of the event log that a crash or a full disk cut short."""

STALE_REQUEST = 10.0
"""Seconds after which a request to stop was meant for a process that is no more."""


class _Document(msgspec.Struct):
    """What `config.json` holds; the config may be of another version of the program."""

    data: str
    config: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Names of the files of a run, and the writing of the small ones.

    Attributes:
        path: The folder.
    """

    path: Path

    @property
    def config(self) -> Path:
        """What was asked: settings and data."""
        return self.path / "config.json"

    @property
    def events(self) -> Path:
        """What it told, one JSON object a line, all starts of the run one after another."""
        return self.path / "events.jsonl"

    @property
    def checkpoint(self) -> Path:
        """Where it stands."""
        return self.path / "checkpoint.pt"

    @property
    def model(self) -> Path:
        """What came of it; only there once the run is finished."""
        return self.path / "model.safetensors"

    @property
    def figures(self) -> Path:
        """How good that is, as `cifar-trainer evaluate --json` tells it."""
        return self.path / "figures.json"

    @property
    def report(self) -> Path:
        """Every answer to the test images (`trainer.evaluation.report`)."""
        return self.path / "report.safetensors"

    @property
    def about(self) -> Path:
        """What the person calls the run."""
        return self.path / "about.json"

    @property
    def log(self) -> Path:
        """What a trainer that was started by the window had to say on its standard error."""
        return self.path / "trainer.log"

    @property
    def name(self) -> str:
        """What the person calls the run; the folder's name unless they chose another."""
        try:
            return decode_json(self.about.read_bytes(), dict[str, str])["name"]
        except (OSError, ValueError, KeyError):
            return self.path.name

    def rename(self, name: str) -> None:
        """Call the run something else; its folder stays where it is.

        Raises:
            StorageError: If that cannot be written.
        """
        self.write_text(self.about, json.dumps({"name": name}, ensure_ascii=False))

    def create(self, config: TrainConfig, data: str) -> None:
        """Begin a run in this folder.

        Raises:
            StorageError: If it holds a run already, or cannot be written.
        """
        self.require_new()
        self._write_config(config, data)

    def require_new(self) -> None:
        """Make sure that a run can begin in this folder.

        Raises:
            StorageError: If it holds one already, or cannot be written.
        """
        try:
            taken = self.config.exists()
            place = next(each for each in (self.path, *self.path.parents) if each.exists())
        except OSError as error:
            raise StorageError(f"“{self.path}” cannot be written.", details=repr(error)) from error
        if taken:
            raise StorageError(
                f"“{self.path}” holds a run already. Go on with it: --resume {self.path}; or name "
                "another folder."
            )
        if not (place.is_dir() and os.access(place, os.W_OK)):
            raise StorageError(f"“{self.path}” cannot be written.")

    def move_data(self, data: str) -> None:
        """Note that the data of the run lie elsewhere now.

        Raises:
            CheckpointError: If the folder holds no run.
            StorageError: If it cannot be written.
        """
        config, _ = self.read()
        self._write_config(config, data)

    def _write_config(self, config: TrainConfig, data: str) -> None:
        document = {"data": data, "config": msgspec.to_builtins(config)}
        self.write_text(self.config, json.dumps(document, indent=2))

    def read(self) -> tuple[TrainConfig, str]:
        """The settings and the data that the run was begun with.

        Raises:
            CheckpointError: If the folder holds no run.
            ConfigError: If its settings are of another version of the program.
        """
        try:
            document = decode_json(self.config.read_bytes(), _Document)
        except (OSError, ValueError) as error:
            raise CheckpointError(f"“{self.path}” holds no run.", details=repr(error)) from error
        return TrainConfig.from_json(json.dumps(document.config)), document.data

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes from training in this folder; a dead one keeps nobody.

        Raises:
            StorageError: If another process trains in it, or it cannot be written.
        """
        # Late: the window names runs at every start and locks none.
        from filelock import FileLock, Timeout

        lock = FileLock(self._lock)
        try:
            lock.acquire(timeout=PATIENCE_FOR_LOCK)
        except Timeout as error:
            raise StorageError(
                f"The run in “{self.path}” is being trained by another process already."
            ) from error
        # Some network folders know no locks at all.
        except (OSError, NotImplementedError) as error:
            raise StorageError(f"“{self.path}” cannot be written.", details=repr(error)) from error
        try:
            self._forget_stale_request()
            self.write_text(self._process, str(os.getpid()))
            self._mark_torn_line()
            yield
        finally:
            for name in (self._process, self._stop):
                with suppress(OSError):
                    name.unlink(missing_ok=True)
            lock.release()

    @property
    def is_held(self) -> bool:
        """Whether a process trains in this folder at this moment."""
        if not self._lock.exists():
            return False
        from filelock import FileLock, Timeout

        lock = FileLock(self._lock)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        except (OSError, NotImplementedError):
            # Who cannot lock it cannot train in it either.
            return False
        lock.release()
        return False

    @property
    def process(self) -> int | None:
        """The process that trains in this folder, or None."""
        try:
            number = int(self._process.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        # Only the lock proves that the number was not given to another process since.
        return number if self.is_held else None

    def request_stop(self) -> None:
        """Ask the process that trains in this folder to save a checkpoint and end.

        A file, because it reaches a process of another start of the program, on every system.

        Raises:
            StorageError: If it cannot be asked.
        """
        try:
            # Empty, so that a full disk has room for it.
            self._stop.touch()
        except OSError as error:
            raise StorageError(
                f"“{self.path}” cannot be written, so the run cannot be asked to stop.",
                details=repr(error),
            ) from error

    def withdraw_stop(self) -> None:
        """Forget a request to stop; for who is about to train in this folder.

        Raises:
            OSError: If it cannot be withdrawn.
        """
        self._stop.unlink(missing_ok=True)

    @property
    def stop_requested(self) -> bool:
        """Whether `request_stop` was called and not yet obeyed."""
        return self._stop.exists()

    @property
    def _lock(self) -> Path:
        return self.path / ".lock"

    @property
    def _process(self) -> Path:
        return self.path / ".process"

    @property
    def _stop(self) -> Path:
        return self.path / ".stop"

    def _forget_stale_request(self) -> None:
        with suppress(OSError):
            if time.time() - self._stop.stat().st_mtime > STALE_REQUEST:
                self._stop.unlink()

    def _mark_torn_line(self) -> None:
        """End an incomplete last line, so that the next event starts on a line of its own."""
        # Not truncated: the window may have read it already, and continues from there.
        with suppress(OSError), self.events.open("rb+") as file:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(TORN + b"\n")

    def append(self, event: Event) -> None:
        """Add an event to the run's record.

        Raises:
            StorageError: If it cannot be written.
        """
        # A full disk may have cut the previous line short.
        self._mark_torn_line()
        try:
            with self.events.open("a", encoding="utf-8", newline="\n") as file:
                file.write(to_line(event) + "\n")
        except OSError as error:
            raise StorageError(
                f"“{self.events}” cannot be written. Is the disk full?", details=repr(error)
            ) from error

    def write_text(self, path: Path, text: str) -> None:
        """Write a small file whole.

        Raises:
            StorageError: If it cannot be written.
        """
        write_atomically(path, lambda file: _write(file, text))


def _write(file: Path, text: str) -> None:
    file.write_text(text + "\n", encoding="utf-8")
