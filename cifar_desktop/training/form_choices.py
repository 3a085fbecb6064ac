"""What the training form offers and how it puts that into words; used by form and Training tab."""

import re
from collections.abc import Callable, Sequence

from cifar_desktop.common.device_text import device_name
from cifar_desktop.ui import formatting
from cifar_desktop.ui.choice_field import Choice
from trainer.config.recipes import RECIPES, recipe, sprint, why_unavailable
from trainer.config.train_config import TrainConfig
from trainer.errors import ConfigError
from trainer.events.command_events import DeviceTried, Forecast
from trainer.planning.plan_text import length_in_words, promise

OWN_TIME = "own"
AUTOMATIC = "auto"
FLIPS = (
    Choice(key="none", text="Never"),
    Choice(key="random", text="At random"),
    Choice(key="alternating", text="In every second epoch"),
)
Check = Callable[[float], str]


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
    automatic = f"Automatic ({chosen})" if chosen else "Automatic"
    return [Choice(key=AUTOMATIC, text=automatic), *map(_device_choice, devices)]


def device_hints(devices: Sequence[DeviceTried]) -> list[str]:
    """Why devices cannot be used."""
    return [each.reason for each in devices if not each.works]


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
