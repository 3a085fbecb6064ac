"""Every way in which a picture reaches the window, brought to one form and through one loader.

A drop, a paste, a typed text or an argument becomes an `Offer`: the sources it may mean, the best
first. `read` tries them in turn, off the GUI thread; `services.image_loader` calls it.
"""

import os
import re
import stat
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from cifar_desktop.classify.services.picture_sources import (
    AddressSource,
    BytesSource,
    DataSource,
    FileSource,
    PixelSource,
    Progress,
    Source,
)
from trainer.cancellation import CancelToken
from trainer.errors import Cancelled, ImageError, TrainerError

if TYPE_CHECKING:
    from PIL import Image

    from trainer.images.decode import DecodedImage

_READ_AT_ONCE = 64_000_000
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_HOST = re.compile(r"(www\.|localhost[:/]|[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}(:\d+)?/)\S*$")


@dataclass(frozen=True, slots=True)
class Offer:
    """The sources that one act of the person may mean.

    Attributes:
        sources: The best first; empty if there is no picture in it.
        files: How many files were offered at once.
    """

    sources: tuple[Source, ...]
    files: int = 0

    @property
    def name(self) -> str:
        """What to call it before it is read."""
        return self.sources[0].name if self.sources else ""

    @property
    def origin(self) -> str:
        """Where it comes from, in full."""
        return self.sources[0].origin if self.sources else ""

    @property
    def network(self) -> Path | None:
        """The network file that was offered instead of a picture, or None."""
        path = self.sources[0].path if self.sources else None
        return path if path is not None and path.suffix.lower() == ".safetensors" else None

    @property
    def remote(self) -> bool:
        """Whether the network has to be asked first."""
        return bool(self.sources) and self.sources[0].remote


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPicture:
    """A picture that can be shown and classified.

    Attributes:
        name: Short name for a title.
        origin: Path or address in full.
        image: The decoded RGB picture.
        preview: The same pixels for painting.
        format: Such as `JPEG`.
        width: Of the file, before any reduction.
        height: Of the file, before any reduction.
    """

    name: str
    origin: str
    image: "Image.Image"
    preview: QImage
    format: str
    width: int
    height: int


def may_hold_picture(mime: QMimeData) -> bool:
    """Whether it is worth accepting a drag; looks at no content."""
    return (
        mime.hasUrls()
        or mime.hasImage()
        or mime.hasHtml()
        or mime.hasText()
        or any(kind.startswith("image/") for kind in mime.formats())
    )


def from_mime(mime: QMimeData) -> Offer:
    """The sources in a drop or the clipboard, in the order that serves every browser best.

    Files before image data before addresses: a local file is the whole picture, image data may
    be a copy of what is on the screen, and an address may be that of a page around the picture.
    """
    urls = mime.urls() if mime.hasUrls() else []
    files = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    found = [
        *(_file(path) for path in files),
        *_image_data(mime),
        *_addresses(urls),
        *_images_of_html(mime),
        *(source for source in _text(mime) if source.path is None or source.path not in files),
    ]
    return Offer(tuple(dict.fromkeys(found)), files=len(files))


def from_paths(paths: Sequence[Path]) -> Offer:
    """The sources for files that were chosen by name."""
    return Offer(tuple(FileSource(path) for path in paths), files=len(paths))


def from_argument(text: str) -> Source:
    """What an argument of the command line means: a file, unless it is written as an address."""
    is_address = _URL.match(text) or text[:5].lower() == "data:"
    return (from_text(text) if is_address else None) or FileSource(Path(text))


def from_text(text: str) -> Source | None:
    """What a typed or pasted text means, or None if it is neither address nor path."""
    text = next((line.strip() for line in text.splitlines() if line.strip()), "").strip("\"'")
    if text[:5].lower() == "data:":
        return DataSource(text)
    if text[:7].lower() == "file://":
        return FileSource(Path(QUrl(text).toLocalFile()))
    if _URL.match(text):
        return AddressSource(text)
    return _path(text) or (AddressSource(f"https://{text}") if _HOST.match(text) else None)


