"""The choices that the training form offers, and their texts."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cifar_desktop.common.dataset_choices import CIFAR10
from cifar_desktop.common.device_text import device_name
from cifar_desktop.training.widgets.dataset.state import DatasetInfo, DataState, Failed
from cifar_desktop.ui import formatting
from cifar_desktop.ui.choice_field import Choice
from trainer.config.augmentation import Augmentation
from trainer.config.recipes import RECIPES, recipe, sprint, why_unavailable
from trainer.config.train_config import TrainConfig
from trainer.data.cifar10 import is_cifar10
from trainer.errors import ConfigError
from trainer.events.command_events import DeviceTested, Forecast
from trainer.planning.dataset_counts import CIFAR10_COUNTS, DatasetCounts
from trainer.planning.duration import epoch_size, split_sizes
from trainer.planning.plan_text import describe_accuracy, describe_length
from trainer.planning.plans import TIMES

OWN_TIME = "own"
_MINUTES = "minutes "
_USUAL = (1.0, 5.0, 15.0, 60.0)
"""Times in minutes that are offered at first sight."""
AUTOMATIC = "auto"
PRECISIONS = (
    Choice(key=AUTOMATIC, text="Automatic (fastest)"),
    Choice(key="float32", text="float32"),
    Choice(key="bfloat16", text="bfloat16"),
    Choice(key="float16", text="float16"),
)
IMAGE_SIZES = (32, 48, 64, 96, 128)
FLIPS = (
    Choice(key="none", text="Off"),
    Choice(key="random", text="Random"),
    Choice(key="alternating", text="Every other epoch"),
)
_PURPOSES = {
    "sprint": "fastest to 94 %",
    "best": "most accurate",
    "photos": "for photographs",
    "simple-cnn": "a first CNN",
    "keras-cnn": "notebook classic",
    "vgg-bn": "a small VGG",
    "deep-cnn": "a deeper VGG",
}
NOT_HERE = "The device of that run does not work here, so the device is chosen automatically."
Check = Callable[[float], str]


def problem(build: Callable[[], object]) -> str:
    """The error in building settings; empty if there is none."""
    try:
        build()
    except ConfigError as error:
        return error.message
    return ""


def check(name: str) -> Check:
    """A check of one value of `TrainConfig`: returns the error, or an empty string."""
    return lambda value: problem(lambda: sprint().with_changes({name: value}))


def check_augmentation(name: str, divisor: int = 1) -> Check:
    """A check of one value of `Augmentation`; `divisor` is 100 for one shown in percent."""

    def sentence(value: float) -> str:
        settings: dict[str, Any] = {name: value / divisor}
        return problem(lambda: Augmentation(**settings))

    return sentence


def recipe_sentence(name: str) -> str:
    """What a recipe is for, in one sentence."""
    if name not in RECIPES:
        return "A recipe from another version of CIFAR Desktop."
    paragraph = (RECIPES[name].__doc__ or "").split("\n\n")[0]
    return re.sub(r"`(.+?)`", r"“\1”", " ".join(paragraph.split()))


def recipe_purpose(name: str) -> str:
    """What a recipe is for, in a few words; empty for one that has none."""
    return _PURPOSES.get(name, "")


def recipe_choices(also: str = "") -> list[Choice]:
    """All recipes, and that of an earlier run, which is shown even if it is not available."""
    names = [*RECIPES, *([also] if also and also not in RECIPES else [])]
    return [_recipe_choice(name, stays=name == also) for name in names]


def differs(config: TrainConfig, recipe: TrainConfig) -> bool:
    """Whether settings differ from the recipe, apart from device and precision."""
    return config != recipe.with_changes(_hardware(config))


def _hardware(config: TrainConfig) -> dict[str, str]:
    return {"device": config.device, "precision": config.precision}


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitTexts:
    """How a dataset is really split into training, validation and batches, in words.

    Attributes:
        summary: How many images are trained on and held out.
        validation: Why fewer are held out than asked for; empty if as many are.
        batch: That a batch holds all images; empty if it does not.
    """

    summary: str = ""
    validation: str = ""
    batch: str = ""


def dataset_counts(state: DataState, datasets: tuple[str, ...]) -> DatasetCounts | None:
    """The size of a dataset if it is known; that of CIFAR-10 is known in advance.

    Args:
        state: What is known about it.
        datasets: The datasets that it is made of.
    """
    if not isinstance(state, DatasetInfo):
        known = datasets == (CIFAR10,) and not isinstance(state, Failed)
        return CIFAR10_COUNTS if known else None
    train, test = sum(state.train_counts), sum(state.test_counts)
    alone = len(datasets) == 1 and not any(state.none_counts)
    return DatasetCounts(
        train=train,
        test=test,
        classes=len(state.classes),
        validation=sum(state.validation_counts) or None,
        first=state.sources[0].train_images if len(state.sources) > 1 else None,
        none=state.none_counts,
        is_cifar10=alone and is_cifar10(state.classes, train, test),
    )


def split_texts(config: TrainConfig | None, counts: DatasetCounts | None) -> SplitTexts:
    """Describe what becomes of so many images; empty while something is unknown.

    Args:
        config: The settings; None while they are invalid.
        counts: The size of the dataset; None while it is unknown.
    """
    if config is None or counts is None or not counts.train:
        return SplitTexts()
    _, held_out = split_sizes(config, counts)
    shown = epoch_size(config, counts)
    summary = f"{held_out:,} of the training images are held out for validation."
    validation, batch = "", ""
    if counts.validation is not None:
        summary = ""
        validation = f"Not used: the dataset has {held_out:,} validation images of its own."
    elif held_out < config.validation_images:
        first = counts.train if counts.first is None else counts.first
        validation = f"{held_out:,} are used: at most a fifth of {first:,} training images."
    if shown <= config.batch_size:
        batch = (
            f"All {shown:,} images are one batch, so an epoch is a single step. A smaller batch "
            "size gives more steps."
        )
    return SplitTexts(summary=summary, validation=validation, batch=batch)


def time_choices(forecast: Forecast | None) -> list[Choice]:
    """The entry for custom settings, then the times of a forecast; without one, just times."""
    own = Choice(key=OWN_TIME, text="Custom", helper="settings below")
    if forecast is None:
        return [own, *(Choice(key=f"{_MINUTES}{each}", text=_minutes(each)) for each in TIMES)]
    return [own, *(_time_choice(forecast, index) for index in _indices(forecast))]


def usual_times(choices: Sequence[Choice], chosen: str) -> list[Choice]:
    """The few of `time_choices` that are offered at first sight: usual ones and the chosen one."""
    usual = [_minutes(each) for each in _USUAL]
    return [each for each in choices if each.key in (OWN_TIME, chosen) or each.text in usual]


def minutes_of(key: str) -> int:
    """The minutes of a time that was offered without a forecast."""
    return int(key.removeprefix(_MINUTES))


def key_within(forecast: Forecast, minutes: int) -> str | None:
    """The longest time of a forecast up to some minutes; None if no run is so short."""
    found = [index for index in _indices(forecast) if forecast.minutes[index] <= minutes]
    return str(found[-1]) if found else None


def nothing_within(minutes: int) -> str:
    """That no run fits into a time."""
    return f"No run fits into {_minutes(minutes)} here."


def timed_config(forecast: Forecast, key: str) -> TrainConfig:
    """The config to train in the chosen time."""
    index = int(key)
    return recipe(forecast.recipes[index]).with_changes({"epochs": forecast.epochs[index]})


def time_key(forecast: Forecast | None, config: TrainConfig | None) -> str:
    """The choice that these settings match, apart from device, precision and seed."""
    if forecast is None or config is None:
        return OWN_TIME
    for index in _indices(forecast):
        planned = timed_config(forecast, str(index))
        if config == planned.with_changes({**_hardware(config), "seed": config.seed}):
            return str(index)
    return OWN_TIME


def _indices(forecast: Forecast) -> range:
    return range(len(forecast.minutes))


def _time_choice(forecast: Forecast, index: int) -> Choice:
    accuracy = forecast.accuracies[index]
    run = describe_length(forecast.recipes[index], forecast.epochs[index])
    promised = run if accuracy is None else describe_accuracy(accuracy)
    return Choice(
        key=str(index),
        text=_minutes(forecast.minutes[index]),
        helper=promised,
        tooltip=f"{run}, {formatting.roughly(forecast.seconds[index])} on {forecast.device}",
    )


def _minutes(minutes: float) -> str:
    hours = minutes / 60
    if hours >= 1:
        return f"{hours:g} hour{'s' * (hours != 1)}"
    return f"{minutes:g} minute{'s' * (minutes != 1)}"


def size_choices(also: int) -> list[Choice]:
    """The usual image sizes, and that of an earlier run."""
    sizes = sorted({*IMAGE_SIZES, also})
    return [Choice(key=str(side), text=f"{formatting.size(side, side)} pixels") for side in sizes]


def device_choices(devices: Sequence[DeviceTested]) -> list[Choice]:
    """Automatic, and every device that was tried."""
    chosen = next((each.title for each in devices if each.automatic), "")
    automatic = f"Automatic ({chosen})" if chosen else "Automatic"
    return [Choice(key=AUTOMATIC, text=automatic), *map(_device_choice, devices)]


def precision_hint(precision: str, device: str, devices: Sequence[DeviceTested]) -> str:
    """A warning about a precision that the device is slow in; empty if it is not."""
    automatic = next((each.device for each in devices if each.automatic), "")
    kind = automatic if device == AUTOMATIC else device
    slow = kind == "cpu" and precision == "float16"
    return "Many times slower than float32 on a CPU; Automatic picks the fastest." if slow else ""


def digest(config: TrainConfig | None) -> str:
    """The settings that matter most, in a few words; empty while they are invalid."""
    if config is None:
        return ""
    return f"{formatting.counted(config.epochs, 'epoch')}, batch {config.batch_size}"


def _recipe_choice(name: str, *, stays: bool) -> Choice:
    reason = why_unavailable(name)
    return Choice(
        key=name,
        text=f"{name} (not available)" if reason and not stays else name,
        tooltip=reason or recipe_sentence(name),
        enabled=stays or not reason,
    )


def _device_choice(device: DeviceTested) -> Choice:
    text = device_name(device)
    if not device.works:
        text = f"{text}, not available"
    return Choice(key=device.device, text=text, tooltip=device.reason or text, enabled=device.works)
