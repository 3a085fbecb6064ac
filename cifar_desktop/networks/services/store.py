"""The networks that a person has: a folder of model files. `network_library` calls it on a thread.

Qt-free, and without torch: what a network is and how good it is stands in the head of its file.
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
_PIECE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNetwork:
    """A network of the person's own.

    Attributes:
        path: Its file.
        card: What it says of itself; None if it cannot be used.
        reason: Why it cannot be used; empty if it can.
    """

    path: Path
    card: "ModelCard | None"
    reason: str = ""

    @property
    def name(self) -> str:
        """What the person calls it."""
        return self.path.stem


class NetworkStore:
    """A folder of model files, named as the person calls them.

    Args:
        folder: The folder; it is made when the first network is added.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self._folder

    def holds(self, path: Path) -> bool:
        """Whether a path is that of a network in here; it need not exist."""
        return path.parent == self._folder and path.suffix.lower() == _SUFFIX

    def networks(self) -> list[StoredNetwork]:
        """All networks by name, damaged ones with the reason.

        Raises:
            StorageError: If the folder cannot be read.
        """
        return [_stored(path) for path in sorted(self._files(), key=_by_name)]

    def add(self, source: Path, name: str = "", token: CancelToken | None = None) -> Path:
        """Copy a model file into the folder; one that is in there already is not copied again.

        Args:
            source: The file.
            name: What to call it; by default as the file is called.
            token: Stops it.

        Returns:
            The copy.

        Raises:
            ModelFileError: If it is missing, damaged or none of ours.
            StorageError: If it cannot be copied.
            Cancelled: If it was stopped.
        """
        _check(source)
        identical = self._identical(source)
        if identical is not None:
            return identical
        target = self._free(name or source.stem)
        write_atomically(target, lambda file: _copy(source, file, token or CancelToken()))
        return target

    def remove(self, path: Path) -> None:
        """Delete a network; one that is gone already is no error.

        Raises:
            StorageError: If it is none of these, or cannot be deleted.
        """
        self._expect(path)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(
                f"The network “{path.stem}” cannot be removed. Is its file open elsewhere, or its "
                "folder read-only?",
                details=repr(error),
            ) from error

    def rename(self, path: Path, name: str) -> Path:
        """Call a network something else; returns its new path.

        Raises:
            StorageError: If it is none of these, or cannot be renamed.
        """
        self._expect(path)
        if safe_name(name) == path.stem:
            return path
        try:
            return path.rename(self._free(name))
        except OSError as error:
            raise StorageError(
                f"The network “{path.stem}” cannot be renamed.", details=repr(error)
            ) from error

    def _files(self) -> Iterator[Path]:
        try:
            names = os.listdir(self._folder)  # noqa: PTH208 (unlike iterdir, it is done when it returns)
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
            return None  # One that cannot be compared is another one.

    def _free(self, name: str) -> Path:
        """A path that is not taken, on systems that tell no capitals apart either."""
        wanted = safe_name(name)
        taken = {path.stem.casefold() for path in self._files()}
        number = 2
        free = wanted
        while free.casefold() in taken:
            free, number = f"{wanted} {number}", number + 1
        return self._folder / f"{free}{_SUFFIX}"

    def _expect(self, path: Path) -> None:
        if not self.holds(path):
            raise StorageError(f"“{path}” is none of your networks, and was left alone.")


def _by_name(path: Path) -> tuple[str, str]:
    return path.stem.casefold(), path.stem


def _stored(path: Path) -> StoredNetwork:
    from trainer.models.model_file import read_card

    try:
        return StoredNetwork(path=path, card=read_card(path))
    except ModelFileError as error:
        return StoredNetwork(path=path, card=None, reason=error.message)


def _check(source: Path) -> None:
    """Refuse what is not ours, and what was cut short on its way here."""
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
        for piece in _pieces(source):
            token.check()
            file.write(piece)


def _pieces(source: Path) -> Iterator[bytes]:
    # A failure to read must not be told as one to write.
    try:
        with source.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
    except OSError as error:
        raise ModelFileError(
            f"The model file “{source}” cannot be read.", details=repr(error)
        ) from error
