"""A step that breaks off half-way leaves no trace; used by `trainer.training.run`."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from trainer.devices.memory import OutOfMemory, is_out_of_memory
from trainer.training.checkpoint import random_states, restore_random_states


@contextmanager
def rolled_back_on_error(network: nn.Module) -> Iterator[None]:
    """Where the block raises, put gradients, averages and random numbers back to before it.

    For a block that changes no weights yet.

    Raises:
        OutOfMemory: In place of an error that says that memory is full.
    """
    averages = [buffer.clone() for buffer in network.buffers()]
    random = random_states()
    try:
        yield
    except BaseException as error:
        _restore(network, averages)
        restore_random_states(random)
        if is_out_of_memory(error):
            raise OutOfMemory from error
        raise


def _restore(network: nn.Module, averages: list[torch.Tensor]) -> None:
    network.zero_grad(set_to_none=True)
    for buffer, before in zip(network.buffers(), averages, strict=True):
        buffer.copy_(before)
