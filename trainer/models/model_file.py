"""The model file: tensors and, as JSON in their metadata, all that is needed to use them.

Written at the end of a run, read by the predictor, the window and anyone with safetensors. Opening
one runs no code from it. Only the functions that make tensors import torch.
"""

import json
import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.errors import ModelFileError
from trainer.files.atomic_write import write_atomically

if TYPE_CHECKING:
    from trainer.models.network import Network

FORMAT_VERSION = 1
METADATA_KEY = "cifar_desktop"
MAX_HEADER_BYTES = 10_000_000
MOST_MEMBERS = 100
"""A damaged file must not make the program build networks without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What a model file says of its network.

    Of an ensemble, `recipe` and `command` name those of all members, `seed` is that of the first,
    and `parameters` and the epochs among the figures are sums.

    Attributes:
        architecture: A name in `trainer.models.MODELS`.
        widths: Channels of the network's groups.
        classes: Class names, in the order of the logits.
        input_size: Side of the input in pixels.
        mean: Of the training images' channels, of values from 0 to 1.
        std: Their standard deviations.
        temperature: What to divide logits by for honest probabilities.
        unknown_threshold: Below this `energy_score` a picture probably shows none of the classes.
        recipe: The recipe that made it.
        data: The dataset's name.
        date: When, as ISO 8601.
        command: The command line that made it.
        seed: Of the run.
        parameters: Numbers in the network.
        members: Networks that answer together (`trainer.models.ensemble`); mostly one.
        figures: Accuracies and calibration, by name.
    """

    architecture: str
    widths: tuple[int, ...]
    classes: tuple[str, ...]
    input_size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    temperature: float
    unknown_threshold: float
    recipe: str = ""
    data: str = ""
    date: str = ""
    command: str = ""
    seed: int = 0
    parameters: int = 0
    members: int = 1
    figures: dict[str, float] = field(default_factory=dict)


def read_card(path: Path) -> ModelCard:
    """What the file says of its network, without loading it (or torch).

    Raises:
        ModelFileError: If it is missing, damaged, foreign or of a newer version.
    """
    return _parse_card(path, _read_header(path))


def save_model(path: Path, network: "Network", card: ModelCard) -> None:
    """Write a network and its card as one file.

    Weights of layers are stored in half precision, which costs no accuracy and half the size;
    statistics and biases stay as they are.

    Raises:
        StorageError: If it cannot be written.
    """
    from safetensors.torch import save_file

    tensors = {
        name: (value.half() if value.ndim > 1 else value).cpu().contiguous()
        for name, value in network.state_dict().items()
    }
    document = json.dumps({"format_version": FORMAT_VERSION, **asdict(card)})
    write_atomically(path, lambda file: save_file(tensors, file, {METADATA_KEY: document}))


def load_model(path: Path) -> tuple["Network", ModelCard]:
    """Read a network, on the CPU, in float32 and ready to predict, and its card.

    Raises:
        ModelFileError: If it is missing, damaged, foreign or of a newer version.
    """
    from safetensors.torch import load_file

    card = read_card(path)
    with _damaged(path):
        network = _untrained(card)
        tensors = load_file(path)
        network.load_state_dict(
            {name: value.float() if value.is_floating_point() else value
             for name, value in tensors.items()}
        )  # fmt: skip
    return network.eval(), card


def _untrained(card: ModelCard) -> "Network":
    from trainer.models.ensemble import Ensemble
    from trainer.models.registry import build

    members = [
        build(card.architecture, len(card.classes), card.widths) for _ in range(card.members)
    ]
    return Ensemble(members) if card.members > 1 else members[0]


def _read_header(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > MAX_HEADER_BYTES:
                raise ModelFileError(f"“{path.name}” is not a model file of this program.")
            header = json.loads(file.read(length))
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
    return header if isinstance(header, dict) else {}


def _parse_card(path: Path, header: dict[str, Any]) -> ModelCard:
    with _damaged(path):
        metadata = header.get("__metadata__") or {}
        if METADATA_KEY not in metadata:
            raise ModelFileError(
                f"“{path.name}” holds a network of another program: what this one needs to know "
                "to use it is missing."
            )
        values = json.loads(metadata[METADATA_KEY])
        version = values.pop("format_version")
        if version != FORMAT_VERSION:
            raise ModelFileError(
                f"“{path.name}” has the model format {version}; this program reads "
                f"{FORMAT_VERSION}. Use a newer program."
            )
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return _validated(ModelCard(**values | lists))


def _validated(card: ModelCard) -> ModelCard:
    numbers = (*card.mean, *card.std, card.temperature, card.unknown_threshold)
    if not (
        len(card.mean) == len(card.std) == 3
        and all(math.isfinite(number) for number in numbers)
        and min(*card.std, card.temperature) > 0
        and 1 <= card.input_size <= 1024
        and len(card.classes) >= 2
        and 1 <= card.members <= MOST_MEMBERS
        and all(isinstance(name, str) for name in card.classes)
    ):
        raise ValueError(f"impossible values: {card}")
    return card


@contextmanager
def _damaged(path: Path) -> Iterator[None]:
    """Turn whatever a damaged file makes libraries raise into one error for a person."""
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
