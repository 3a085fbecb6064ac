"""The network of `sprint`: a convolution and its pooling, computed as one."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from trainer.models import build
from trainer.models.sprint_net import mean_pooled


@pytest.mark.parametrize("size", [7, 15, 16])
def test_one_convolution_gives_what_convolution_and_mean_give(size: int) -> None:
    torch.manual_seed(0)
    layer = nn.Conv2d(5, 6, 3, padding=1, bias=False)
    features = torch.randn(2, 5, size, size)
    in_two = F.avg_pool2d(layer(features), 2)
    assert torch.allclose(mean_pooled(layer, features), in_two, atol=1e-5)


def test_both_kinds_of_pooling_take_the_same_weights_and_answer_differently() -> None:
    torch.manual_seed(0)
    images = torch.randn(4, 3, 32, 32)
    one, other = (
        build(name, 3, (8, 8, 8)).eval() for name in ("sprint-net", "max-pool-sprint-net")
    )
    other.load_state_dict(one.state_dict())
    assert one(images).shape == (4, 3)
    assert not torch.allclose(one(images), other(images), atol=0.01)
