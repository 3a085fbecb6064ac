"""Runs the network on its own thread; the Classify tab's only way to it."""

import itertools
import logging
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot

from cifar_desktop.common.newest_request_worker import NewestRequestWorker
from cifar_desktop.common.unexpected_error import unexpected_error
from cifar_desktop.networks.services import torch_preload
from cifar_desktop.networks.services.model_service import ModelService
from trainer.errors import Cancelled, TrainerError
from trainer.images.crop import Crop

if TYPE_CHECKING:
    from PIL import Image

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Prediction:
    id: int
    image: "Image.Image"
    crop: Crop | None


class InferenceWorker(NewestRequestWorker[_Prediction]):
    """Loads networks and classifies pictures.

    Every request ends in exactly one of `predicted` and `failed`; one that was replaced by a newer
    one fails with `Cancelled`. Requests made while a network loads wait for it.

    Args:
        service: The network.

    Signals:
        network_found: `ModelCard` of a file that is about to be loaded.
        network_ready: `ModelCard` and file of the network that is in use from now on.
        network_failed: `TrainerError` and the file; the previous network, if any, stays in use.
        predicted: Request id and `Classification`.
        failed: Request id and `TrainerError`.
    """

    network_found = Signal(object)
    network_ready = Signal(object, object)
    network_failed = Signal(object, object)
    predicted = Signal(int, object)
    failed = Signal(int, object)

    def __init__(self, service: ModelService) -> None:
        super().__init__("inference")
        self._service = service
        self._ids = itertools.count(1)
        self._network: Path | None = None

    def open_network(self, path: Path) -> None:
        """Load a network, which ends in `network_ready` or `network_failed`; the newest wins."""
        torch_preload.begin()
        with self._lock:
            self._network = path
        self._woken.emit()

    def predict(self, image: "Image.Image", crop: Crop | None = None) -> int:
        """Request a prediction; returns the request id used by the signals."""
        request = _Prediction(next(self._ids), image, crop)
        self._submit(request)
        return request.id

    def _on_replaced(self, request: _Prediction) -> None:
        self.failed.emit(request.id, Cancelled("A newer request took its place."))

    @Slot()
    def _work(self) -> None:
        with self._lock:
            network, self._network = self._network, None
        if network is not None:
            self._load(network)
        request = self._take()
        if request is not None:
            self._handle(request)
        elif network is not None:
            self._warm_up()

    def _load(self, path: Path) -> None:
        try:
            self.network_found.emit(self._service.read_card(path))
            self.network_ready.emit(self._service.load(path), path)
        except TrainerError as error:
            self.network_failed.emit(error, path)
        except Exception:  # noqa: BLE001 (the window must not wait for ever)
            self.network_failed.emit(unexpected_error("The network could not be loaded."), path)
        finally:
            torch_preload.finish()

    def _warm_up(self) -> None:
        try:
            self._service.warm_up()
        except Exception:  # noqa: BLE001 (the first real request will report it)
            log.warning("warming up failed\n%s", traceback.format_exc())

    def _handle(self, request: _Prediction) -> None:
        try:
            found = self._service.predict(request.image, request.crop)
        except TrainerError as error:
            self.failed.emit(request.id, error)
        except Exception:  # noqa: BLE001 (every request must end)
            self.failed.emit(request.id, unexpected_error("The picture could not be classified."))
        else:
            self.predicted.emit(request.id, found)
