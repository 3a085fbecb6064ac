"""Every way a picture can reach the window, in one form for one loader.

A drop, paste, typed text or argument becomes an `Offer`: its possible sources, best first. `read`
tries them in turn; `image_loader` calls it off the GUI thread.
"""

import os
import re
import stat
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from cifar_desktop.classify.services.picture_folder import PictureFolder, list_pictures
from cifar_desktop.classify.services.picture_sources import (
    AddressSource,
    BytesSource,
    DataUriSource,
    FileSource,
    PixelSource,
    Progress,
    Source,
)
from trainer.cancellation import CancelToken
from trainer.errors import Cancelled, ImageError, TrainerError
from trainer.web.typed_address import complete_address

if TYPE_CHECKING:
    from PIL import Image

    from trainer.images.decode import DecodedImage

_MAX_EAGER_BYTES = 64_000_000
_FOREIGN_NETWORKS = frozenset(
    {
        ".pt",
        ".pth",
        ".ckpt",
        ".onnx",
        ".h5",
        ".hdf5",
        ".keras",
        ".tflite",
        ".pkl",
        ".gguf",
        ".mlmodel",
    }
)
_MAX_TRIED = 20
"""Number of pictures of a folder that are tried until one can be read."""
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


@dataclass(frozen=True, slots=True)
class Offer:
    """The possible sources of one drop, paste or input.

    Attributes:
        sources: Possible sources, best first; empty if there is no picture.
        files: Number of files offered at once.
    """

    sources: tuple[Source, ...]
    files: int = 0

    @property
    def name(self) -> str:
        """Short name before it is read."""
        return self.sources[0].name if self.sources else ""

    @property
    def origin(self) -> str:
        """Full path or address."""
        return self.sources[0].origin if self.sources else ""

    @property
    def network(self) -> Path | None:
        """The network file offered instead of a picture, or None."""
        path = self.sources[0].path if self.sources else None
        return path if path is not None and path.suffix.lower() == ".safetensors" else None

    @property
    def foreign_network(self) -> Path | None:
        """The model file of another program offered instead of a picture, or None."""
        path = self.sources[0].path if self.sources else None
        return path if path is not None and path.suffix.lower() in _FOREIGN_NETWORKS else None

    @property
    def remote(self) -> bool:
        """Whether it must be downloaded."""
        return bool(self.sources) and self.sources[0].remote


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPicture:
    """A picture ready to be shown and classified.

    Attributes:
        name: Short name for a title.
        origin: Full path or address.
        image: Decoded RGB picture.
        preview: The same pixels, for painting.
        format: File format, such as `JPEG`.
        width: Width of the original in pixels, before any downscaling.
        height: Height of the original, likewise.
        notes: What was assumed while decoding it, or is missing.
        folder: The folder that was offered, if the picture is one of those in it; else None.
    """

    name: str
    origin: str
    image: "Image.Image"
    preview: QImage
    format: str
    width: int
    height: int
    notes: tuple[str, ...] = ()
    folder: PictureFolder | None = None


def may_hold_picture(mime: QMimeData) -> bool:
    """Whether to accept a drag; does not look at its content."""
    return (
        mime.hasUrls()
        or mime.hasImage()
        or mime.hasHtml()
        or mime.hasText()
        or any(kind.startswith("image/") for kind in mime.formats())
    )


