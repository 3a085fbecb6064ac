"""The model file: tensors, and in their metadata, as JSON, all that is needed to use them.

Written at the end of a run; read by the predictor, the window and anyone with safetensors. Opening
one runs no code from it. Only the functions that make tensors import torch.
"""

import json
import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import Meta

from trainer.errors import ModelFileError
from trainer.files.atomic_write import write_atomically
from trainer.files.json_decoding import decode_json

if TYPE_CHECKING:
    from trainer.models.network import Network

FORMAT_VERSION = 1
METADATA_KEY = "cifar_desktop"
MAX_HEADER_BYTES = 10_000_000

Weights = Literal["float16", "int8"]
Positive = Annotated[float, Meta(gt=0)]


class SourceRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dataset that a network was trained on.

    Attributes:
        name: `cifar10`, or the name of the folder.
        train_images: Number of its training images, including those held out for validation.
        none_images: Number of its pictures of other things to train on.
    """

    name: str
    train_images: int
    none_images: int = 0


class ModelCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model file says about its network.

    For an ensemble, `recipe` and `command` are those of all members, `seed` is that of the first,
    and `parameters` and the epochs among the figures are sums.

    Attributes:
        format_version: Version of the file format.
        architecture: Name in `trainer.models.registry.MODELS`.
        widths: Number of channels of each group of layers.
        classes: Class names, in the order of the logits.
        input_size: Width and height of the input in pixels.
        mean: Mean of each channel of the training images, in units of the range 0 to 1.
        std: Standard deviation of each channel, likewise.
        temperature: Divisor of the logits that calibrates the probabilities (Guo et al. 2017).
        unknown_threshold: `energy_score` below which an image probably shows none of the classes.
        threshold_from: What the threshold was fixed on: held-out pictures of other things, or only
            the validation images.
        recipe: Name of the recipe.
        data: Name of the dataset.
        sources: The datasets that were used together; empty in old files.
        date: Date of the training, in ISO 8601.
        command: Command line that made the network.
        seed: Seed of the run.
        parameters: Number of parameters.
        members: Number of networks whose predictions are averaged (`trainer.models.ensemble`). The
            limit keeps damaged files from building networks without end.
        weights: How the file stores filters and weight matrices: in half precision, or as eight
            bits with a scale per filter (`trainer.models.eight_bits`).
        figures: Accuracies and calibration error, by name.
    """

    format_version: int = FORMAT_VERSION
    architecture: str
    widths: tuple[int, ...]
    classes: Annotated[tuple[str, ...], Meta(min_length=2)]
    input_size: Annotated[int, Meta(ge=1, le=1024)]
    mean: tuple[float, float, float]
    std: tuple[Positive, Positive, Positive]
    temperature: Positive
    unknown_threshold: float
    threshold_from: Literal["validation", "none"] = "validation"
    recipe: str = ""
    data: str = ""
    sources: tuple[SourceRecord, ...] = ()
    date: str = ""
    command: str = ""
    seed: int = 0
    parameters: int = 0
    members: Annotated[int, Meta(ge=1, le=100)] = 1
    weights: Weights = "float16"
    figures: dict[str, float] = msgspec.field(default_factory=dict)


class _Version(msgspec.Struct):
    format_version: int


class _Header(msgspec.Struct):
    """Only the metadata in the header of a safetensors file."""

    metadata: dict[str, str] = msgspec.field(name="__metadata__", default_factory=dict)


def read_card(path: Path) -> ModelCard:
    """Read a network's card, without loading the network (or torch).

    Raises:
        ModelFileError: If the file is missing, damaged, not a model file, or of a newer version.
    """
    metadata = _read_metadata(path)
    if METADATA_KEY not in metadata:
        raise ModelFileError(
            f"“{path.name}” was made by another program and lacks the information that this one "
            "needs to use it."
        )
    with _damaged(path):
        return _decode_card(path.name, metadata[METADATA_KEY])


def save_model(path: Path, network: "Network", card: ModelCard) -> None:
    """Save a network and its card as one file.

    Weights are stored as the card says: in half precision, which halves the size and costs no
    accuracy, or in eight bits, which halves it again. Biases and the statistics of normalization
    layers keep their precision.

    Raises:
        StorageError: If it cannot be written.
    """
    from safetensors.torch import save_file

    from trainer.models.eight_bits import quantized

    tensors = {name: value.cpu().contiguous() for name, value in network.state_dict().items()}
    if card.weights == "int8":
        tensors = quantized(tensors)
    else:
        tensors = {name: value.half() if value.ndim > 1 else value
                   for name, value in tensors.items()}  # fmt: skip
    document = json.dumps(msgspec.to_builtins(card))
    write_atomically(path, lambda file: save_file(tensors, file, {METADATA_KEY: document}))


def load_model(path: Path) -> tuple["Network", ModelCard]:
    """Load a network, on the CPU, in float32 and evaluation mode, and its card.

    Raises:
        ModelFileError: If the file is missing, damaged, not a model file, or of a newer version.
    """
    from safetensors.torch import load_file

    from trainer.models.eight_bits import dequantized
    from trainer.models.uninitialized import Uninitialized

    card = read_card(path)
    with _damaged(path):
        # Drawing initial weights only to replace them would take longer than reading the file.
        with Uninitialized():
            network = _untrained(card)
        tensors = load_file(path)
        if card.weights == "int8":
            tensors = dequantized(tensors)
        network.load_state_dict(
            {name: value.float() if value.is_floating_point() else value
             for name, value in tensors.items()},
            assign=True,
        )  # fmt: skip
    return network.eval(), card


def _untrained(card: ModelCard) -> "Network":
    from trainer.models.ensemble import Ensemble
    from trainer.models.registry import build

    members = [
        build(card.architecture, len(card.classes), card.widths) for _ in range(card.members)
    ]
    return Ensemble(members) if card.members > 1 else members[0]


def _read_metadata(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > MAX_HEADER_BYTES:
                raise ValueError(f"a header of {length} bytes")
            return decode_json(file.read(length), _Header).metadata
    except FileNotFoundError as error:
        raise ModelFileError(f"There is no model file “{path}”.") from error
    except OSError as error:
        raise ModelFileError(
            f"The model file “{path}” cannot be read.", details=repr(error)
        ) from error
    except (ValueError, struct.error) as error:
        raise ModelFileError(
            f"“{path.name}” is not a model file of this program, or is damaged.",
            details=repr(error),
        ) from error


def _decode_card(name: str, document: str) -> ModelCard:
    version = decode_json(document, _Version).format_version
    if version != FORMAT_VERSION:
        raise ModelFileError(
            f"“{name}” has model format {version}; this program reads {FORMAT_VERSION}. Use a "
            "newer version of CIFAR Desktop."
        )
    card = decode_json(document, ModelCard)
    numbers = (*card.mean, *card.std, card.temperature, card.unknown_threshold)
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"not finite: {card}")
    return card


@contextmanager
def _damaged(path: Path) -> Iterator[None]:
    """Turn whatever a damaged file makes the libraries raise into one error for the user."""
    try:
        yield
    except ModelFileError:
        raise
    # safetensors' and torch's errors derive from Exception and RuntimeError; none may get through.
    except Exception as error:
        raise ModelFileError(
            f"The model file “{path.name}” is damaged. Copy or train it again.",
            details=repr(error),
        ) from error
