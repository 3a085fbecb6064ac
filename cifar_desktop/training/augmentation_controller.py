"""Previews the augmentation of the training form; created by the Training page."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, Slot

from cifar_desktop.training.dataset_controller import DatasetController
from cifar_desktop.training.form import TrainingForm
from cifar_desktop.training.services.augmentation_preview import (
    EPOCHS,
    AugmentationPreview,
    AugmentedImages,
)
from cifar_desktop.training.widgets.augmentation.grid import AugmentedGrid
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from cifar_desktop.ui.formatting import percent
from trainer.config.augmentation import Augmentation
from trainer.config.train_config import TrainConfig

_PREVIEW_IMAGES = 10
"""Images in the preview, one per class."""

_SINGLE_IMAGE_EPOCHS = 24
"""Maximum number of epochs in the preview of a single image."""


class AugmentationPreviewController(QObject):
    """Shows augmented images: one per class, or a single chosen one.

    Args:
        form: Provides the augmentation.
        dataset_controller: Knows the dataset.
        preview: Augments images as training does.
        grid: Shows the result.

    Signals: none.
    """

    def __init__(
        self,
        form: TrainingForm,
        dataset_controller: DatasetController,
        preview: AugmentationPreview,
        grid: AugmentedGrid,
    ) -> None:
        super().__init__(grid)
        self._form, self._dataset_controller = form, dataset_controller
        self._preview, self._grid = preview, grid
        self._single: tuple[str, bytes] | None = None
        self._names: list[str] = []
        self._images = b""
        form.changed.connect(self.show)
        dataset_controller.data_state_changed.connect(self.show_all)
        grid.all_requested.connect(self.show_all)
        preview.ready.connect(self._on_ready)
        preview.failed.connect(lambda error: grid.show_message(error.message))

    @Slot(str, bytes)
    def show_one(self, name: str, pixels: bytes) -> None:
        """Show a single image in many epochs.

        Args:
            name: Class name.
            pixels: RGB bytes of the image, shape [side, side, 3].
        """
        self._single = (name, pixels)
        self.show()

    @Slot()
    def show_all(self) -> None:
        """Show one image of each class, or of the first classes."""
        self._single = None
        self.show()

    @Slot()
    def show(self) -> None:
        """Request a preview of the form's current augmentation."""
        self._grid.offer_all(offered=self._single is not None)
        state, augmentation = self._dataset_controller.state, self._form.augmentation()
        config = self._form.config()
        if not isinstance(state, DatasetInfo) or not state.samples:
            self._grid.show_message("")
        elif augmentation is None or config is None:
            self._grid.show_message("Fix the invalid settings to see the preview.")
        else:
            self._request(state, augmentation, config)

    def _request(self, state: DatasetInfo, augmentation: Augmentation, config: TrainConfig) -> None:
        if self._single is not None:
            name, self._images = self._single
            self._names, epochs = [name], _SINGLE_IMAGE_EPOCHS
        else:
            rows = range(min(_PREVIEW_IMAGES, state.sampled_classes))
            self._names, epochs = list(state.classes[: len(rows)]), EPOCHS
            self._images = b"".join(map(state.sample, rows))
        self._preview.request(
            self._images, len(self._names), state.side, augmentation, config.seed,
            min(epochs, config.epochs),
        )  # fmt: skip

    @Slot(object)
    def _on_ready(self, images: AugmentedImages) -> None:
        # The result of an earlier request may still arrive.
        if images.originals != self._images:
            return
        if self._single is not None:
            self._grid.show_image(
                self._names[0], images.originals, images.augmented,
                side=images.side, epochs=images.epochs,
            )  # fmt: skip
        else:
            self._grid.show_images(
                self._names, images.originals, images.augmented,
                side=images.side, epochs=images.epochs,
            )  # fmt: skip
        self._grid.show_caption(augmentation_in_words(images.augmentation))


_FLIPS = {"random": "random horizontal flip", "alternating": "horizontal flip every other epoch"}


def augmentation_in_words(augmentation: Augmentation) -> str:
    """The augmentation as a sentence."""
    steps = [*_placing(augmentation), *_coloring(augmentation)]
    used = [step for step in steps if step]
    if not used:
        return "No augmentation: every epoch shows the images unchanged."
    text = used[0] if len(used) == 1 else f"{', '.join(used[:-1])} and {used[-1]}"
    return f"What the network sees in its first epochs, with {text}."


def _placing(augmentation: Augmentation) -> Iterator[str]:
    if augmentation.crop_scale < 1:
        yield f"random crops of at least {percent(augmentation.crop_scale)} of the area"
    yield _FLIPS.get(augmentation.flip, "")
    if augmentation.translate:
        yield f"translation by up to {_pixels(augmentation.translate)}"
    if augmentation.cutout:
        yield f"cutout of {_pixels(augmentation.cutout)}"
    if augmentation.zoom:
        yield f"zoom by up to {percent(augmentation.zoom)}"


def _coloring(augmentation: Augmentation) -> Iterator[str]:
    if augmentation.color_jitter:
        yield f"color jitter by up to {percent(augmentation.color_jitter)}"
    if augmentation.grayscale:
        yield f"grayscale for {percent(augmentation.grayscale)}"
    if augmentation.blur:
        yield f"blur of up to {_pixels(augmentation.blur)}"
    if augmentation.noise:
        yield f"noise of up to {100 * augmentation.noise:.3g} %"
    if augmentation.jpeg:
        yield f"JPEG compression for {percent(augmentation.jpeg)}"


def _pixels(count: float) -> str:
    return "1 pixel" if count == 1 else f"{count:g} pixels"
