"""The network of `best`: its size, its residual connections, and that all of it is trained."""

from itertools import pairwise
from pathlib import Path

import torch
from msgspec.structs import replace
from torch import nn
from torch.nn import functional as F

from tests.trainer.small_runs import run
from tests.trainer.tiny import CLASSES, tiny_config
from trainer.config.recipes import best
from trainer.models.model_file import load_model
from trainer.models.registry import build
from trainer.models.sprint_resnet import ResidualGroup

WIDTHS = (8, 8, 12)


def test_it_has_nine_convolutions_and_ten_million_parameters() -> None:
    network = build(best().architecture, 10, best().widths)
    groups = [each for each in network.modules() if isinstance(each, ResidualGroup)]
    filters = [each for each in network.modules() if isinstance(each, nn.Conv2d)]
    assert (len(groups), len(filters)) == (3, 1 + 9)
    channels = [24, 128, 384, 512]
    convolutions = sum(
        9 * (before * after + 2 * after * after) for before, after in pairwise(channels)
    )
    # Each channel with batch norm has a fixed scale and a bias; the first layer has biases too.
    others = 24 * 12 + 24 + sum(3 * 2 * width for width in best().widths) + 512 * 10
    assert sum(each.numel() for each in network.parameters()) == convolutions + others


def test_a_residual_connection_carries_the_output_of_the_first_convolution() -> None:
    torch.manual_seed(0)
    group = ResidualGroup(4, 6).eval()
    nn.init.zeros_(group.conv3.weight)
    features = torch.randn(2, 4, 9, 9)
    with torch.no_grad():
        assert torch.allclose(group(features), F.gelu(group.halved(features)))
        assert group(features).shape == (2, 6, 4, 4)


def test_every_filter_is_trained_and_the_network_is_saved(tmp_path: Path) -> None:
    config = replace(tiny_config(epochs=2), architecture="sprint-resnet", widths=WIDTHS)
    torch.manual_seed(config.seed)
    before = build("sprint-resnet", len(CLASSES), WIDTHS).state_dict()
    run(tmp_path, config)
    network, card = load_model(tmp_path / "model.safetensors")
    assert (card.architecture, card.widths) == ("sprint-resnet", WIDTHS)
    after = network.state_dict()
    learned = [name for name in before if "conv" in name or name.endswith("norm3.bias")]
    assert len(learned) == 9 + 3
    assert not any(torch.equal(before[name], after[name]) for name in learned)
