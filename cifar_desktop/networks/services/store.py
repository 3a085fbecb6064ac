"""The user's networks: a folder of model files. `library` calls this on its thread.

No Qt and no torch: what a network is and how accurate it is can be read from the header of its
file.
"""

import filecmp
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cifar_desktop.common.file_names import safe_name
from trainer.cancellation import CancelToken
from trainer.errors import ModelFileError, StorageError
from trainer.files.atomic_write import write_atomically

if TYPE_CHECKING:
    from trainer.models.model_file import ModelCard

_SUFFIX = ".safetensors"
_CHUNK = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNetwork:
    """A network file.

    Attributes:
        path: The file.
        card: Its model card; None if it cannot be used.
        reason: Why it cannot be used; empty if it can.
    """

    path: Path
    card: "ModelCard | None"
    reason: str = ""

    @property
    def name(self) -> str:
        """The name that the user gave it."""
        return self.path.stem


class NetworkStore:
    """A folder of model files, named as the user calls them.

    Args:
        folder: The folder; created when the first network is added.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """The folder that holds them."""
        return self._folder

    def holds(self, path: Path) -> bool:
        """Whether a path is that of a network in this folder; it need not exist."""
        return path.parent == self._folder and path.suffix.lower() == _SUFFIX

    def networks(self) -> list[StoredNetwork]:
        """All networks by name, damaged ones with the reason.

        Raises:
            StorageError: If the folder cannot be read.
        """
        return [read_network(path) for path in sorted(self._files(), key=_by_name)]

    def add(self, source: Path, name: str = "", token: CancelToken | None = None) -> Path:
        """Copy a model file into the folder, unless an identical one is there already.

        Args:
            source: The file.
            name: Its new name; that of the file by default.
            token: Cancels the copy.

        Returns:
            The path of the copy, or of the identical one.

        Raises:
            ModelFileError: If it is missing, damaged or not a model file.
            StorageError: If it cannot be copied.
            Cancelled: If it was cancelled.
        """
        _check(source)
        identical = self._identical(source)
        if identical is not None:
            return identical
        target = self._free_path(name or source.stem)
        write_atomically(target, lambda file: _copy(source, file, token or CancelToken()))
        return target

    def remove(self, path: Path) -> None:
        """Delete a network; one that is gone already is no error.

        Raises:
            StorageError: If it is not in this folder, or cannot be deleted.
        """
        if not self.holds(path):
            raise StorageError(f"“{path}” is not one of your networks; it was not changed.")
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(
                f"The network “{path.stem}” cannot be removed. Is its file open elsewhere, or its "
                "folder read-only?",
                details=repr(error),
            ) from error

    def _files(self) -> Iterator[Path]:
        try:
            names = os.listdir(self._folder)  # noqa: PTH208 (unlike iterdir, done when it returns)
        except FileNotFoundError:
            return
        except OSError as error:
            raise StorageError(
                f"Your networks in “{self._folder}” cannot be read.", details=repr(error)
            ) from error
        yield from (path for path in map(self._folder.joinpath, names) if self._is_network(path))

    def _is_network(self, path: Path) -> bool:
        return path.suffix.lower() == _SUFFIX and not path.name.startswith(".")

    def _identical(self, source: Path) -> Path | None:
        try:
            same = (path for path in self._files() if filecmp.cmp(source, path, shallow=False))
            return next(same, None)
        except OSError:
            return None  # What cannot be compared counts as different.

    def _free_path(self, name: str) -> Path:
        """A path that is not taken, also on file systems that ignore case."""
        first = safe_name(name)
        taken = {path.stem.casefold() for path in self._files()}
        number = 2
        free = first
        while free.casefold() in taken:
            free, number = f"{first} {number}", number + 1
        return self._folder / f"{free}{_SUFFIX}"


def _by_name(path: Path) -> tuple[str, str]:
    return path.stem.casefold(), path.stem


def read_network(path: Path) -> StoredNetwork:
    """A network file with its model card, or with the reason why it cannot be used."""
    from trainer.models.model_file import read_card

    try:
        return StoredNetwork(path=path, card=read_card(path))
    except ModelFileError as error:
        return StoredNetwork(path=path, card=None, reason=error.message)


def _check(source: Path) -> None:
    """Refuse files of other programs, and files that were truncated on their way here."""
    from safetensors import SafetensorError, safe_open

    from trainer.models.model_file import read_card

    read_card(source)
    try:
        with safe_open(source, framework="numpy"):
            pass
    except (SafetensorError, OSError) as error:
        raise ModelFileError(
            f"The model file “{source.name}” is damaged. Copy or train it again.",
            details=repr(error),
        ) from error


def _copy(source: Path, target: Path, token: CancelToken) -> None:
    with target.open("wb") as file:
        for chunk in _chunks(source):
            token.check()
            file.write(chunk)


def _chunks(source: Path) -> Iterator[bytes]:
    # A read error must not be reported as a write error.
    try:
        with source.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except OSError as error:
        raise ModelFileError(
            f"The model file “{source}” cannot be read.", details=repr(error)
        ) from error
