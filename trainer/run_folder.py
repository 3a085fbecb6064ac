"""The folder of one run: what it was asked, what it told, where it stands, what came of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from trainer.config import TrainConfig
from trainer.errors import CheckpointError, StorageError
from trainer.events import Event, to_line
from trainer.storage import write_atomically


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

    def create(self, config: TrainConfig, data: str) -> None:
        """Begin a run in this folder.

        Raises:
            StorageError: If it holds a run already, or cannot be written.
        """
        if self.config.exists():
            raise StorageError(
                f"“{self.path}” holds a run already. Go on with it: --resume {self.path}; or name "
                "another folder."
            )
        document = {"data": data, "config": json.loads(config.to_json())}
        self.write_text(self.config, json.dumps(document, indent=2))

    def read(self) -> tuple[TrainConfig, str]:
        """The settings and the data that the run was begun with.

        Raises:
            CheckpointError: If the folder holds no run.
            ConfigError: If its settings are of another version of the program.
        """
        try:
            document = json.loads(self.config.read_text(encoding="utf-8"))
            return TrainConfig.from_json(json.dumps(document["config"])), str(document["data"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CheckpointError(
                f"“{self.path}” holds no run that could be resumed.", details=repr(error)
            ) from error

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes from training in this folder; a dead one keeps nobody.

        Raises:
            StorageError: If another process trains in it, or it cannot be written.
        """
        lock = FileLock(self.path / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise StorageError(
                f"The run in “{self.path}” is being trained by another process already."
            ) from error
        except OSError as error:
            raise StorageError(f"“{self.path}” cannot be written.", details=repr(error)) from error
        try:
            yield
        finally:
            lock.release()

    def append(self, event: Event) -> None:
        """Add an event to the run's record.

        Raises:
            StorageError: If it cannot be written.
        """
        try:
            with self.events.open("a", encoding="utf-8") as file:
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
