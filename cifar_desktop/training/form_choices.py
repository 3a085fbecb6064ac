"""What the training form offers and how it puts that into words; used by form and Training tab."""

import base64
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from cifar_desktop.training.widgets.dataset.state import Described
from cifar_desktop.ui import formatting
from cifar_desktop.ui.choice_field import Choice
from trainer.config.recipes import RECIPES, recipe, sprint, why_unavailable
from trainer.config.train_config import Augmentation, TrainConfig
from trainer.errors import ConfigError
from trainer.events.command_events import DataDescribed, DeviceTried, Forecast
from trainer.planning.plan_text import length_in_words, promise

CIFAR10 = "cifar10"
OWN_TIME = "own"
AUTOMATIC = "auto"
FLIPS = (
    Choice(key="none", text="Never"),
    Choice(key="random", text="At random"),
    Choice(key="alternating", text="In every second epoch"),
)
Check = Callable[[float], str]
_KINDS = {"cpu": "CPU", "cuda": "GPU", "mps": "GPU"}


def problem(build: Callable[[], object]) -> str:
    """What is wrong with settings, as a sentence; nothing if they can be built."""
    try:
        build()
    except ConfigError as error:
        return error.message
    return ""


def check(name: str) -> Check:
    """What is wrong with a value of this setting of `TrainConfig`, as a sentence."""
    return lambda value: problem(lambda: sprint().with_changes({name: value}))


def recipe_sentence(name: str) -> str:
    """What a recipe is good for."""
    if name not in RECIPES:
        return "A recipe of another version of this program."
    paragraph = (RECIPES[name].__doc__ or "").split("\n\n")[0]
    return re.sub(r"`(.+?)`", r"“\1”", " ".join(paragraph.split()))


def recipe_choices(also: str = "") -> list[Choice]:
    """All recipes, and one that an earlier run had, which is shown even if it cannot be used."""
    names = [*RECIPES, *([also] if also and also not in RECIPES else [])]
    return [_recipe_choice(name, stays=name == also) for name in names]


def differs(config: TrainConfig, recipe: TrainConfig) -> bool:
    """Whether settings are others than the recipe's; the device is nobody's but the person's."""
    return config != recipe.with_changes({"device": config.device})


def data_choices(folders: Sequence[str]) -> list[Choice]:
    """CIFAR-10 and folders; of folders with the same name, the one around them as well."""
    names = [Path(folder).name for folder in folders]
    choices = [Choice(key=CIFAR10, text="CIFAR-10")]
    for folder, name in zip(folders, names, strict=True):
        alone = names.count(name) == 1
        text = name if alone else f"{name} (in {Path(folder).parent.name})"
        choices.append(Choice(key=folder, text=text or folder, tooltip=folder))
    return choices


def time_choices(forecast: Forecast | None) -> list[Choice]:
    """The times that a forecast knows of, below what the settings say."""
    own = Choice(key=OWN_TIME, text="By the settings below")
    return [own, *(_time_choice(forecast, index) for index in _indices(forecast) if forecast)]


def timed_config(forecast: Forecast, key: str) -> TrainConfig:
    """What to train in the time of a choice."""
    index = int(key)
    return recipe(forecast.recipes[index]).with_changes({"epochs": forecast.epochs[index]})


def time_key(forecast: Forecast | None, config: TrainConfig | None) -> str:
    """The choice whose time these settings take, whatever their device and seed."""
    if forecast is None or config is None:
        return OWN_TIME
    for index in _indices(forecast):
        planned = timed_config(forecast, str(index))
        if config == planned.with_changes({"device": config.device, "seed": config.seed}):
            return str(index)
    return OWN_TIME


def _indices(forecast: Forecast | None) -> range:
    return range(len(forecast.minutes) if forecast else 0)


def _time_choice(forecast: Forecast, index: int) -> Choice:
    accuracy = forecast.accuracies[index]
    run = length_in_words(forecast.recipes[index], forecast.epochs[index])
    promised = run if accuracy is None else promise(accuracy)
    return Choice(
        key=str(index),
        text=f"{_minutes(forecast.minutes[index])}: {promised}",
        tooltip=f"{run}, {formatting.roughly(forecast.seconds[index])} on {forecast.device}",
    )


def _minutes(minutes: float) -> str:
    hours = minutes / 60
    if hours >= 1:
        return f"{hours:g} hour{'s' * (hours != 1)}"
    return f"{minutes:g} minute{'s' * (minutes != 1)}"


def device_choices(devices: Sequence[DeviceTried]) -> list[Choice]:
    """Automatic, and each device that was tried."""
    chosen = next((each.title for each in devices if each.automatic), "")
    automatic = f"Automatic ({tidy(chosen)})" if chosen else "Automatic"
    return [Choice(key=AUTOMATIC, text=automatic), *map(_device_choice, devices)]


def device_remarks(devices: Sequence[DeviceTried]) -> list[str]:
    """Why devices cannot be used."""
    return [each.reason for each in devices if not each.works]


def device_name(device: DeviceTried) -> str:
    """What a device is called, with the kind it is of."""
    kind, name = _KINDS[device.device], tidy(device.title)
    return name if kind in name else f"{name} ({kind})" if name else kind


def tidy(title: str) -> str:
    """A processor's name without its trade marks."""
    return " ".join(re.sub(r"\((R|TM|C)\)", "", title, flags=re.IGNORECASE).split())


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


def described(event: DataDescribed) -> Described:
    """What was found out about a dataset, for the widgets."""
    return Described(
        classes=event.classes,
        train_counts=event.train_counts,
        test_counts=event.test_counts,
        unreadable=event.unreadable,
        unreadable_count=event.unreadable_count,
        side=event.image_size,
        sampled_classes=event.sampled_classes,
        samples_per_class=event.samples_per_class,
        samples=base64.b64decode(event.samples),
        seed=event.seed,
        smallest=event.smallest,
        largest=event.largest,
        means=base64.b64decode(event.means),
        duplicates=event.duplicates,
        duplicate_count=event.duplicate_count,
    )


def _recipe_choice(name: str, *, stays: bool) -> Choice:
    reason = why_unavailable(name)
    return Choice(
        key=name,
        text=f"{name}: cannot be used" if reason and not stays else name,
        tooltip=reason or recipe_sentence(name),
        enabled=stays or not reason,
    )


def _device_choice(device: DeviceTried) -> Choice:
    text = device_name(device)
    if not device.works:
        text = f"{text}: cannot be used"
    return Choice(key=device.device, text=text, tooltip=device.reason or text, enabled=device.works)


def _pixels(count: int) -> str:
    return "1 pixel" if count == 1 else f"{count} pixels"
