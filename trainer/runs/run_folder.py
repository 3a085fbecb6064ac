"""The folder of a run: settings, event log, checkpoint, results, and who is training it.

Imports no torch: the window uses it to create runs, to stop them and to see whether one is running.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from trainer.config.train_config import TrainConfig
from trainer.errors import CheckpointError, StorageError
from trainer.events.base import Event
from trainer.events.codec import to_line
from trainer.files.atomic_write import write_atomically
from trainer.files.dataset_place import absolute_place
from trainer.files.json_decoding import decode_json

LOCK_TIMEOUT = 2.0
"""Seconds. Checking whether a run is being trained takes its lock for a moment."""

TORN = b"\x18"
"""ASCII CANCEL, at the end of a line of the event log that a crash or a full disk cut short."""

STALE_REQUEST = 10.0
"""Seconds after which a stop request must have been meant for a process that has ended."""


class _Document(msgspec.Struct):
    """Content of `config.json`; the config may be from another version of the program.

    A single dataset is stored as text, as before there could be several.
    """

    data: str | Annotated[tuple[str, ...], Meta(min_length=1)]
    config: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The files of a run: their paths, and reading and writing the small ones.

    Attributes:
        path: Path of the folder.
    """

    path: Path

    @property
    def config(self) -> Path:
        """Settings and dataset."""
        return self.path / "config.json"

    @property
    def events(self) -> Path:
        """The event log, one JSON object per line, all starts of the run one after another."""
        return self.path / "events.jsonl"

    @property
    def checkpoint(self) -> Path:
        """The last checkpoint."""
        return self.path / "checkpoint.pt"

    @property
    def model(self) -> Path:
        """The model file; exists once the run is finished."""
        return self.path / "model.safetensors"

    @property
    def figures(self) -> Path:
        """Metrics of the model, as JSON."""
        return self.path / "figures.json"

    @property
    def report(self) -> Path:
        """Predictions for all test images (`trainer.evaluation.report`)."""
        return self.path / "report.safetensors"

    @property
    def about(self) -> Path:
        """The name that the user gave the run."""
        return self.path / "about.json"

    @property
    def log(self) -> Path:
        """Standard error of a trainer that the window started."""
        return self.path / "trainer.log"

    @property
    def name(self) -> str:
        """The name that the user gave the run; by default the name of the folder."""
        try:
            return decode_json(self.about.read_bytes(), dict[str, str])["name"]
        except (OSError, ValueError, KeyError):
            return self.path.name

    def rename(self, name: str) -> None:
        """Give the run another name; its folder stays where it is.

        Raises:
            StorageError: If the name cannot be written.
        """
        self.write_text(self.about, json.dumps({"name": name}, ensure_ascii=False))

    def create(self, config: TrainConfig, data: tuple[str, ...]) -> None:
        """Create a run in this folder; relative paths of its datasets are stored as absolute.

        Raises:
            StorageError: If it already contains a run, or cannot be written.
        """
        self.require_new()
        self._write_config(config, data)

    def require_new(self) -> None:
        """Check that a run can be created in this folder.

        Raises:
            StorageError: If it already contains one, or cannot be written.
        """
        try:
            taken = self.config.exists()
            place = next(each for each in (self.path, *self.path.parents) if each.exists())
        except OSError as error:
            raise StorageError(f"“{self.path}” cannot be written.", details=repr(error)) from error
        if taken:
            raise StorageError(
                f"“{self.path}” already contains a run. Resume it with --resume {self.path}, or "
                "choose another folder."
            )
        if not (place.is_dir() and os.access(place, os.W_OK)):
            raise StorageError(f"“{self.path}” cannot be written.")

    def move_data(self, data: tuple[str, ...]) -> None:
        """Record where the datasets of the run are now, in the same order.

        Raises:
            CheckpointError: If the folder contains no run.
            StorageError: If it cannot be written.
        """
        config, recorded = self.read()
        if tuple(map(absolute_place, data)) != recorded:
            self._write_config(config, data)

    def _write_config(self, config: TrainConfig, data: tuple[str, ...]) -> None:
        places = [absolute_place(place) for place in data]
        document = {
            "data": places[0] if len(places) == 1 else places,
            "config": msgspec.to_builtins(config),
        }
        self.write_text(self.config, json.dumps(document, indent=2))

    def read(self) -> tuple[TrainConfig, tuple[str, ...]]:
        """The settings and the datasets of the run.

        Raises:
            CheckpointError: If the folder contains no run.
            ConfigError: If the settings are from another version of the program.
        """
        try:
            document = decode_json(self.config.read_bytes(), _Document)
        except (OSError, ValueError) as error:
            raise CheckpointError(f"“{self.path}” contains no run.", details=repr(error)) from error
        data = (document.data,) if isinstance(document.data, str) else document.data
        return TrainConfig.from_json(json.dumps(document.config)), data

    @contextmanager
    def held(self) -> Iterator[None]:
        """Lock the folder for training; the lock of a process that died is void.

        Raises:
            StorageError: If another process is training in it, or it cannot be written.
        """
        # Late: the window lists runs at every start, but locks none.
        from filelock import FileLock, Timeout

        lock = FileLock(self._lock)
        try:
            lock.acquire(timeout=LOCK_TIMEOUT)
        except Timeout as error:
            raise StorageError(
                f"Another process is already training the run in “{self.path}”."
            ) from error
        # Some network folders do not support locks.
        except (OSError, NotImplementedError) as error:
            raise StorageError(f"“{self.path}” cannot be written.", details=repr(error)) from error
        try:
            self._drop_stale_request()
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
        """Whether a process is training in this folder."""
        if not self._lock.exists():
            return False
        from filelock import FileLock, Timeout

        lock = FileLock(self._lock)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        except (OSError, NotImplementedError):
            # Where nothing can be locked, nothing can be trained either.
            return False
        lock.release()
        return False

    @property
    def process(self) -> int | None:
        """ID of the process that is training in this folder, or None."""
        try:
            number = int(self._process.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        # The ID may have been reused since; only the lock proves that the process is still alive.
        return number if self.is_held else None

    def request_stop(self) -> None:
        """Ask the process that is training in this folder to save a checkpoint and stop.

        Through a file, which on every system reaches processes that another instance started.

        Raises:
            StorageError: If the file cannot be written.
        """
        try:
            # Empty, so that it fits on a full disk.
            self._stop.touch()
        except OSError as error:
            raise StorageError(
                f"The run cannot be asked to stop, because “{self.path}” cannot be written.",
                details=repr(error),
            ) from error

    def withdraw_stop(self) -> None:
        """Withdraw a stop request, before training in this folder starts.

        Raises:
            OSError: If it cannot be withdrawn.
        """
        self._stop.unlink(missing_ok=True)

    @property
    def stop_requested(self) -> bool:
        """Whether there is a stop request that has not been carried out yet."""
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

    def _drop_stale_request(self) -> None:
        with suppress(OSError):
            if time.time() - self._stop.stat().st_mtime > STALE_REQUEST:
                self._stop.unlink()

    def _mark_torn_line(self) -> None:
        """End an incomplete last line, so that the next event starts on a line of its own."""
        # Not truncated, because the window may have read it and continues from its end.
        with suppress(OSError), self.events.open("rb+") as file:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(TORN + b"\n")

    def append(self, event: Event) -> None:
        """Append an event to the event log.

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
        """Write a small file atomically.

        Raises:
            StorageError: If it cannot be written.
        """
        write_atomically(path, lambda file: file.write_text(text + "\n", encoding="utf-8"))