def read(offer: Offer, token: CancelToken, progress: Progress) -> LoadedPicture:
    """Load the first source of an offer that can be read; blocks.

    Raises:
        Cancelled: If the person stopped it.
        TrainerError: What was wrong with the first source; with the others, in the details.
    """
    errors: list[TrainerError] = []
    for source in offer.sources:
        try:
            return _read(source, token, progress)
        except Cancelled:
            raise
        except TrainerError as error:
            errors.append(error)
    raise _combined(errors)


def _read(source: Source, token: CancelToken, progress: Progress) -> LoadedPicture:
    from trainer.images.decode import decode_image

    content = source.content(token, progress)
    token.check()
    decoded = decode_image(content)
    token.check()
    return LoadedPicture(
        name=source.name,
        origin=source.origin,
        image=decoded.image,
        preview=_preview(decoded),
        format=decoded.format,
        width=decoded.width,
        height=decoded.height,
    )


def _preview(decoded: "DecodedImage") -> QImage:
    width, height = decoded.image.size
    pixels = decoded.image.tobytes()
    # Converting copies, so the picture outlives `pixels`, and the GUI thread need not convert.
    view = QImage(pixels, width, height, 3 * width, QImage.Format.Format_RGB888)
    return view.convertToFormat(QImage.Format.Format_RGB32)


def _combined(errors: list[TrainerError]) -> TrainerError:
    if not errors:
        return ImageError("There is no picture in this. Try a photo, or the address of one.")
    first, *others = errors
    if others:
        tried = "\n".join(f"{error.message}\n{error.details}".strip() for error in others)
        first.details = f"{first.details}\n\nTried as well:\n{tried}".strip()
    return first


def _file(path: Path) -> Source:
    """A dropped file; one that its sender may delete at any time is read at once."""
    try:
        if _temporary(path) and _small_file(path.stat()):
            return BytesSource(path.read_bytes(), path)
    except OSError:
        pass  # The decoder will say what is wrong with it.
    return FileSource(path)


def _small_file(status: os.stat_result) -> bool:
    # Reading a pipe would wait for whoever writes to it.
    return stat.S_ISREG(status.st_mode) and status.st_size <= _READ_AT_ONCE


def _temporary(path: Path) -> bool:
    return Path(os.path.abspath(path)).is_relative_to(tempfile.gettempdir())  # noqa: PTH100 (no resolving: a link may be slow)


def _image_data(mime: QMimeData) -> Iterator[Source]:
    kinds = [kind for kind in mime.formats() if kind.startswith("image/") and "svg" not in kind]
    best = min(kinds, key=_preference, default=None)
    if best is not None:
        data = bytes(mime.data(best).data())
        if data:
            yield BytesSource(data)
    elif mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            yield PixelSource(image)


def _preference(kind: str) -> int:
    known = ["image/png", "image/jpeg", "image/webp", "image/avif", "image/tiff", "image/bmp"]
    return known.index(kind) if kind in known else len(known)


def _addresses(urls: Sequence[QUrl]) -> Iterator[Source]:
    texts = [
        url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        for url in urls
        if not url.isLocalFile()
    ]
    yield from (AddressSource(text) for text in texts if not text.startswith("data:"))
    yield from (DataSource(text) for text in texts if text.startswith("data:"))


def _images_of_html(mime: QMimeData) -> Iterator[Source]:
    if not mime.hasHtml():
        return
    from cifar_desktop.classify.services.html_images import image_addresses

    for address in image_addresses(mime.html()):
        yield DataSource(address) if address.startswith("data:") else AddressSource(address)


def _text(mime: QMimeData) -> Iterator[Source]:
    source = from_text(mime.text()) if mime.hasText() else None
    if source is not None:
        yield source


def _path(text: str) -> Source | None:
    """A path, if the text is written like one or names a file that is there."""
    if not text or "\0" in text:
        return None
    path = Path(text).expanduser() if text.startswith("~") else Path(text)
    looks_so = path.is_absolute() or text[:2] in ("./", ".\\", "..", "\\\\") or text[1:3] == ":\\"
    try:
        return FileSource(path) if looks_so or path.exists() else None
    except OSError:
        return None
