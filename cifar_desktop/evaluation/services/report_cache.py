"""Keeps the reports that belong to no finished run: of networks, and of runs that go on.

Asked by `evaluations`. They can all be made again, so only the latest few are kept.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from trainer.errors import StorageError

_KEPT = 5
"""A report of CIFAR-10's test images takes 31 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationTarget:
    """What is judged.

    Attributes:
        path: The folder of a run, or a network file.
        data: By what a network is judged: `cifar10` or a folder; empty for a run, which has data.
    """

    path: Path
    data: str = ""

    @property
    def is_run(self) -> bool:
        """Whether it is a run, and no network file."""
        return not self.data


class ReportCache:
    """A folder with reports, each in the place that its subject has.

    Args:
        folder: Where they lie; made with the first one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def place(self, target: EvaluationTarget) -> Path:
        """Where the report of a subject lies, or will lie; a network file that changed has another.

        A run has one place for as long as it goes on, so that one sees how it did before.
        """
        about = [str(target.path.absolute())]
        if not target.is_run:
            about.append(target.data)
            with suppress(OSError):
                found = target.path.stat()
                about += [str(found.st_size), str(found.st_mtime_ns)]
        # Names of files may hold what is no text.
        key = "\n".join(about).encode("utf-8", "surrogateescape")
        return self._folder / f"{hashlib.sha256(key).hexdigest()[:32]}.safetensors"

    def prepare(self) -> None:
        """Make room for one more report.

        Raises:
            StorageError: If there can be none.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"“{self._folder}” cannot be written, so no evaluation can be kept. Is the disk "
                "full, or the folder read-only?", details=repr(error),
            ) from error  # fmt: skip

    def tidy(self) -> None:
        """Delete all but the latest few."""
        with suppress(OSError):
            reports = sorted(self._folder.glob("*.safetensors"), key=_age, reverse=True)
            for path in reports[_KEPT:]:
                # It may be open in another window; the next time will do.
                with suppress(OSError):
                    path.unlink()


def _age(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0
