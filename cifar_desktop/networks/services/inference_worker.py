"""Asks the network on a thread of its own; the Classify tab's only way to it."""

import itertools
import logging
import threading
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot

from cifar_desktop.networks.services import torch_preload
from cifar_desktop.networks.services.model_service import ModelService
from trainer.errors import Cancelled, TrainerError
from trainer.images.crop import Crop

if TYPE_CHECKING:
    from PIL import Image

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Request:
    id: int
    image: "Image.Image"
    crop: Crop | None


class InferenceWorker(QObject):
    """Lives on its own QThread; its public methods may be called from any other.

    Of requests that wait, the newest wins. Every request ends in exactly one of `predicted` and
    `failed`; one that was replaced fails with `Cancelled`. Requests made while a network loads
    wait for it.

    Signals:
        network_found: `ModelCard` of a file that is about to be loaded.
        network_ready: `ModelCard` of the network that answers from now on, and its file.
        network_failed: `TrainerError` and the file; the network before, if any, stays in use.
        predicted: Request id and `Answer`.
        failed: Request id and `TrainerError`.
    """

    network_found = Signal(object)
    network_ready = Signal(object, object)
    network_failed = Signal(object, object)
    predicted = Signal(int, object)
    failed = Signal(int, object)
    _woken = Signal()

    def __init__(self, service: ModelService) -> None:
        super().__init__()
        self._service = service
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._network: Path | None = None
        self._request: _Request | None = None
        self._thread = QThread()
        self._thread.setObjectName("inference")
        self.moveToThread(self._thread)
        self._woken.connect(self._work)
        self._thread.start()

    def open_network(self, path: Path) -> None:
        """Load a network; ends in `network_ready` or `network_failed`; of some, the newest."""
        torch_preload.announce()
        with self._lock:
            self._network = path
        self._woken.emit()

    def predict(self, image: "Image.Image", crop: Crop | None = None) -> int:
        """Ask for a prediction; returns the id that the signals will carry."""
        request = _Request(next(self._ids), image, crop)
        self._replace(request)
        self._woken.emit()
        return request.id

    def shutdown(self) -> None:
        """Drop what waits, and end the thread."""
        self._replace(None)
        self._thread.quit()
        self._thread.wait()

    def _replace(self, request: _Request | None) -> None:
        with self._lock:
            replaced, self._request = self._request, request
        if replaced is not None:
            self.failed.emit(replaced.id, Cancelled("A newer request took its place."))

    @Slot()
    def _work(self) -> None:
        with self._lock:
            network, self._network = self._network, None
        if network is not None:
            self._load(network)
        with self._lock:
            request, self._request = self._request, None
        if request is not None:
            self._answer(request)
        elif network is not None:
            self._warm_up()

    def _load(self, path: Path) -> None:
        try:
            self.network_found.emit(self._service.read_card(path))
            self.network_ready.emit(self._service.load(path), path)
        except TrainerError as error:
            self.network_failed.emit(error, path)
        except Exception:  # noqa: BLE001 (the window must not wait for ever)
            self.network_failed.emit(_unexpected("The network could not be loaded."), path)
        finally:
            torch_preload.settle()

    def _warm_up(self) -> None:
        try:
            self._service.warm_up()
        except Exception:  # noqa: BLE001 (the first real question will tell the person)
            log.warning("warming up failed\n%s", traceback.format_exc())

    def _answer(self, request: _Request) -> None:
        try:
            answer = self._service.predict(request.image, request.crop)
        except TrainerError as error:
            self.failed.emit(request.id, error)
        except Exception:  # noqa: BLE001 (every request must end)
            self.failed.emit(request.id, _unexpected("The network could not answer."))
        else:
            self.predicted.emit(request.id, answer)


def _unexpected(what: str) -> TrainerError:
    details = traceback.format_exc()
    log.error("%s\n%s", what, details)
    return TrainerError(
        f"{what} This is a mistake in this program; the details help to mend it.", details=details
    )
