"""Shows in the Training tab what augmentation makes of images, as the form has it now.

Made by the Training tab.
"""

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
from trainer.config.train_config import Augmentation, TrainConfig

_PREVIEWED = 10
"""Images that are shown varied, of as many classes."""

_EPOCHS_OF_ONE = 24
"""At most, if the training has so many."""


class AugmentationPreviewController(QObject):
    """Some images, one of each class, or the one that the person chose.

    Args:
        form: Says how images are varied.
        setup: Knows the dataset.
        preview: Varies images as training does.
        grid: Shows them.

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
        self._form, self._setup, self._preview, self._grid = form, dataset_controller, preview, grid
        self._one: tuple[str, bytes] | None = None
        self._names: list[str] = []
        self._images = b""
        form.changed.connect(self.show)
        dataset_controller.data_state_changed.connect(self.show_all)
        grid.all_requested.connect(self.show_all)
        preview.ready.connect(self._on_ready)
        preview.failed.connect(lambda error: grid.show_message(error.message))

    @Slot(str, bytes)
    def show_one(self, name: str, pixels: bytes) -> None:
        """Show one image in many epochs.

        Args:
            name: What it shows.
            pixels: Its RGB bytes.
        """
        self._one = (name, pixels)
        self.show()

    @Slot()
    def show_all(self) -> None:
        """Show an image of each class, or of the first ones."""
        self._one = None
        self.show()

    @Slot()
    def show(self) -> None:
        """Show what augmentation does, as the form has it now."""
        self._grid.offer_all(offered=self._one is not None)
        state, augmentation = self._setup.state, self._form.augmentation()
        config = self._form.config()
        if not isinstance(state, DatasetInfo) or not state.samples:
            self._grid.show_message("")
        elif augmentation is None or config is None:
            self._grid.show_message("Something in the form is wrong; it says what.")
        else:
            self._ask(state, augmentation, config)

    def _ask(self, state: DatasetInfo, augmentation: Augmentation, config: TrainConfig) -> None:
        if self._one is not None:
            name, self._images = self._one
            self._names, epochs = [name], _EPOCHS_OF_ONE
        else:
            rows = range(min(_PREVIEWED, state.sampled_classes))
            self._names, epochs = list(state.classes[: len(rows)]), EPOCHS
            self._images = b"".join(map(state.sample, rows))
        self._preview.request(
            self._images, len(self._names), state.side, augmentation, config.seed,
            min(epochs, config.epochs),
        )  # fmt: skip

    @Slot(object)
    def _on_ready(self, images: AugmentedImages) -> None:
        # What was asked for before may still come.
        if images.originals != self._images:
            return
        if self._one is not None:
            self._grid.show_image(
                self._names[0], images.originals, images.augmented,
                side=images.side, epochs=images.epochs,
            )  # fmt: skip
        else:
            self._grid.show_images(
                self._names, images.originals, images.augmented,
                side=images.side, epochs=images.epochs,
            )  # fmt: skip
        augmentation = self._form.augmentation()
        if augmentation is not None:
            self._grid.show_caption(augmentation_in_words(augmentation))


def augmentation_in_words(augmentation: Augmentation) -> str:
    """What happens to training images, as a sentence."""
    parts = [
        {"random": "mirrored at random", "alternating": "mirrored in every second epoch"}.get(
            augmentation.flip, ""
        ),
        f"shifted by up to {_pixels(augmentation.translate)}" if augmentation.translate else "",
        f"with a square of {_pixels(augmentation.cutout)} blanked" if augmentation.cutout else "",
        f"zoomed by up to {augmentation.zoom:.0%}" if augmentation.zoom else "",
        f"recoloured by up to {augmentation.color_jitter:.0%}" if augmentation.color_jitter else "",
    ]
    told = [part for part in parts if part]
    if not told:
        return "Every image is seen as it is, in every epoch."
    text = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    return f"What the network sees in its first epochs: each image {text}."


def _pixels(count: int) -> str:
    return "1 pixel" if count == 1 else f"{count} pixels"
