"""The folder of runs: begins, lists, renames and deletes them; `run_manager` asks, off its thread.

A run is one portable folder. Whatever else lies about is listed as damaged, or left alone.
"""

import re
import shutil
import threading
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
    """The runs in one folder; not for two threads at once, but for `reserve`.

    Args:
        folder: The folder; made with the first run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._scans: dict[Path, SummaryReader] = {}

    def create(self, config: TrainConfig, data: str, name: str = "") -> RunFolder:
        """Begin a run.

        Raises:
            StorageError: If it cannot be written.
        """
        folder = self.reserve(config.recipe)
        self.fill(folder, config, data, name)
        return folder

    def reserve(self, recipe: str) -> RunFolder:
        """Make the folder of a new run, named after the time and the recipe.

        Raises:
            StorageError: If it cannot be made.
        """
        # Letters and digits that every file system and every program takes.
        plain = re.sub(r"[^A-Za-z0-9]+", "-", recipe).strip("-") or "run"
        first = f"{datetime.now(UTC).astimezone():%Y-%m-%d_%H-%M-%S}_{plain}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return RunFolder(_new_folder(self.folder, first))
        except OSError as error:
            raise StorageError(
                f"“{self.folder}” cannot be written, so no run can be begun. Is the disk full, or "
                "the folder read-only?", details=repr(error),
            ) from error  # fmt: skip

    def fill(self, folder: RunFolder, config: TrainConfig, data: str, name: str = "") -> None:
        """Write what a new run is asked into its folder, which is removed if that fails.

        Raises:
            StorageError: If it cannot be written.
        """
        try:
            folder.create(config, data)
            if name:
                folder.rename(name)
        except StorageError:
            shutil.rmtree(folder.path, ignore_errors=True)
            raise

    def runs(self) -> list[RunSummary]:
        """All runs, the newest first. What is no run is listed as damaged, never an error."""
        paths = self._paths()
        self._scans = {path: scan for path, scan in self._scans.items() if path in paths}
        return sorted(map(self.summary, paths), key=lambda each: each.created, reverse=True)

    def summary(self, path: Path) -> RunSummary:
        """One run."""
        folder = RunFolder(path)
        scan = self._scans.setdefault(path, SummaryReader(folder))
        # Before the reading: what a process writes before its end must be read after that.
        held = is_held(folder)
        scan.catch_up()
        return summarize(folder, scan.history, held=held)

    def rename(self, path: Path, name: str) -> None:
        """Call a run something else; without a name, like its folder.

        Raises:
            StorageError: If that cannot be written.
        """
        RunFolder(path).rename(name.strip() or path.name)

    def delete(self, path: Path) -> None:
        """Remove a run with all its files.

        Raises:
            StorageError: If it is being trained, is none of these, or cannot be removed.
        """
        if path.parent != self.folder:
            raise StorageError(f"“{path}” is not in the folder of runs, so it is left alone.")
        if is_held(RunFolder(path)):
            raise StorageError("This run is being trained. Stop it first, then delete it.")
        doomed = path.with_name(f".deleted-{path.name}")
        try:
            # Under another name first: where a file is in use the run stays whole.
            path.rename(doomed)
            doomed.unlink() if doomed.is_symlink() else shutil.rmtree(doomed)
        except OSError as error:
            left = doomed if doomed.exists() else path
            raise StorageError(
                f"“{left}” cannot be deleted. Is one of its files open in another program?",
                details=repr(error),
            ) from error
        self._scans.pop(path, None)

    def _paths(self) -> list[Path]:
        try:
            return [path for path in self.folder.iterdir() if _may_be_run(path)]
        except OSError:
            return []


def is_held(folder: RunFolder) -> bool:
    """Whether a process trains in this folder, and does not merely look whether another does."""
    if not folder.is_held:
        return False
    threading.Event().wait(_MOMENT)
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
    """Folders that hold something; an empty one is about to be filled."""
    try:
        return not path.name.startswith(".") and path.is_dir() and any(path.iterdir())
    except OSError:
        return True
