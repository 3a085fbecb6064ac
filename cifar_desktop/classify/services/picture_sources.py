"""The places where a picture may be found; made by `image_source`, read on a loader's thread."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from trainer.cancellation import CancelToken
from trainer.errors import ImageError

Progress = Callable[[int, int | None], None]
"""Called with the bytes that have arrived and the number expected, if it is known."""


class Source(ABC):
    """One place where a picture may be found.

    Attributes:
        remote: Whether the network has to be asked.
        path: The file that it is, or that it was read from; None if it was none.
    """

    remote = False
    path: Path | None = None

    @property
    @abstractmethod
    def name(self) -> str:
        """Short, for a title."""

    @property
    @abstractmethod
    def origin(self) -> str:
        """In full, for a tooltip."""

    @abstractmethod
    def content(self, token: CancelToken, progress: Progress) -> Path | bytes:
        """What the decoder is given; may block."""


@dataclass(frozen=True)
class FileSource(Source):
    """A file on this computer."""

    path: Path

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name or str(self.path)

    @property
    def origin(self) -> str:
        """The whole path."""
        return str(self.path)

    def content(self, token: CancelToken, progress: Progress) -> Path:  # noqa: ARG002 (a file needs neither)
        """The path: the decoder reads no more than it needs."""
        return self.path


@dataclass(frozen=True)
class AddressSource(Source):
    """An address on the network."""

    url: str
    remote = True

    @property
    def name(self) -> str:
        """The last part of the path, or the host."""
        try:
            parts = urlsplit(self.url)
        except ValueError:  # Such as an unclosed bracket; fetching it will say so.
            return self.url
        return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc or self.url

    @property
    def origin(self) -> str:
        """The address."""
        return self.url

    def content(self, token: CancelToken, progress: Progress) -> bytes:
        """What the address answers with."""
        from trainer.web.fetch_picture import fetch

        return fetch(self.url, token=token, on_progress=progress)


@dataclass(frozen=True)
class DataSource(Source):
    """A picture that is written out in its own address."""

    uri: str

    @property
    def name(self) -> str:
        """There is nothing to name it by."""
        return "Picture from a page"

    @property
    def origin(self) -> str:
        """The kind of address; all of it would fill the screen."""
        return self.uri.partition(",")[0][:80]

    def content(self, token: CancelToken, progress: Progress) -> bytes:  # noqa: ARG002 (nothing is fetched)
        """The decoded bytes."""
        from trainer.web.fetch_picture import read_data_uri

        return read_data_uri(self.uri)


class MemorySource(Source):
    """A picture that another program handed over."""

    @property
    def name(self) -> str:
        """There is nothing to name it by."""
        return "Picture from another program"

    @property
    def origin(self) -> str:
        """How it came."""
        return "Pasted or dropped as picture data"


@dataclass(frozen=True, eq=False)
class BytesSource(MemorySource):
    """An encoded picture."""

    data: bytes
    path: Path | None = None

    @property
    def name(self) -> str:
        """The file's name, if it was one."""
        return self.path.name if self.path else super().name

    @property
    def origin(self) -> str:
        """The file's path, if it was one."""
        return str(self.path) if self.path else super().origin

    def content(self, token: CancelToken, progress: Progress) -> bytes:  # noqa: ARG002 (it is here)
        """The bytes."""
        return self.data


@dataclass(frozen=True, eq=False)
class PixelSource(MemorySource):
    """Pixels, encoded without loss so that they go through the one decoder."""

    image: QImage

    def content(self, token: CancelToken, progress: Progress) -> bytes:  # noqa: ARG002 (it is here)
        """A PNG of the pixels."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        # Little compression: the bytes live for milliseconds.
        if not self.image.save(buffer, "PNG", 90):  # type: ignore[call-overload]
            raise ImageError("This picture data cannot be read. Save it to a file and open that.")
        return bytes(buffer.data().data())
