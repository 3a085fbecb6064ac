"""CIFAR-10 by name (`cifar10`): downloads the binary version once and reads it from its archive."""

import hashlib
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from trainer.data.cifar_files import BATCHES, Batch, assemble, parse_binary
from trainer.data.dataset import Dataset
from trainer.errors import DataError, FetchError
from trainer.progress import ProgressReporter
from trainer.web.download import download

BLOCK_BYTES = 1 << 20
"""Read between two checks for cancellation."""


class NotDownloadedError(DataError):
    """The archive is not on this computer and may not be downloaded.

    Args:
        archive: The missing archive.
    """

    def __init__(self, archive: "Archive") -> None:
        super().__init__(
            "CIFAR-10 is not on this computer. Download it first "
            f"({archive.size / 1_000_000:,.0f} MB)."
        )
        self.size = archive.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A file to download, with what identifies it.

    Attributes:
        url: Where to download it.
        size: Size in bytes.
        sha256: Checksum in hexadecimal.
    """

    url: str
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """The last component of the URL."""
        return PurePosixPath(self.url).name


CIFAR10_ARCHIVE = Archive(
    url="https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    size=170_052_171,
    sha256="c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadedCifar10:
    """CIFAR-10 from its official website.

    Attributes:
        archive: The archive to download.
        folder: Folder that keeps the archive.
        may_download: Whether to download the archive if it is missing.
    """

    archive: Archive
    folder: Path
    may_download: bool = True

    def fingerprint(self) -> str:
        """The archive's checksum: its content never changes."""
        return self.archive.sha256

    def read(self, size: int, progress: ProgressReporter) -> Dataset:
        """Read the archive, downloading it first if necessary.

        Raises:
            NotDownloadedError: If it is missing and may not be downloaded.
            FetchError: If the download fails.
            StorageError: If the archive cannot be saved.
            DataError: If it does not contain CIFAR-10.
            Cancelled: If the user stopped it.
        """
        path = self.folder / self.archive.file_name
        if not self._is_complete(path, progress):
            if not self.may_download:
                raise NotDownloadedError(self.archive)
            self._download(path, progress)
        return assemble(_read_batches(path, progress), size, progress)

    def _is_complete(self, path: Path, progress: ProgressReporter) -> bool:
        try:
            if path.stat().st_size != self.archive.size:
                return False
            return _sha256(path, progress) == self.archive.sha256
        except OSError:
            return False

    def _download(self, path: Path, progress: ProgressReporter) -> None:
        try:
            self._fetch(path, progress)
        except FetchError as error:
            raise FetchError(
                f"CIFAR-10 could not be downloaded: {error.message} You can also use a folder that "
                "contains the images.",
                details=error.details,
            ) from error

    def _fetch(self, path: Path, progress: ProgressReporter) -> None:
        download(
            self.archive.url,
            path,
            size=self.archive.size,
            sha256=self.archive.sha256,
            token=progress.token,
            on_progress=lambda done, total: progress.report("Downloading CIFAR-10", done, total),
        )


def _sha256(path: Path, progress: ProgressReporter) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            progress.check()
            digest.update(block)
    return digest.hexdigest()


def _read_batches(path: Path, progress: ProgressReporter) -> Iterator[Batch]:
    contents = _read_members(path, progress)
    for name in BATCHES:
        if f"{name}.bin" not in contents:
            raise DataError(f"{path} does not contain {name}.bin. Delete it and try again.")
        yield parse_binary(contents.pop(f"{name}.bin"), path / f"{name}.bin")


def _read_members(path: Path, progress: ProgressReporter) -> dict[str, bytes]:
    """The batches in the archive, by file name; nothing is extracted to disk."""
    contents: dict[str, bytes] = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                name = PurePosixPath(member.name).name
                if name.removesuffix(".bin") in BATCHES and member.isfile():
                    contents[name] = _read_member(archive, member, progress)
                    progress.report("Unpacking CIFAR-10", len(contents), len(BATCHES))
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        raise DataError(
            f"{path} could not be unpacked. Delete it and try again.", details=repr(error)
        ) from error
    return contents


def _read_member(
    archive: tarfile.TarFile, member: tarfile.TarInfo, progress: ProgressReporter
) -> bytes:
    blocks: list[bytes] = []
    file = archive.extractfile(member)
    while file and (block := file.read(BLOCK_BYTES)):
        progress.check()
        blocks.append(block)
    return b"".join(blocks)
