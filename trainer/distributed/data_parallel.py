"""Data-parallel training: each process computes the gradients of its share of every batch."""

import torch
from torch import Tensor, nn

from trainer.distributed.process_group import ProcessGroup


def broadcast_parameters(network: nn.Module, group: ProcessGroup) -> None:
    """Give all processes the same initial weights, and adapt batch norm to shared batches.

    Args:
        network: A newly initialized network on its device.
        group: The processes that train it.
    """
    if group.size == 1:
        return
    # Each process computed them, but not every processor gives the same results.
    group.broadcast_(list(network.state_dict().values()))
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d | nn.BatchNorm1d) and module.momentum is not None:
            # Each process updates the running statistics less often; they must not lag for it.
            module.momentum = 1 - (1 - module.momentum) ** group.size


def seed_per_rank(group: ProcessGroup, *, seed: int, step: int) -> None:
    """Make dropout differ between the processes."""
    if not group.is_main:
        torch.manual_seed((seed + step * group.size + group.rank) % 2**63)


def all_reduce_gradients(network: nn.Module, sums: Tensor, group: ProcessGroup) -> None:
    """Sum gradients and `sums` over all processes, and average the running statistics.

    Args:
        network: A network with the gradients of this process.
        sums: Further values to sum, such as losses, float32.
        group: The processes that train the network.
    """
    if group.size == 1:
        return
    gradients = [each.grad for each in network.parameters() if each.grad is not None]
    statistics = [each for each in network.buffers() if each.is_floating_point()]
    group.sum_([*gradients, sums, *statistics])
    for each in statistics:
        each.div_(group.size)
