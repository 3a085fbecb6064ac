import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from cifar_desktop.networks.services.inference_worker import InferenceWorker
from cifar_desktop.networks.services.model_service import Classification, ModelService
from tests.desktop.recorder import Recorder
from trainer.data.cifar10 import CIFAR10_CLASSES
from trainer.errors import Cancelled, ModelFileError, TrainerError
from trainer.images.crop import Crop


class _Held(ModelService):
    """Waits before it answers, so that requests pile up."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.busy = threading.Event()

    def predict(self, image: Image.Image, crop: Crop | None) -> Classification:
        self.busy.set()
        assert self.go.wait(10)
        return super().predict(image, crop)


class _Broken(ModelService):
    def predict(self, image: Image.Image, crop: Crop | None) -> Classification:  # noqa: ARG002 (inherited)
        raise ZeroDivisionError


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def workers(qapp: object, recorder: Recorder) -> Iterator[list[InferenceWorker]]:
    made: list[InferenceWorker] = []
    yield made
    for worker in made:
        worker.shutdown()


def _worker(
    service: ModelService, recorder: Recorder, workers: list[InferenceWorker]
) -> InferenceWorker:
    worker = InferenceWorker(service)
    worker.predicted.connect(recorder.on_good)
    worker.failed.connect(recorder.on_bad)
    workers.append(worker)
    return worker


def _image() -> Image.Image:
    return Image.new("RGB", (40, 30), "red")


def test_answers_with_what_the_network_saw(
    recorder: Recorder, workers: list[InferenceWorker], qtbot: QtBot, tiny_network: Path
) -> None:
    worker = _worker(ModelService(), recorder, workers)
    worker.open_network(tiny_network)

    request = worker.predict(_image(), Crop(left=0.5))

    qtbot.waitUntil(lambda: recorder.finished == [request], timeout=30_000)
    answer = recorder.good[0][1]
    assert isinstance(answer, Classification)
    assert {each.name for each in answer.prediction.classes} == set(CIFAR10_CLASSES)
    assert answer.prediction.seen == b"\xff\0\0" * 32 * 32


def test_newest_of_the_waiting_requests_wins(
    recorder: Recorder, workers: list[InferenceWorker], qtbot: QtBot, tiny_network: Path
) -> None:
    service = _Held()
    service.load(tiny_network)
    worker = _worker(service, recorder, workers)
    first = worker.predict(_image())
    assert service.busy.wait(10)

    ids = [worker.predict(_image()) for _ in range(9)]
    service.go.set()

    qtbot.waitUntil(lambda: len(recorder.finished) == 10)
    assert recorder.finished == [first, *ids]
    assert [request for request, _ in recorder.good] == [first, ids[-1]]
    assert all(isinstance(error, Cancelled) for _, error in recorder.bad)


def test_without_a_network_there_is_an_error(
    recorder: Recorder, workers: list[InferenceWorker], qtbot: QtBot
) -> None:
    _worker(ModelService(), recorder, workers).predict(_image())

    qtbot.waitUntil(lambda: len(recorder.bad) == 1)
    assert isinstance(recorder.bad[0][1], ModelFileError)


def test_mistake_in_the_program_ends_the_request(
    recorder: Recorder, workers: list[InferenceWorker], qtbot: QtBot
) -> None:
    _worker(_Broken(), recorder, workers).predict(_image())

    qtbot.waitUntil(lambda: len(recorder.bad) == 1)
    error = recorder.bad[0][1]
    assert isinstance(error, TrainerError)
    assert "ZeroDivisionError" in error.details


def test_shutdown_ends_what_waits(
    recorder: Recorder, workers: list[InferenceWorker], qtbot: QtBot, tiny_network: Path
) -> None:
    service = _Held()
    service.load(tiny_network)
    worker = _worker(service, recorder, workers)
    worker.predict(_image())
    assert service.busy.wait(10)
    waiting = worker.predict(_image())
    service.go.set()

    worker.shutdown()

    qtbot.waitUntil(lambda: waiting in recorder.finished)
