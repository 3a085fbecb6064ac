"""What makes the processes of a world train one network; used by `trainer.training.run`.

Each computes the gradients of its part of a batch. All of them take the same step.
"""

import torch
from torch import Tensor, nn

from trainer.distributed.process_group import ProcessGroup


def broadcast_parameters(network: nn.Module, group: ProcessGroup) -> None:
    """Give all processes the same weights, and running statistics that keep pace.

    Args:
        network: On its device, with first weights.
        world: The processes.
    """
    if group.size == 1:
        return
    # Computed by each of them, but not by all processors alike.
    group.broadcast_(list(network.state_dict().values()))
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d | nn.BatchNorm1d) and module.momentum is not None:
            # Each process sees a share of the chunks; the statistics must not lag for that.
            module.momentum = 1 - (1 - module.momentum) ** group.size


def seed_per_rank(group: ProcessGroup, *, seed: int, step: int) -> None:
    """Have dropout leave out something else in each process."""
    if not group.is_main:
        torch.manual_seed((seed + step * group.size + group.rank) % 2**63)


def all_reduce_gradients(network: nn.Module, sums: Tensor, group: ProcessGroup) -> None:
    """Add up what the processes found in their parts of a batch; statistics are averaged.

    Args:
        network: With the gradients of this process.
        sums: Of losses and the like, float32.
        world: The processes.
    """
    if group.size == 1:
        return
    gradients = [each.grad for each in network.parameters() if each.grad is not None]
    statistics = [each for each in network.buffers() if each.is_floating_point()]
    group.sum_([*gradients, sums, *statistics])
    for each in statistics:
        each.div_(group.size)