def from_mime(mime: QMimeData) -> Offer:
    """The sources in a drop or the clipboard, in the order that works best across browsers.

    Files before image data before addresses: a local file is the whole picture, image data may be
    a copy of the screen, and an address may be that of the page around the picture.
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
    """The sources for chosen files."""
    return Offer(tuple(FileSource(path) for path in paths), files=len(paths))


def from_argument(text: str) -> Source:
    """The source for a command-line argument: a file, unless it is written as an address."""
    is_address = _URL.match(text) or text[:5].lower() == "data:"
    return (from_text(text) if is_address else None) or FileSource(Path(text))


def from_text(text: str) -> Source | None:
    """The source for typed or pasted text, or None if it is neither address nor path."""
    text = next((line.strip() for line in text.splitlines() if line.strip()), "").strip("\"'")
    if text[:5].lower() == "data:":
        return DataUriSource(text)
    if text[:7].lower() == "file://":
        return FileSource(Path(QUrl(text).toLocalFile()))
    if _URL.match(text):
        return AddressSource(text)
    address = complete_address(text)
    return _path(text) or (AddressSource(address) if address else None)


def common_folder(folders: Sequence[Path]) -> Path | None:
    """The only one of these folders, or the one that holds all; None if one is no folder."""
    if not folders or not all(map(os.path.isdir, folders)):
        return None
    parents = {folder.parent for folder in folders}
    return folders[0] if len(folders) == 1 else parents.pop() if len(parents) == 1 else None


def read(offer: Offer, token: CancelToken, progress: Progress) -> LoadedPicture:
    """Load the first readable source of an offer, or picture of a folder in it; blocks.

    Raises:
        Cancelled: If the user cancelled.
        TrainerError: Why the first source failed; the details cover the others.
    """
    errors: list[TrainerError] = []
    for source in offer.sources:
        try:
            if isinstance(source, FileSource) and source.path.is_dir():
                return _read_folder(list_pictures(source.path, token), token, progress)
            return _read(source, token, progress)
        except Cancelled:
            raise
        except TrainerError as error:
            errors.append(error)
    raise _combined(errors)


def _read_folder(folder: PictureFolder, token: CancelToken, progress: Progress) -> LoadedPicture:
    first = Offer(tuple(map(FileSource, folder.pictures[:_MAX_TRIED])))
    return replace(read(first, token, progress), folder=folder)


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
        notes=decoded.notes,
    )


def _preview(decoded: "DecodedImage") -> QImage:
    width, height = decoded.image.size
    pixels = decoded.image.tobytes()
    # Converting copies, so the picture outlives `pixels` and the GUI thread need not convert.
    view = QImage(pixels, width, height, 3 * width, QImage.Format.Format_RGB888)
    return view.convertToFormat(QImage.Format.Format_RGB32)


def _combined(errors: list[TrainerError]) -> TrainerError:
    if not errors:
        return ImageError("That contains no picture. Try a photo, or the address of one.")
    first, *others = errors
    if others:
        tried = "\n".join(f"{error.message}\n{error.details}".strip() for error in others)
        first.details = f"{first.details}\n\nAlso tried:\n{tried}".strip()
    return first


def _file(path: Path) -> Source:
    """A dropped file; a temporary one is read at once, before its sender deletes it."""
    try:
        if _temporary(path) and _small_file(path.stat()):
            return BytesSource(path.read_bytes(), path)
    except OSError:
        pass  # The decoder reports what is wrong with it.
    return FileSource(path)


def _small_file(status: os.stat_result) -> bool:
    # Reading a pipe would block until its writer closes it.
    return stat.S_ISREG(status.st_mode) and status.st_size <= _MAX_EAGER_BYTES


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
    yield from (DataUriSource(text) for text in texts if text.startswith("data:"))


def _images_of_html(mime: QMimeData) -> Iterator[Source]:
    if not mime.hasHtml():
        return
    from cifar_desktop.classify.services.html_images import image_addresses

    for address in image_addresses(mime.html()):
        yield DataUriSource(address) if address.startswith("data:") else AddressSource(address)


def _text(mime: QMimeData) -> Iterator[Source]:
    source = from_text(mime.text()) if mime.hasText() else None
    if source is not None:
        yield source


def _path(text: str) -> Source | None:
    """A path, if the text looks like one or names an existing file."""
    if not text or "\0" in text:
        return None
    path = Path(text).expanduser() if text.startswith("~") else Path(text)
    is_path = path.is_absolute() or text[:2] in ("./", ".\\", "..", "\\\\") or text[1:3] == ":\\"
    try:
        return FileSource(path) if is_path or path.exists() else None
    except OSError:
        return None
