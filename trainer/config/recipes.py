"""The recipes, and whether each can be used here; asked by the command line and the window.

A recipe is a function that returns a full, valid config. Standard library only, so that the window
can show one without loading torch.
"""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec

from trainer.config.train_config import (
    AdamSettings,
    Augmentation,
    EarlyStopping,
    MuonSettings,
    ReduceOnPlateau,
    TrainConfig,
)
from trainer.errors import ConfigError, TrainerError
from trainer.files.resources import is_packaged


def sprint() -> TrainConfig:
    """94 % as fast as the hardware can."""
    return TrainConfig(recipe="sprint", augmentation=Augmentation(color_jitter=0.14))


def best() -> TrainConfig:
    """The most accurate network that still answers in a blink: `sprint`, deeper and longer."""
    return TrainConfig(
        recipe="best",
        architecture="sprint-resnet",
        widths=(128, 384, 512),
        epochs=28,
        optimizer=MuonSettings(learning_rate=0.12),
        augmentation=Augmentation(translate=3, cutout=10, zoom=0.15, color_jitter=0.2),
    )


def simple_cnn() -> TrainConfig:
    """A first CNN: three times convolution and pooling, a dense layer, dropout, Adam."""
    return _classic("simple-cnn", (48, 96, 192), epochs=20, augmentation=_UNVARIED)


def keras_cnn() -> TrainConfig:
    """The notebook classic: four stages with dropout and batch norm, three dense layers, Adam."""
    return _classic("keras-cnn", (32, 64, 128, 256), epochs=15, augmentation=_UNVARIED)


def vgg_bn() -> TrainConfig:
    """A small VGG: five convolutions, batch norm, dropout, mirrored and shifted images, Adam."""
    config = _classic("vgg-bn", (64, 128, 256), epochs=26, augmentation=_VARIED)
    return replace(config, optimizer=_DECAYING, label_smoothing=0.1)


def deep_cnn() -> TrainConfig:
    """A deeper VGG of eight convolutions: Adam, lower rates on plateaus, early stopping."""
    augmentation = replace(_VARIED, translate=4, cutout=8)
    config = _classic("deep-cnn", (64, 128, 256, 256), epochs=40, augmentation=augmentation)
    return replace(
        config,
        optimizer=_DECAYING,
        label_smoothing=0.1,
        plateau=ReduceOnPlateau(patience=2, factor=0.25),
        early_stopping=EarlyStopping(patience=5),
    )


_UNVARIED = Augmentation(flip="none", translate=0)
_VARIED = Augmentation(flip="random", translate=3)
_DECAYING = AdamSettings(learning_rate=0.002, weight_decay=0.05)


def _classic(
    name: str, widths: tuple[int, ...], *, epochs: int, augmentation: Augmentation
) -> TrainConfig:
    """What all classics have in common; each has an architecture of its own name."""
    return TrainConfig(
        recipe=name,
        architecture=name,
        widths=widths,
        epochs=epochs,
        batch_size=128,
        chunk_size=128,
        optimizer=AdamSettings(),
        label_smoothing=0.0,
        augmentation=augmentation,
    )


RECIPES: dict[str, Callable[[], TrainConfig]] = {
    "sprint": sprint,
    "best": best,
    "simple-cnn": simple_cnn,
    "keras-cnn": keras_cnn,
    "vgg-bn": vgg_bn,
    "deep-cnn": deep_cnn,
}

NEEDS: dict[str, tuple[str, ...]] = {}
"""The modules that a recipe needs beyond what is always installed, such as torchvision.

By the recipe's name; top-level modules only, because looking for others would import their package.
"""


def recipe(name: str) -> TrainConfig:
    """The config of the recipe called `name`.

    Raises:
        ConfigError: If there is none.
    """
    if name not in RECIPES:
        raise ConfigError(f"There is no recipe “{name}”; there are {', '.join(RECIPES)}.")
    return RECIPES[name]()


def why_unavailable(name: str) -> str:
    """Why a recipe cannot be used here and what to do, as a sentence; nothing if it can.

    Modules are looked for and not loaded, so what is installed may still be broken:
    `load_needs` finds that out.
    """
    missing = next((module for module in NEEDS.get(name, ()) if find_spec(module) is None), "")
    if not missing:
        return ""
    if is_packaged():
        return (
            f"“{name}” needs {missing}, which this package comes without. Install CIFAR Desktop "
            "with pip to use it."
        )
    return (
        f"“{name}” needs {missing}, which is not installed. Install it as PyTorch was installed, "
        "from the same source."
    )


def load_needs(name: str) -> None:
    """Load what a recipe needs, before anything is done for a run that could not go on.

    Raises:
        ConfigError: If it is not here.
        TrainerError: If it is here but does not load.
    """
    if reason := why_unavailable(name):
        raise ConfigError(reason)
    for module in NEEDS.get(name, ()):
        try:
            import_module(module)
        except Exception as error:
            # A torchvision made for another torch ends in whatever its libraries run into.
            raise TrainerError(
                f"“{name}” needs {module}, which is installed but does not load; it was probably "
                "made for another PyTorch. Install both again, from the same source.",
                details=repr(error),
            ) from error
