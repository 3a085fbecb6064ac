"""The training recipes, and whether each is available here.

A recipe is a function that returns a complete, valid config. It needs no torch, so that the window
can show recipes before torch is loaded.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from msgspec.structs import replace

from trainer.config.augmentation import Augmentation
from trainer.config.train_config import (
    AdamSettings,
    EarlyStopping,
    MuonSettings,
    ReduceOnPlateau,
    TrainConfig,
)
from trainer.errors import ConfigError, TrainerError
from trainer.files.resources import is_packaged


def sprint() -> TrainConfig:
    """94 % test accuracy in as little time as possible."""
    return TrainConfig(recipe="sprint", augmentation=Augmentation(color_jitter=0.14))


def best() -> TrainConfig:
    """The most accurate network that still predicts instantly: `sprint`, deeper and longer."""
    return TrainConfig(
        recipe="best",
        architecture="sprint-resnet",
        widths=(128, 384, 512),
        epochs=28,
        optimizer=MuonSettings(learning_rate=0.12),
        augmentation=Augmentation(translate=3, cutout=10, zoom=0.15, color_jitter=0.2),
    )


def photos() -> TrainConfig:
    """For photographs: trains the built-in network on, with crops, blur, noise and JPEG."""
    return TrainConfig(
        recipe="photos",
        architecture="sprint-resnet",
        widths=(128, 384, 512),
        image_size=40,
        epochs=2,
        batch_size=600,
        micro_batch_size=200,
        optimizer=MuonSettings(
            learning_rate=0.04,
            head_learning_rate=0.15,
            bias_learning_rate=0.012,
            whitening_epochs=0,
        ),
        label_smoothing=0.1,
        augmentation=Augmentation(
            flip="random",
            translate=0,
            cutout=8,
            color_jitter=0.25,
            crop_scale=0.4,
            crop_aspect=1.33,
            crop_size=0.8,
            grayscale=0.06,
            blur=0.6,
            noise=0.02,
            jpeg=0.2,
        ),
        balance=0.75,
        none_fraction=0.33,
        init="default",
    )


def simple_cnn() -> TrainConfig:
    """A first CNN: three blocks of convolution and pooling, a dense layer, dropout, Adam."""
    return _classic("simple-cnn", (48, 96, 192), epochs=20, augmentation=_NO_AUGMENTATION)


def keras_cnn() -> TrainConfig:
    """The notebook classic: four blocks with dropout and batch norm, three dense layers, Adam."""
    return _classic("keras-cnn", (32, 64, 128, 256), epochs=15, augmentation=_NO_AUGMENTATION)


def vgg_bn() -> TrainConfig:
    """A small VGG: five convolutions, batch norm, dropout, random flips and translations, Adam."""
    config = _classic("vgg-bn", (64, 128, 256), epochs=26, augmentation=_FLIP_AND_TRANSLATE)
    return replace(config, optimizer=_WEIGHT_DECAY, label_smoothing=0.1)


def deep_cnn() -> TrainConfig:
    """A deeper VGG: eight convolutions, Adam, learning rates reduced on plateau, early stopping."""
    augmentation = replace(_FLIP_AND_TRANSLATE, translate=4, cutout=8)
    config = _classic("deep-cnn", (64, 128, 256, 256), epochs=40, augmentation=augmentation)
    return replace(
        config,
        optimizer=_WEIGHT_DECAY,
        label_smoothing=0.1,
        reduce_on_plateau=ReduceOnPlateau(patience=2, factor=0.25),
        early_stopping=EarlyStopping(patience=5),
    )


_NO_AUGMENTATION = Augmentation(flip="none", translate=0)
_FLIP_AND_TRANSLATE = Augmentation(flip="random", translate=3)
_WEIGHT_DECAY = AdamSettings(learning_rate=0.002, weight_decay=0.05)


def _classic(
    name: str, widths: tuple[int, ...], *, epochs: int, augmentation: Augmentation
) -> TrainConfig:
    """What the classic networks share; each has an architecture of the same name."""
    return TrainConfig(
        recipe=name,
        architecture=name,
        widths=widths,
        epochs=epochs,
        batch_size=128,
        micro_batch_size=128,
        optimizer=AdamSettings(),
        label_smoothing=0.0,
        augmentation=augmentation,
    )


RECIPES: dict[str, Callable[[], TrainConfig]] = {
    "sprint": sprint,
    "best": best,
    "photos": photos,
    "simple-cnn": simple_cnn,
    "keras-cnn": keras_cnn,
    "vgg-bn": vgg_bn,
    "deep-cnn": deep_cnn,
}

NEEDS: dict[str, tuple[str, ...]] = {}
"""Modules that a recipe needs beyond what is always installed, such as torchvision.

Keyed by recipe name; only top-level modules, as finding others would import their package.
"""


def recipe(name: str) -> TrainConfig:
    """The config of the recipe called `name`.

    Raises:
        ConfigError: If there is no such recipe.
    """
    if name not in RECIPES:
        raise ConfigError(f"There is no recipe “{name}”. Choose one of {', '.join(RECIPES)}.")
    return RECIPES[name]()


def why_unavailable(name: str) -> str:
    """Why a recipe is unavailable here and what to do; empty if it is available.

    Modules are located but not loaded, so an installed one may still be broken: `load_needs`
    finds out.
    """
    missing = next((module for module in NEEDS.get(name, ()) if find_spec(module) is None), "")
    if not missing:
        return ""
    if is_packaged():
        return (
            f"“{name}” needs {missing}, which this package does not include. Install CIFAR Desktop "
            "with pip to use it."
        )
    return (
        f"“{name}” needs {missing}, which is not installed. Install it from the same source as "
        "PyTorch."
    )


def load_needs(name: str) -> None:
    """Load the modules that a recipe needs, before a run is prepared that could not continue.

    Raises:
        ConfigError: If a module is not installed.
        TrainerError: If a module is installed but does not load.
    """
    if reason := why_unavailable(name):
        raise ConfigError(reason)
    for module in NEEDS.get(name, ()):
        try:
            import_module(module)
        except Exception as error:
            # A torchvision for another torch fails with arbitrary errors of its libraries.
            raise TrainerError(
                f"“{name}” needs {module}, which is installed but does not load; it probably "
                "belongs to another version of PyTorch. Reinstall both from the same source.",
                details=repr(error),
            ) from error
