"""Copies the weights of a network, to return to them later."""

from torch import Tensor, nn


def copied_weights(network: nn.Module) -> dict[str, Tensor]:
    """A copy of all weights and statistics, on the CPU: the device's memory is for training."""
    state = network.state_dict()
    return {name: weight.detach().to("cpu", copy=True) for name, weight in state.items()}
