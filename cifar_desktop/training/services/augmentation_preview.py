"""Augments a few images as a training run would, on its own thread; for the Training tab."""

from dataclasses import dataclass

from PySide6.QtCore import Signal

from cifar_desktop.common.newest_request_worker import NewestRequestWorker
from cifar_desktop.common.unexpected_error import unexpected_error
from cifar_desktop.networks.services import torch_preload
from trainer.config.augmentation import Augmentation

EPOCHS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AugmentedImages:
    """Images, and the augmented versions that a network sees of them in the first epochs.

    Attributes:
        count: Number of images.
        side: Width and height of each, in pixels.
        epochs: Number of epochs.
        augmentation: What was done to them.
        originals: RGB bytes of shape [count, side, side, 3].
        augmented: RGB bytes of shape [epochs, count, side, side, 3].
    """

    count: int
    side: int
    epochs: int
    augmentation: Augmentation
    originals: bytes
    augmented: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Preview:
    samples: bytes
    count: int
    side: int
    augmentation: Augmentation
    seed: int
    epochs: int


class AugmentationPreview(NewestRequestWorker[_Preview]):
    """Augments images; requests that are replaced by newer ones end without a signal.

    Signals:
        ready: `AugmentedImages`.
        failed: `TrainerError`.
    """

    ready = Signal(object)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__("augmentation")

    def request(
        self,
        samples: bytes,
        count: int,
        side: int,
        augmentation: Augmentation,
        seed: int,
        epochs: int = EPOCHS,
    ) -> None:
        """Request augmented images; ends in `ready` or `failed` unless replaced.

        Args:
            samples: RGB bytes of shape [count, side, side, 3].
            count: Number of images.
            side: Width and height of each, in pixels.
            augmentation: The augmentation settings.
            seed: The seed of the run.
            epochs: Number of versions of each image.
        """
        torch_preload.begin()
        self._submit(
            _Preview(
                samples=samples, count=count, side=side, augmentation=augmentation, seed=seed,
                epochs=epochs,
            )
        )  # fmt: skip

    def _handle(self, request: _Preview) -> None:
        try:
            self.ready.emit(_augment(request))
        except Exception:  # noqa: BLE001 (every request must end)
            self.failed.emit(unexpected_error("The images could not be augmented."))
        finally:
            torch_preload.finish()


def _augment(request: _Preview) -> AugmentedImages:
    with torch_preload.smooth_import():
        import torch

        from trainer.data.augmentation import Batches
    torch_preload.complete()  # random number generators need it

    shape = (request.count, request.side, request.side, 3)
    pixels = torch.frombuffer(bytearray(request.samples), dtype=torch.uint8).reshape(shape)
    batches = Batches(
        pixels.permute(0, 3, 1, 2).contiguous(),
        # Each image is its own label, which gives its place back after shuffling.
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
        augmentation=request.augmentation,
        originals=request.samples,
        augmented=b"".join(epochs),
    )
