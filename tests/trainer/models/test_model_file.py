"""Model files: what they keep, and that damaged and foreign files are refused with a reason."""

import json
import struct
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from tests.trainer.tiny import CLASSES, tiny_card
from trainer.errors import ModelFileError
from trainer.models.model_file import METADATA_KEY, ModelCard, load_model, read_card, save_model
from trainer.models.network import Network
from trainer.models.registry import build


@pytest.fixture
def network() -> Network:
    torch.manual_seed(0)
    return build("sprint-net", 3, (4, 4, 4))


@pytest.fixture
def card() -> ModelCard:
    return tiny_card(widths=(4, 4, 4), unknown_threshold=2.0, figures={"accuracy": 0.9})


@pytest.fixture
def path(tmp_path: Path, network: Network, card: ModelCard) -> Path:
    path = tmp_path / "Zoë 图片.safetensors"
    save_model(path, network, card)
    return path


def test_network_and_card_are_loaded_as_saved(
    path: Path, network: Network, card: ModelCard
) -> None:
    loaded, loaded_card = load_model(path)
    assert loaded_card == card == read_card(path)
    images = torch.rand(2, 3, 32, 32)
    assert torch.allclose(loaded(images), network.eval()(images), atol=0.02)
    assert not loaded.training


def test_weights_are_stored_in_half_precision(path: Path, network: Network) -> None:
    weights = sum(value.numel() for value in network.state_dict().values() if value.ndim > 1)
    rest = sum(value.nbytes for value in network.state_dict().values() if value.ndim <= 1)
    content = path.read_bytes()
    (header,) = struct.unpack("<Q", content[:8])
    assert len(content) == 8 + header + 2 * weights + rest


def test_anyone_with_safetensors_can_read_it(path: Path) -> None:
    from safetensors import safe_open

    with safe_open(path, "numpy") as file:
        document = json.loads(file.metadata()[METADATA_KEY])
        assert "head.weight" in file.keys()  # noqa: SIM118 - a file, not a dict
    assert document["classes"] == list(CLASSES)
    assert document["format_version"] == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"no model file.*gone\.safetensors"):
        load_model(tmp_path / "gone.safetensors")


def test_a_folder_is_not_a_model_file(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="cannot be read"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00", b"\xff" * 64, b"PK\x03\x04" * 20, b"<html>no</html>" * 9, b"\0" * 100],
    ids=["empty", "one byte", "ones", "zip", "html", "zeros"],
)
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.safetensors"
    path.write_bytes(content)
    with pytest.raises(ModelFileError):
        load_model(path)


def test_another_programs_safetensors_are_refused(tmp_path: Path) -> None:
    save_file({"weight": torch.zeros(3)}, tmp_path / "foreign.safetensors")
    with pytest.raises(ModelFileError, match="another program"):
        load_model(tmp_path / "foreign.safetensors")


def test_a_file_cut_anywhere_is_refused(path: Path) -> None:
    content = path.read_bytes()
    for length in range(0, len(content), max(1, len(content) // 40)):
        path.write_bytes(content[:length])
        with pytest.raises(ModelFileError):
            load_model(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("architecture", "vgg"),
        ("widths", [4, 4]),
        ("widths", "wide"),
        ("classes", ["only"]),
        ("classes", 7),
        ("std", [0, 0, 0]),
        ("mean", [0.5]),
        ("temperature", -1),
        ("temperature", "hot"),
        ("input_size", 10**9),
        ("format_version", 99),
        ("surprise", 1),
        ("std", [0.2, 0.2, float("nan")]),
        ("temperature", float("inf")),
        ("input_size", 32.5),
        ("members", 101),
        ("seed", True),
        ("recipe", None),
        ("figures", {"accuracy": "high"}),
    ],
)
def test_an_impossible_card_is_refused(path: Path, field: str, value: object) -> None:
    with pytest.raises(ModelFileError):
        load_model(_with(path, field, value))


def test_a_newer_format_says_so(path: Path) -> None:
    with pytest.raises(ModelFileError, match="newer version"):
        read_card(_with(path, "format_version", 99))


def _with(path: Path, field: str, value: object) -> Path:
    """Change one field of the card, leaving the tensors alone."""
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    document = json.loads(header["__metadata__"][METADATA_KEY]) | {field: value}
    header["__metadata__"][METADATA_KEY] = json.dumps(document)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + content[8 + length :])
    return path
