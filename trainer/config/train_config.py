"""What a training run is asked to do; filled in by `recipes`, read by CLI, trainer and window.

Standard library only, so that the window can show settings without loading torch.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, Self, get_args

from trainer.errors import ConfigError

DeviceName = Literal["auto", "cpu", "cuda", "mps"]
Flip = Literal["none", "random", "alternating"]

MOST_EPOCHS = 10_000
"""No run may be longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Augmentation:
    """How training images are varied.

    Attributes:
        flip: `alternating` mirrors every image in every second epoch, half of them first: no image
            is seen the same way twice running (Jordan 2024).
        translate: Largest shift in pixels, in both directions; the border is reflected.
        cutout: Side in pixels of a square blanked out at random (DeVries and Taylor 2017); 0: none.
        zoom: Largest change of size; 0.2 brings an image to 80 to 120 % of it.
        color_jitter: Largest change of saturation, contrast and brightness; 0.2 multiplies each of
            them by 0.8 to 1.2.
    """

    flip: Flip = "alternating"
    translate: int = 2
    cutout: int = 0
    zoom: float = 0.0
    color_jitter: float = 0.0

    def __post_init__(self) -> None:
        _require(self.flip in get_args(Flip), f"Flip must be one of {', '.join(get_args(Flip))}.")
        _require(0 <= self.translate <= 8, "The shift must be from 0 to 8 pixels.")
        _require(0 <= self.cutout <= 31, "The blanked square must be from 0 to 31 pixels wide.")
        _require(0 <= self.zoom <= 0.9, "The change of size must be from 0 to 90 %.")
        _require(0 <= self.color_jitter <= 1, "The change of colours must be from 0 to 100 %.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MuonSettings:
    """Muon for the filters, SGD with Nesterov momentum for everything else (`trainer.optim.muon`).

    Losses are summed, not averaged, over a batch, so none of SGD's learning rates depends on the
    batch size. Muon's steps are as long for a small batch as for a large one.

    Attributes:
        kind: Which optimiser this is.
        learning_rate: Of Muon.
        momentum: Of Muon.
        head_learning_rate: Of the last linear layer.
        bias_learning_rate: Of all biases.
        sgd_momentum: Of everything but the filters.
        weight_decay: Of everything but the filters, for each image of a batch.
        whitening_epochs: Epochs after which the first layer's biases are left alone.
    """

    kind: Literal["muon"] = "muon"
    learning_rate: float = 0.16
    momentum: float = 0.7
    head_learning_rate: float = 0.67
    bias_learning_rate: float = 0.053
    sgd_momentum: float = 0.85
    weight_decay: float = 2e-6
    whitening_epochs: int = 3

    def __post_init__(self) -> None:
        for name in ("learning_rate", "head_learning_rate", "bias_learning_rate"):
            words = name.replace("_", " ")
            _require(0 < getattr(self, name) < 100, f"The {words} must be between 0 and 100.")
        for name in ("momentum", "sgd_momentum"):
            _require(0 <= getattr(self, name) < 1, f"{name} must be at least 0 and below 1.")
        _require(0 <= self.weight_decay < 1, "weight_decay must be at least 0 and below 1.")
        _require(self.whitening_epochs >= 0, "whitening_epochs must not be negative.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdamSettings:
    """Adam (Kingma and Ba 2015) for everything, which the classics are trained with.

    Weight decay is decoupled from the gradients, as in AdamW (Loshchilov and Hutter 2019).

    Attributes:
        kind: Which optimiser this is.
        learning_rate: Of every parameter.
        beta1: How slowly the mean of the gradients moves.
        beta2: How slowly the mean of their squares moves.
        weight_decay: Share of a filter or matrix that a step takes off, for a learning rate of 1;
            biases and what scales a normalised channel keep all.
    """

    kind: Literal["adam"] = "adam"
    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        _require(0 < self.learning_rate < 100, "The learning rate must be between 0 and 100.")
        for name in ("beta1", "beta2"):
            _require(0 <= getattr(self, name) < 1, f"{name} must be at least 0 and below 1.")
        _require(0 <= self.weight_decay < 1, "weight_decay must be at least 0 and below 1.")


OptimizerSettings = MuonSettings | AdamSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyStopping:
    """When to end a run that no longer learns; its best network is kept.

    Attributes:
        patience: Epochs without a smaller validation loss after which the run ends.
    """

    patience: int = 10

    def __post_init__(self) -> None:
        _require_patience(self.patience)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReduceOnPlateau:
    """Smaller learning rates whenever the validation loss stands still, as Keras has it.

    Attributes:
        patience: Epochs without a smaller validation loss before the rates fall.
        factor: What the rates are multiplied by.
    """

    patience: int = 3
    factor: float = 0.5

    def __post_init__(self) -> None:
        _require_patience(self.patience)
        _require(0 < self.factor < 1, "The factor must be between 0 and 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """Everything that decides what a run computes, and nothing that does not.

    Attributes:
        recipe: The recipe it came from.
        architecture: A name in `trainer.models.MODELS`.
        widths: Channels of the network's groups.
        epochs: Passes over the training images.
        batch_size: Images a step.
        hardest_share: Share of every batch that is trained on: those images that a small network,
            trained alongside, finds hardest (`trainer.training.hard_examples`), at least eight; 1 takes all.
        chunk_size: Images pushed through the network at a time; their gradients are summed until a
            batch is full. Batch normalisation sees a chunk, and a chunk should fit into the caches.
        optimizer: Which optimiser, with learning rates and momenta.
        label_smoothing: Share of the target spread evenly over the classes (Szegedy et al. 2016).
        augmentation: How training images are varied.
        validation_images: Training images put aside to watch the run and to calibrate its network;
            never more than a fifth of a small dataset.
        early_stopping: When to end before the last epoch; None for never.
        plateau: When to lower the learning rates; None to lower them evenly, to zero at the end.
        seed: Of initial weights, order and augmentation.
        device: Where it runs; `auto` takes the fastest that works.
    """

    recipe: str
    architecture: str = "sprint-net"
    widths: tuple[int, ...] = (64, 256, 256)
    epochs: int = 10
    batch_size: int = 1000
    hard_example_fraction: float = 1.0
    chunk_size: int = 500
    optimizer: OptimizerSettings = field(default_factory=MuonSettings)
    label_smoothing: float = 0.2
    augmentation: Augmentation = field(default_factory=Augmentation)
    validation_images: int = 2000
    early_stopping: EarlyStopping | None = None
    plateau: ReduceOnPlateau | None = None
    seed: int = 0
    device: DeviceName = "auto"

    def __post_init__(self) -> None:
        _require(1 <= self.epochs <= MOST_EPOCHS, f"Epochs must be from 1 to {MOST_EPOCHS:,}.")
        _require(2 <= self.batch_size <= 100_000, "The batch size must be from 2 to 100,000.")
        _require(
            0.1 <= self.hard_example_fraction <= 1, "The share trained on must be from 10 to 100 %."
        )
        _require(2 <= self.chunk_size <= 100_000, "The chunk size must be from 2 to 100,000.")
        _require(all(width >= 1 for width in self.widths), "Widths must be at least 1.")
        _require(0 <= self.label_smoothing < 1, "Label smoothing must be at least 0 and below 1.")
        _require(self.validation_images >= 1, "At least one image must be put aside to validate.")
        _require(0 <= self.seed < 2**63, "The seed must be from 0 to 2^63 - 1.")
        _require(
            self.device in get_args(DeviceName),
            f"The device must be one of {', '.join(get_args(DeviceName))}.",
        )

    def to_json(self) -> str:
        """The config as JSON, for `from_json`."""
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            ConfigError: If it is something else.
        """
        try:
            values = json.loads(text)
            values["widths"] = tuple(values["widths"])
            values["optimizer"] = _optimizer(values["optimizer"])
            values["augmentation"] = Augmentation(**values["augmentation"])
            if values["early_stopping"] is not None:
                values["early_stopping"] = EarlyStopping(**values["early_stopping"])
            if values["plateau"] is not None:
                values["plateau"] = ReduceOnPlateau(**values["plateau"])
            return cls(**values)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ConfigError(
                "These settings were not written by this version of the program.",
                details=repr(error),
            ) from error

    def with_changes(self, changes: Mapping[str, Any]) -> Self:
        """A copy with other values; `learning_rate` is the optimiser's.

        Raises:
            ConfigError: If a value makes no sense.
        """
        rest = dict(changes)
        optimizer = self.optimizer
        if "learning_rate" in rest:
            optimizer = replace(optimizer, learning_rate=rest.pop("learning_rate"))
        unknown = rest.keys() - {each.name for each in fields(self)}
        _require(not unknown, f"There is no setting {', '.join(sorted(unknown))}.")
        return replace(self, optimizer=optimizer, **rest)


def _optimizer(values: dict[str, Any]) -> OptimizerSettings:
    return AdamSettings(**values) if values.get("kind") == "adam" else MuonSettings(**values)


def _require_patience(epochs: int) -> None:
    message = f"The patience must be from 1 to {MOST_EPOCHS:,} epochs."
    _require(1 <= epochs <= MOST_EPOCHS, message)


def _require(condition: bool, message: str) -> None:  # noqa: FBT001 - reads as an assertion
    if not condition:
        raise ConfigError(message)
