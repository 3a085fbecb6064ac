"""Varies a few images as a training run would, on a thread of its own; for the Training tab."""

import logging
import threading
import traceback
from dataclasses import dataclass

from PySide6.QtCore import QObject, QThread, Signal, Slot

from cifar_desktop.networks.services import torch_preload
from cifar_desktop.networks.services.torch_preload import smooth_import
from trainer.config.train_config import Augmentation
from trainer.errors import TrainerError

log = logging.getLogger(__name__)

EPOCHS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AugmentedImages:
    """Images, and what a network sees of them in the first epochs.

    Attributes:
        count: How many images.
        side: Width and height of each.
        epochs: How many epochs.
        originals: RGB bytes of shape [count, side, side, 3].
        varied: RGB bytes of shape [epochs, count, side, side, 3].
    """

    count: int
    side: int
    epochs: int
    originals: bytes
    augmented: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    samples: bytes
    count: int
    side: int
    augmentation: Augmentation
    seed: int
    epochs: int


class AugmentationPreview(QObject):
    """Lives on its own QThread; its public methods may be called from any other.

    Of requests that wait, the newest wins; those it replaces end without a word.

    Signals:
        ready: `AugmentedImages`.
        failed: `TrainerError`.
    """

    ready = Signal(object)
    failed = Signal(object)
    _woken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._request: _Request | None = None
        self._thread = QThread()
        self._thread.setObjectName("augmentation")
        self.moveToThread(self._thread)
        self._woken.connect(self._work)
        self._thread.start()

    def request(
        self,
        samples: bytes,
        count: int,
        side: int,
        augmentation: Augmentation,
        seed: int,
        epochs: int = EPOCHS,
    ) -> None:
        """Ask how images would be varied; ends in `ready` or `failed` unless replaced.

        Args:
            samples: RGB bytes of shape [count, side, side, 3].
            count: How many images.
            side: Width and height of each.
            augmentation: How to vary them.
            seed: Of the run.
            epochs: How often to vary them.
        """
        torch_preload.announce()
        request = _Request(
            samples=samples, count=count, side=side, augmentation=augmentation, seed=seed,
            epochs=epochs,
        )  # fmt: skip
        with self._lock:
            self._request = request
        self._woken.emit()

    def shutdown(self) -> None:
        """Drop what waits, and end the thread."""
        with self._lock:
            self._request = None
        self._thread.quit()
        self._thread.wait()

    @Slot()
    def _work(self) -> None:
        with self._lock:
            request, self._request = self._request, None
        if request is None:
            return
        try:
            self.ready.emit(_vary(request))
        except Exception:  # noqa: BLE001 (every request must end)
            self.failed.emit(_unexpected())
        finally:
            torch_preload.settle()


def _vary(request: _Request) -> AugmentedImages:
    with smooth_import():
        import torch

        from trainer.data.augmentation import Batches

    shape = (request.count, request.side, request.side, 3)
    pixels = torch.frombuffer(bytearray(request.samples), dtype=torch.uint8).reshape(shape)
    batches = Batches(
        pixels.permute(0, 3, 1, 2).contiguous(),
        # Each image is its own label, which tells afterwards where it belongs.
        torch.arange(request.count),
        request.augmentation,
        batch_size=request.count,
        seed=request.seed,
        device=torch.device("cpu"),
    )
    epochs = []
    for epoch in range(request.epochs):
        images, places = next(batches.epoch(epoch))
        ordered = images[places.argsort()].permute(0, 2, 3, 1)
        epochs.append(ordered.contiguous().numpy().tobytes())
    return AugmentedImages(
        count=request.count,
        side=request.side,
        epochs=request.epochs,
        originals=request.samples,
        augmented=b"".join(epochs),
    )


def _unexpected() -> TrainerError:
    details = traceback.format_exc()
    log.error("varying images failed\n%s", details)
    return TrainerError(
        "The varied images could not be shown because of a mistake in this program.",
        details=details,
    )
