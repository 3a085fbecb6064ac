from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cifar_desktop.classify.services import image_loader, picture_offer
from cifar_desktop.classify.services.image_loader import ImageLoader
from cifar_desktop.classify.services.picture_offer import LoadedPicture, Offer
from cifar_desktop.classify.services.picture_sources import AddressSource
from tests.desktop.recorder import Recorder
from tests.desktop.support import picture_file
from tests.server import Server
from trainer.errors import Cancelled, TrainerError


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def loader(qapp: object, recorder: Recorder) -> Iterator[ImageLoader]:
    loader = ImageLoader()
    loader.loaded.connect(recorder.on_good)
    loader.failed.connect(recorder.on_bad)
    yield loader
    loader.shutdown()


def _file(path: Path) -> Offer:
    return picture_offer.from_paths([path])


def test_newest_request_wins_and_each_ends_once(
    loader: ImageLoader, recorder: Recorder, qtbot: QtBot, server: Server, tmp_path: Path
) -> None:
    path = picture_file(tmp_path / "cat.png")
    slow = Offer((AddressSource(server.url("/silent")),))

    ids = [loader.load(slow) for _ in range(19)]
    ids.append(loader.load(_file(path)))

    qtbot.waitUntil(lambda: len(recorder.finished) == 20)
    assert recorder.finished == ids
    assert [request for request, _ in recorder.good] == ids[-1:]
    assert all(isinstance(error, Cancelled) for _, error in recorder.bad)


def test_cancel_ends_a_slow_address_at_once(
    loader: ImageLoader, recorder: Recorder, server: Server
) -> None:
    request = loader.load(Offer((AddressSource(server.url("/silent")),)))
    assert server.asked.wait(5)

    loader.cancel()

    assert [(number, type(error)) for number, error in recorder.bad] == [(request, Cancelled)]


def test_slow_address_does_not_delay_a_photo(
    loader: ImageLoader, recorder: Recorder, qtbot: QtBot, server: Server, tmp_path: Path
) -> None:
    loader.load(Offer((AddressSource(server.url("/silent")),)))
    assert server.asked.wait(5)

    loader.load(_file(picture_file(tmp_path / "cat.png")))

    qtbot.waitUntil(lambda: len(recorder.good) == 1)
    picture = recorder.good[0][1]
    assert isinstance(picture, LoadedPicture)
    assert picture.name == "cat.png"


def test_bug_in_the_program_ends_the_request(
    loader: ImageLoader, recorder: Recorder, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> LoadedPicture:
        raise ZeroDivisionError

    monkeypatch.setattr(image_loader, "read", fail)

    loader.load(Offer(()))

    qtbot.waitUntil(lambda: len(recorder.bad) == 1)
    error = recorder.bad[0][1]
    assert isinstance(error, TrainerError)
    assert "ZeroDivisionError" in error.details
