"""The folder of runs: creates, lists, renames and deletes them; `run_manager` calls it on a thread.

A run is one portable folder. Any other folder is listed as damaged, and a file is ignored.
"""

import re
import shutil
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from cifar_desktop.runs.services.run_summary import RunSummary, summarize
from cifar_desktop.runs.services.summary_reader import SummaryReader
from trainer.config.train_config import TrainConfig
from trainer.errors import StorageError
from trainer.runs.run_folder import RunFolder

_MOMENT = 0.03


class RunStore:
    """The runs in one folder; only `reserve` may be called from several threads at once.

    Args:
        folder: The folder; created with the first run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._readers: dict[Path, SummaryReader] = {}

    def reserve(self, recipe: str) -> RunFolder:
        """Create the empty folder of a new run, named after the time and the recipe.

        Raises:
            StorageError: If it cannot be created.
        """
        # Letters and digits that every file system and every program accepts.
        plain = re.sub(r"[^A-Za-z0-9]+", "-", recipe).strip("-") or "run"
        first = f"{datetime.now(UTC).astimezone():%Y-%m-%d_%H-%M-%S}_{plain}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return RunFolder(_new_folder(self.folder, first))
        except OSError as error:
            raise StorageError(
                f"“{self.folder}” cannot be written, so no run can be started. Is the disk full, "
                "or the folder read-only?", details=repr(error),
            ) from error  # fmt: skip

    def fill(
        self, folder: RunFolder, config: TrainConfig, data: tuple[str, ...], name: str = ""
    ) -> None:
        """Write the settings of a new run into its folder, which is removed if that fails.

        Raises:
            StorageError: If they cannot be written.
        """
        try:
            folder.create(config, data)
            if name:
                folder.rename(name)
        except StorageError:
            shutil.rmtree(folder.path, ignore_errors=True)
            raise

    def runs(self) -> list[RunSummary]:
        """All runs, the newest first. A folder that is not a run is listed as damaged."""
        paths = self._paths()
        self._readers = {path: each for path, each in self._readers.items() if path in paths}
        return sorted(map(self.summary, paths), key=lambda each: each.created, reverse=True)

    def summary(self, path: Path) -> RunSummary:
        """The summary of one run."""
        folder = RunFolder(path)
        reader = self._readers.setdefault(path, SummaryReader(folder))
        # Checked before reading: what a process writes before its end must be read after that.
        held = is_held(folder)
        reader.catch_up()
        return summarize(folder, reader.history, held=held)

    def rename(self, path: Path, name: str) -> None:
        """Change the name of a run; an empty name is replaced by that of its folder.

        Raises:
            StorageError: If that cannot be written.
        """
        RunFolder(path).rename(name.strip() or path.name)

    def delete(self, path: Path) -> None:
        """Delete a run with all its files.

        Raises:
            StorageError: If it is active, is not in this folder, or cannot be deleted.
        """
        if path.parent != self.folder:
            raise StorageError(f"“{path}” is not in the folder of runs; it was not deleted.")
        if is_held(RunFolder(path)):
            raise StorageError("This run is active. Stop it first, then delete it.")
        doomed = path.with_name(f".deleted-{path.name}")
        try:
            # Renamed first: where a file is in use the run stays whole.
            path.rename(doomed)
            doomed.unlink() if doomed.is_symlink() else shutil.rmtree(doomed)
        except OSError as error:
            left = doomed if doomed.exists() else path
            raise StorageError(
                f"“{left}” cannot be deleted. Is one of its files open in another program?",
                details=repr(error),
            ) from error
        self._readers.pop(path, None)

    def _paths(self) -> list[Path]:
        try:
            return [path for path in self.folder.iterdir() if _may_be_run(path)]
        except OSError:
            return []


def is_held(folder: RunFolder) -> bool:
    """Whether a process trains in this folder, and does not just check for a moment."""
    if not folder.is_held:
        return False
    time.sleep(_MOMENT)
    return folder.is_held


def _new_folder(parent: Path, first: str) -> Path:
    for number in count(1):
        path = parent / (first if number == 1 else f"{first}-{number}")
        try:
            path.mkdir()
        except FileExistsError:
            continue
        return path
    raise AssertionError


def _may_be_run(path: Path) -> bool:
    """Folders that are not empty; an empty one is about to be filled."""
    try:
        return not path.name.startswith(".") and path.is_dir() and any(path.iterdir())
    except OSError:
        return True
