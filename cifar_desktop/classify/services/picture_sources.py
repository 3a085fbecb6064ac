"""Where a picture may come from; created by `picture_offer`, read on a loader thread."""

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
"""Called with the bytes received and the bytes expected, if known."""


class Source(ABC):
    """One possible source of a picture.

    Attributes:
        remote: Whether it must be downloaded.
        path: The file it is or was read from, or None.
    """

    remote = False
    path: Path | None = None

    @property
    @abstractmethod
    def name(self) -> str:
        """Short name, for a title."""

    @property
    @abstractmethod
    def origin(self) -> str:
        """Full path or address, for a tooltip."""

    @abstractmethod
    def content(self, token: CancelToken, progress: Progress) -> Path | bytes:
        """Input for the decoder; may block."""


@dataclass(frozen=True)
class FileSource(Source):
    """A file on this computer."""

    path: Path

    @property
    def name(self) -> str:
        """File name."""
        return self.path.name or str(self.path)

    @property
    def origin(self) -> str:
        """Full path."""
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
        """Last path segment, or the host."""
        try:
            parts = urlsplit(self.url)
        except ValueError:  # Such as an unclosed bracket; fetching it reports that.
            return self.url
        return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc or self.url

    @property
    def origin(self) -> str:
        """The address."""
        return self.url

    def content(self, token: CancelToken, progress: Progress) -> bytes:
        """The downloaded bytes."""
        from trainer.web.fetch_picture import fetch

        return fetch(self.url, token=token, on_progress=progress)


@dataclass(frozen=True)
class DataUriSource(Source):
    """A picture in a data URI."""

    uri: str

    @property
    def name(self) -> str:
        """A generic name."""
        return "Picture from a web page"

    @property
    def origin(self) -> str:
        """The media type; the whole URI would fill the screen."""
        return self.uri.partition(",")[0][:80]

    def content(self, token: CancelToken, progress: Progress) -> bytes:  # noqa: ARG002 (nothing is fetched)
        """The decoded bytes."""
        from trainer.web.fetch_picture import read_data_uri

        return read_data_uri(self.uri)


class MemorySource(Source):
    """A picture handed over by another program."""

    @property
    def name(self) -> str:
        """A generic name."""
        return "Picture from another program"

    @property
    def origin(self) -> str:
        """A generic origin."""
        return "Pasted or dropped as image data"


@dataclass(frozen=True, eq=False)
class BytesSource(MemorySource):
    """An encoded picture."""

    data: bytes
    path: Path | None = None

    @property
    def name(self) -> str:
        """File name, if it came from a file."""
        return self.path.name if self.path else super().name

    @property
    def origin(self) -> str:
        """File path, if it came from a file."""
        return str(self.path) if self.path else super().origin

    def content(self, token: CancelToken, progress: Progress) -> bytes:  # noqa: ARG002 (already in memory)
        """The bytes."""
        return self.data


@dataclass(frozen=True, eq=False)
class PixelSource(MemorySource):
    """Pixels, losslessly encoded so that they go through the one decoder."""

    image: QImage

    def content(self, token: CancelToken, progress: Progress) -> bytes:  # noqa: ARG002 (already in memory)
        """A PNG of the pixels."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        # Little compression: the bytes live for milliseconds.
        if not self.image.save(buffer, "PNG", 90):  # type: ignore[call-overload]
            raise ImageError("This image data cannot be read. Save it to a file and open that.")
        return bytes(buffer.data().data())
