"""Stores the reports of network files and unfinished runs.

They can all be recreated, so only the latest few are kept.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from trainer.errors import StorageError

_MAX_REPORTS = 5
"""A report on the CIFAR-10 test images takes 31 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationTarget:
    """A network to evaluate.

    Attributes:
        path: Run folder or network file.
        data: Dataset to evaluate it on, `cifar10` or a folder; empty for a run's own.
        is_run: Whether it is a run rather than a network file.
    """

    path: Path
    data: str = ""
    is_run: bool = False


class ReportCache:
    """A folder of reports, one per target.

    Args:
        folder: Folder of the reports; created with the first one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, target: EvaluationTarget) -> Path:
        """Path of a target's report, existing or not.

        A changed network file gets a new path; an unfinished run keeps its path, so that its
        previous report stays visible.
        """
        key_parts = [str(target.path.absolute())]
        if target.data:
            key_parts.append(target.data)
        if not target.is_run:
            with suppress(OSError):
                found = target.path.stat()
                key_parts += [str(found.st_size), str(found.st_mtime_ns)]
        # File names may not be valid text.
        key = "\n".join(key_parts).encode("utf-8", "surrogateescape")
        return self._folder / f"{hashlib.sha256(key).hexdigest()[:32]}.safetensors"

    def prepare(self) -> None:
        """Make room for one more report.

        Raises:
            StorageError: If the folder is not writable.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"“{self._folder}” cannot be written to, so the evaluation cannot be saved. Check "
                "the free disk space and the permissions.", details=repr(error),
            ) from error  # fmt: skip

    def tidy(self) -> None:
        """Delete all but the latest few."""
        with suppress(OSError):
            reports = sorted(self._folder.glob("*.safetensors"), key=_age, reverse=True)
            for path in reports[_MAX_REPORTS:]:
                # It may be open in another window; the next call deletes it.
                with suppress(OSError):
                    path.unlink()


def _age(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0
