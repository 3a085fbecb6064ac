"""The settings of a run; filled in by `recipes`, read by the command line, trainer and window.

Imports nothing heavy, so that the window can show settings without loading torch.
"""

import json
from collections.abc import Mapping
from typing import Any, Literal, Self, get_args

import msgspec

from trainer.config.augmentation import LATER_AUGMENTATION, Augmentation
from trainer.config.checks import leave_out_defaults, require
from trainer.config.image_size import LARGEST_SIDE, SMALLEST_SIDE, USUAL_SIDE
from trainer.errors import ConfigError
from trainer.files.json_decoding import decode_json

DeviceName = Literal["auto", "cpu", "cuda", "mps"]
PrecisionName = Literal["auto", "float32", "bfloat16", "float16"]

MAX_EPOCHS = 10_000
LATER_SETTINGS = ("image_size", "balance", "none_fraction", "none_weight", "init")
"""Settings that earlier versions did not have; see `trainer.config.checks`."""


class MuonSettings(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="muon",
):
    """Muon for the filters, SGD with Nesterov momentum for all else (`trainer.optim.muon`).

    Losses are summed over a batch, not averaged, so SGD's learning rates do not depend on the batch
    size. Muon's steps have the same length whatever the batch size.

    Attributes:
        learning_rate: Learning rate of Muon.
        momentum: Momentum of Muon.
        head_learning_rate: Learning rate of the last linear layer.
        bias_learning_rate: Learning rate of all biases.
        sgd_momentum: Momentum of everything but the filters.
        weight_decay: Weight decay of everything but the filters, per image of a batch.
        whitening_epochs: Number of epochs after which the first layer's biases are frozen.
    """

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
            require(0 < getattr(self, name) < 100, f"The {words} must be between 0 and 100.")
        for name in ("momentum", "sgd_momentum"):
            require(0 <= getattr(self, name) < 1, f"{name} must be at least 0 and below 1.")
        require(0 <= self.weight_decay < 1, "weight_decay must be at least 0 and below 1.")
        require(self.whitening_epochs >= 0, "whitening_epochs must not be negative.")


class AdamSettings(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="adam",
):
    """Adam (Kingma and Ba 2015) for all parameters, as the classic networks are trained.

    Weight decay is decoupled from the gradients, as in AdamW (Loshchilov and Hutter 2019).

    Attributes:
        learning_rate: Learning rate of all parameters.
        beta1: Decay rate of the running mean of the gradients.
        beta2: Decay rate of the running mean of the squared gradients.
        weight_decay: Fraction by which a step shrinks weights of two or more dimensions, at a
            learning rate of 1; biases and scales of normalization layers are not decayed.
    """

    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        require(0 < self.learning_rate < 100, "The learning rate must be between 0 and 100.")
        for name in ("beta1", "beta2"):
            require(0 <= getattr(self, name) < 1, f"{name} must be at least 0 and below 1.")
        require(0 <= self.weight_decay < 1, "weight_decay must be at least 0 and below 1.")


OptimizerSettings = MuonSettings | AdamSettings


class EarlyStopping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When to stop a run that no longer improves; the best network is kept.

    Attributes:
        patience: Number of epochs without a lower validation loss after which the run stops.
    """

    patience: int = 10

    def __post_init__(self) -> None:
        _require_patience(self.patience)


class ReduceOnPlateau(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lower the learning rates when the validation loss stops improving, as Keras does.

    Attributes:
        patience: Number of epochs without a lower validation loss before the rates are reduced.
        factor: Factor by which the rates are multiplied.
    """

    patience: int = 3
    factor: float = 0.5

    def __post_init__(self) -> None:
        _require_patience(self.patience)
        require(0 < self.factor < 1, "The factor must be between 0 and 1.")


class TrainConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that determines what a run computes, and nothing else.

    Attributes:
        recipe: Name of the recipe it was made from.
        architecture: Name in `trainer.models.registry.MODELS`.
        widths: Number of channels of each group of layers.
        image_size: Side length in pixels to which all images are resized.
        epochs: Number of passes over the training set.
        batch_size: Number of images per optimizer step.
        hard_example_fraction: Fraction of every batch that is trained on: the images that a small
            network, trained alongside, finds hardest (`trainer.training.hard_examples`), at least
            eight; 1 for all.
        micro_batch_size: Number of images per forward and backward pass; gradients are accumulated
            over a batch. Batch norm sees one micro-batch at a time, which should fit into cache;
            of larger images there are as many fewer in it.
        optimizer: Which optimizer, with its learning rates and momenta.
        label_smoothing: Fraction of the target spread over all classes (Szegedy et al. 2016).
        augmentation: Random changes to training images.
        validation_images: Number of training images held out for validation and calibration; at
            most a fifth of a small dataset.
        early_stopping: When to stop before the last epoch; None for never.
        reduce_on_plateau: When to reduce the learning rates; None to decay them linearly to zero.
        seed: Seed for initial weights, order and augmentation.
        device: Device to train on; `auto` selects the fastest that works.
        precision: Precision of convolutions and matrix products; `auto` measures which is fastest.
        balance: How much rare classes and sources are shown more often: 0 shows all images equally
            often, 1 all classes of all sources (`trainer.data.sampling`).
        none_fraction: Share of a batch that are pictures of other things, if there are any.
        none_weight: Weight of their loss (`trainer.training.loss`).
        init: Network to start from, a model file or `default`; empty for random weights.
    """

    recipe: str
    architecture: str = "sprint-net"
    widths: tuple[int, ...] = (64, 256, 256)
    image_size: int = USUAL_SIDE
    epochs: int = 10
    batch_size: int = 1000
    hard_example_fraction: float = 1.0
    micro_batch_size: int = 500
    optimizer: OptimizerSettings = msgspec.field(default_factory=MuonSettings)
    label_smoothing: float = 0.2
    augmentation: Augmentation = msgspec.field(default_factory=Augmentation)
    validation_images: int = 2000
    early_stopping: EarlyStopping | None = None
    reduce_on_plateau: ReduceOnPlateau | None = None
    seed: int = 0
    device: DeviceName = "auto"
    precision: PrecisionName = "auto"
    balance: float = 0.0
    none_fraction: float = 0.3
    none_weight: float = 0.5
    init: str = ""

    def __post_init__(self) -> None:
        require(1 <= self.epochs <= MAX_EPOCHS, f"Epochs must be from 1 to {MAX_EPOCHS:,}.")
        require(2 <= self.batch_size <= 100_000, "The batch size must be from 2 to 100,000.")
        require(
            0.1 <= self.hard_example_fraction <= 1,
            "The hard-example fraction must be from 10 to 100 %.",
        )
        require(
            2 <= self.micro_batch_size <= 100_000, "The micro-batch size must be from 2 to 100,000."
        )
        require(all(width >= 1 for width in self.widths), "Widths must be at least 1.")
        require(
            SMALLEST_SIDE <= self.image_size <= LARGEST_SIDE,
            f"The image size must be from {SMALLEST_SIDE} to {LARGEST_SIDE} pixels.",
        )
        require(0 <= self.label_smoothing < 1, "Label smoothing must be at least 0 and below 1.")
        require(self.validation_images >= 1, "At least one image must be held out for validation.")
        require(0 <= self.seed < 2**63, "The seed must be from 0 to 2^63 - 1.")
        require(
            self.device in get_args(DeviceName),
            f"The device must be one of {', '.join(get_args(DeviceName))}.",
        )
        require(
            self.precision in get_args(PrecisionName),
            f"The precision must be one of {', '.join(get_args(PrecisionName))}.",
        )
        require(0 <= self.balance <= 1, "Balance must be from 0 to 100 %.")
        require(0 <= self.none_fraction <= 0.9, "Pictures of other things may be 0 to 90 %.")
        require(0 <= self.none_weight <= 10, "The weight of other things must be from 0 to 10.")

    def to_json(self) -> str:
        """Encode the config as JSON; equal configs give equal text, in every version."""
        # 0 and 0.0 are equal, but not as text.
        exact = msgspec.convert(msgspec.to_builtins(self), type(self))
        fields = msgspec.to_builtins(exact)
        leave_out_defaults(fields["augmentation"], Augmentation(), LATER_AUGMENTATION)
        leave_out_defaults(fields, TrainConfig(recipe=""), LATER_SETTINGS)
        return json.dumps(fields, indent=2)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Decode what `to_json` wrote.

        Raises:
            ConfigError: If it is anything else, or a value is out of range.
        """
        try:
            return decode_json(text, cls)
        except ValueError as error:
            raise ConfigError(
                "These settings were saved by another version of CIFAR Desktop. Start a new run.",
                details=str(error),
            ) from error

    def with_changes(self, changes: Mapping[str, Any]) -> Self:
        """Return a copy with other values; `learning_rate` is the optimizer's.

        Raises:
            ConfigError: If a setting does not exist, or a value is out of range.
        """
        rest = dict(changes)
        optimizer = self.optimizer
        if "learning_rate" in rest:
            learning_rate = rest.pop("learning_rate")
            optimizer = msgspec.structs.replace(optimizer, learning_rate=learning_rate)
        unknown = rest.keys() - set(self.__struct_fields__)
        require(not unknown, f"There is no setting {', '.join(sorted(unknown))}.")
        return msgspec.structs.replace(self, optimizer=optimizer, **rest)


def _require_patience(epochs: int) -> None:
    require(1 <= epochs <= MAX_EPOCHS, f"Patience must be from 1 to {MAX_EPOCHS:,} epochs.")
