"""The word `cifar10`: downloads the binary version once and reads it inside its archive."""

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
"""Read at once between two looks at the cancel button."""


class NotDownloadedError(DataError):
    """The archive is not on this computer, and it may not be downloaded.

    Args:
        archive: What is missing.
    """

    def __init__(self, archive: "Archive") -> None:
        super().__init__(
            "CIFAR-10 is not on this computer. Download it first "
            f"({archive.size / 1_000_000:,.0f} MB)."
        )
        self.size = archive.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A file to download, and how to tell that it is the right one.

    Attributes:
        url: Its address.
        size: In bytes.
        sha256: Its checksum, in hexadecimal.
    """

    url: str
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """The last part of the address."""
        return PurePosixPath(self.url).name


CIFAR10_ARCHIVE = Archive(
    url="https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    size=170_052_171,
    sha256="c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadedCifar10:
    """CIFAR-10 from its home page.

    Attributes:
        archive: What to download.
        folder: Where to keep it.
        may_download: Whether to fetch it if it is not there.
    """

    archive: Archive
    folder: Path
    may_download: bool = True

    def fingerprint(self) -> str:
        """The archive's checksum: its content never changes."""
        return self.archive.sha256

    def read(self, size: int, progress: ProgressReporter) -> Dataset:
        """Read the archive, downloading it unless it is there.

        Raises:
            NotDownloadedError: If it is not there and may not be downloaded.
            FetchError: If it cannot be downloaded.
            StorageError: If it cannot be kept.
            DataError: If it holds something else than CIFAR-10.
            Cancelled: If the person asked to stop.
        """
        path = self.folder / self.archive.file_name
        if not self._is_there(path, progress):
            if not self.may_download:
                raise NotDownloadedError(self.archive)
            self._download(path, progress)
        return assemble(_read_batches(path, progress), size, progress)

    def _is_there(self, path: Path, progress: ProgressReporter) -> bool:
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
                f"CIFAR-10 could not be downloaded: {error.message} A folder that holds the images "
                "does as well.",
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
            raise DataError(f"{path} holds no {name}.bin. Delete it and try again.")
        yield parse_binary(contents.pop(f"{name}.bin"), path / f"{name}.bin")


def _read_members(path: Path, progress: ProgressReporter) -> dict[str, bytes]:
    """The files inside, by name; nothing is written anywhere, whatever paths the archive names."""
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
            f"{path} cannot be unpacked. Delete it and try again.", details=repr(error)
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
