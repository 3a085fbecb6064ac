"""The preview of varied images: the same that training makes, in order, newest request first."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from cifar_desktop.training.services.augmentation_preview import (
    EPOCHS,
    AugmentationPreview,
    AugmentedImages,
)
from trainer.config.augmentation import Augmentation
from trainer.data.augmentation import Batches
from trainer.errors import TrainerError

SIDE, COUNT = 32, 5


class Received(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.ready: list[AugmentedImages] = []
        self.failed: list[TrainerError] = []

    @Slot(object)
    def on_ready(self, images: AugmentedImages) -> None:
        self.ready.append(images)

    @Slot(object)
    def on_failed(self, error: TrainerError) -> None:
        self.failed.append(error)


@pytest.fixture
def received(qapp: object) -> Received:
    return Received()


@pytest.fixture
def preview(received: Received) -> Iterator[AugmentationPreview]:
    preview = AugmentationPreview()
    preview.ready.connect(received.on_ready)
    preview.failed.connect(received.on_failed)
    yield preview
    preview.shutdown()


def samples() -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    shape = (COUNT, SIDE, SIDE, 3)
    return torch.randint(0, 256, shape, generator=generator, dtype=torch.uint8)


def epochs(images: AugmentedImages) -> torch.Tensor:
    pixels = torch.frombuffer(bytearray(images.augmented), dtype=torch.uint8)
    return pixels.reshape(images.epochs, images.count, images.side, images.side, 3)


def ask(preview: AugmentationPreview, seed: int = 3, **augmentation: object) -> None:
    plain: dict[str, object] = {"flip": "none", "translate": 0, **augmentation}
    settings = Augmentation(**plain)  # type: ignore[arg-type]
    preview.request(samples().numpy().tobytes(), COUNT, SIDE, settings, seed)


def test_images_come_back_in_their_order(
    preview: AugmentationPreview, received: Received, qtbot: QtBot
) -> None:
    ask(preview)
    qtbot.waitUntil(lambda: len(received.ready) == 1, timeout=30_000)
    assert received.ready[0].epochs == EPOCHS
    assert received.ready[0].originals == samples().numpy().tobytes()
    for epoch in epochs(received.ready[0]):
        assert epoch.equal(samples())


@pytest.mark.parametrize(
    "settings",
    [
        {"flip": "alternating", "translate": 3, "cutout": 6},
        {"crop_scale": 0.2, "crop_aspect": 1.5},
        {"grayscale": 0.5},
        {"blur": 2.0},
        {"noise": 0.1},
        {"jpeg": 1.0},
    ],
)
def test_they_are_what_training_makes_of_them(
    preview: AugmentationPreview, received: Received, qtbot: QtBot, settings: dict[str, Any]
) -> None:
    ask(preview, **settings)
    qtbot.waitUntil(lambda: len(received.ready) == 1, timeout=30_000)
    batches = Batches(
        samples().permute(0, 3, 1, 2).contiguous(), torch.arange(COUNT),
        Augmentation(**{"flip": "none", "translate": 0, **settings}),
        batch_size=COUNT, seed=3, device=torch.device("cpu"),
    )  # fmt: skip
    assert received.ready[0].augmentation == Augmentation(
        **{"flip": "none", "translate": 0, **settings}
    )
    changed = False
    for number, shown in enumerate(epochs(received.ready[0])):
        images, places = next(batches.epoch(number))
        for image, place in zip(images, places, strict=True):
            assert shown[place].equal(image.permute(1, 2, 0))
        changed |= not shown.equal(samples())
    assert changed


def test_as_many_epochs_as_are_asked_for(
    preview: AugmentationPreview, received: Received, qtbot: QtBot
) -> None:
    image = samples()[:1].numpy().tobytes()
    preview.request(image, 1, SIDE, Augmentation(flip="alternating", translate=0), 3, 20)
    qtbot.waitUntil(lambda: len(received.ready) == 1, timeout=30_000)
    shown = epochs(received.ready[0])
    assert len(shown) == 20
    assert shown[18].equal(shown[0])
    assert not shown[19].equal(shown[0])


def test_of_many_requests_the_newest_is_answered_last(
    preview: AugmentationPreview, received: Received, qtbot: QtBot
) -> None:
    ask(preview)
    for cutout in range(1, 30):
        ask(preview, cutout=cutout)
    ask(preview, flip="alternating")

    def newest_is_there() -> bool:
        return bool(received.ready) and _is_mirrored(received.ready[-1])

    qtbot.waitUntil(newest_is_there, timeout=30_000)
    assert len(received.ready) < 31


def _is_mirrored(images: AugmentedImages) -> bool:
    first, second = epochs(images)[:2]
    return first.equal(second.flip(2)) and not first.equal(second)


def test_nonsense_ends_in_a_failure(
    preview: AugmentationPreview, received: Received, qtbot: QtBot
) -> None:
    preview.request(b"short", COUNT, SIDE, Augmentation(), 0)
    qtbot.waitUntil(lambda: len(received.failed) == 1, timeout=30_000)
    assert "RuntimeError" in received.failed[0].details


def test_shutdown_drops_what_waits(preview: AugmentationPreview, received: Received) -> None:
    ask(preview)
    ask(preview)
    preview.shutdown()
    assert len(received.ready) <= 1
