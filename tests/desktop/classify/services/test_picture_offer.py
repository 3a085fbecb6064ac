import os
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QImage

from cifar_desktop.classify.services import picture_offer
from cifar_desktop.classify.services.html_images import image_addresses
from cifar_desktop.classify.services.picture_offer import Offer
from cifar_desktop.classify.services.picture_sources import (
    AddressSource,
    BytesSource,
    DataUriSource,
    FileSource,
    PixelSource,
)
from tests.desktop.support import picture_bytes, picture_file
from trainer.cancellation import CancelToken
from trainer.errors import Cancelled, ImageError


def _kinds(mime: QMimeData) -> list[type]:
    return [type(source) for source in picture_offer.from_mime(mime).sources]


def test_sources_of_a_browser_drop_are_in_order() -> None:
    mime = QMimeData()
    mime.setText("https://example.org/text.jpg")
    mime.setHtml('<img src="data:image/png;base64,AAAA"><img src="//example.org/html.jpg">')
    mime.setUrls([QUrl("https://example.org/link"), QUrl.fromLocalFile("/nowhere/cat.jpg")])
    image = QImage(1, 1, QImage.Format.Format_RGB32)
    mime.setImageData(image)

    assert _kinds(mime)[:4] == [FileSource, PixelSource, AddressSource, DataUriSource]


def test_encoded_picture_is_preferred_to_pixels() -> None:
    mime = QMimeData()
    mime.setData("image/bmp", QByteArray(b"bmp"))
    mime.setData("image/png", QByteArray(b"png"))
    mime.setData("image/svg+xml", QByteArray(b"<svg/>"))

    (source,) = picture_offer.from_mime(mime).sources

    assert isinstance(source, BytesSource)
    assert source.data == b"png"


def test_the_same_address_is_tried_once() -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/cat.jpg")])
    mime.setHtml('<img src="https://example.org/cat.jpg">')

    assert _kinds(mime) == [AddressSource]


def test_temporary_files_are_read_inside_the_event(tmp_path: Path) -> None:
    path = picture_file(tmp_path / "cat.png")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])

    offer = picture_offer.from_mime(mime)
    path.unlink()

    assert picture_offer.read(offer, CancelToken(), _nothing).name == "cat.png"


@pytest.mark.parametrize(
    ("text", "kind", "origin"),
    [
        ("https://example.org/cat.jpg", AddressSource, "https://example.org/cat.jpg"),
        ("  HTTP://example.org/cat.jpg\n\nmore", AddressSource, "HTTP://example.org/cat.jpg"),
        ("www.example.org", AddressSource, "https://www.example.org"),
        ("example.org/cat.jpg", AddressSource, "https://example.org/cat.jpg"),
        ("example.org:443/cat.jpg", AddressSource, "https://example.org:443/cat.jpg"),
        ("example.org:8080/cat.jpg", AddressSource, "http://example.org:8080/cat.jpg"),
        ("localhost:8765/cat.jpg", AddressSource, "http://localhost:8765/cat.jpg"),
        ("localhost/cat.jpg", AddressSource, "http://localhost/cat.jpg"),
        ("127.0.0.1:8765/cat.jpg", AddressSource, "http://127.0.0.1:8765/cat.jpg"),
        ("192.168.1.20/cat.jpg?size=2", AddressSource, "http://192.168.1.20/cat.jpg?size=2"),
        ("[::1]:8765/cat.jpg", AddressSource, "http://[::1]:8765/cat.jpg"),
        ("nas:8080/cat.jpg", AddressSource, "http://nas:8080/cat.jpg"),
        ("camera.local/now.jpg", AddressSource, "http://camera.local/now.jpg"),
        ("ftp://example.org/cat.jpg", AddressSource, "ftp://example.org/cat.jpg"),
        ("file:///tmp/a%20b.jpg", FileSource, "/tmp/a b.jpg"),
        ('"/tmp/Zoë/图片.jpg"', FileSource, "/tmp/Zoë/图片.jpg"),
        ("./cat.jpg", FileSource, "cat.jpg"),
        ("data:image/png;base64,AAAA", DataUriSource, "data:image/png;base64"),
    ],
)
def test_typed_text_becomes_a_source(text: str, kind: type, origin: str) -> None:
    source = picture_offer.from_text(text)

    assert type(source) is kind
    assert source is not None
    assert source.origin == origin


@pytest.mark.parametrize(
    "text", ["", "  \n ", "my cat", "cat", "cat.jpg", "my/cat.jpg", "3.14", "a:b", "a\0b"]
)
def test_text_that_is_neither_address_nor_path(text: str) -> None:
    assert picture_offer.from_text(text) is None


def test_argument_is_a_file_if_nothing_else() -> None:
    source = picture_offer.from_argument("cat.jpg")

    assert source.path == Path("cat.jpg")


def test_names_of_addresses() -> None:
    assert AddressSource("https://example.org/a%20cat.jpg?size=2").name == "a cat.jpg"
    assert AddressSource("https://example.org/").name == "example.org"
    assert AddressSource("http://[::1").name == "http://[::1"


def test_errors_of_all_sources_are_in_the_details(tmp_path: Path) -> None:
    offer = picture_offer.from_paths([tmp_path / "one.png", tmp_path / "two.png"])

    with pytest.raises(ImageError, match=r"one\.png") as caught:
        picture_offer.read(offer, CancelToken(), _nothing)

    assert "two.png" in caught.value.details


def test_empty_offer_is_an_error() -> None:
    with pytest.raises(ImageError):
        picture_offer.read(Offer(()), CancelToken(), _nothing)


def test_cancelled_reading_tries_nothing_else(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(Cancelled):
        picture_offer.read(
            picture_offer.from_paths([picture_file(tmp_path / "cat.png")]), token, _nothing
        )


def test_preview_has_the_decoded_pixels() -> None:
    offer = Offer((BytesSource(picture_bytes("#102030", size=(7, 5))),))

    picture = picture_offer.read(offer, CancelToken(), _nothing)

    assert (picture.preview.width(), picture.preview.height()) == (7, 5)
    assert picture.preview.pixelColor(6, 4).name() == "#102030"


def test_addresses_in_html() -> None:
    html = '<p><img alt="x"><IMG SRC="HTTPS://a.org/b.png?x=1&amp;y=2"><img src="rel.png"><img src'

    assert image_addresses(html) == ["HTTPS://a.org/b.png?x=1&y=2"]


def _nothing(_got: int, _expected: int | None) -> None:
    pass


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_dropped_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "pipe.jpg"))])

    offer = picture_offer.from_mime(mime)

    with pytest.raises(ImageError):
        picture_offer.read(offer, CancelToken(), _nothing)


def test_an_argument_that_looks_like_a_host_is_a_file() -> None:
    assert isinstance(picture_offer.from_argument("my.photos/cat.jpg"), FileSource)
    assert isinstance(picture_offer.from_argument("https://my.photos/cat.jpg"), AddressSource)
