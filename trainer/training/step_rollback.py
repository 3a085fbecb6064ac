"""Undoes a step that fails halfway; used by `trainer.training.step`."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from trainer.devices.memory import OutOfMemory, is_out_of_memory
from trainer.training.checkpoint import random_states, restore_random_states


@contextmanager
def rolled_back_on_error(network: nn.Module) -> Iterator[None]:
    """If the block raises, restore gradients, running statistics and random number generators.

    The block must not change any weights.

    Raises:
        OutOfMemory: In place of any error that reports full memory.
    """
    buffers = [buffer.clone() for buffer in network.buffers()]
    random = random_states()
    try:
        yield
    except BaseException as error:
        _restore(network, buffers)
        restore_random_states(random)
        if is_out_of_memory(error):
            raise OutOfMemory from error
        raise


def _restore(network: nn.Module, buffers: list[torch.Tensor]) -> None:
    network.zero_grad(set_to_none=True)
    for buffer, before in zip(network.buffers(), buffers, strict=True):
        buffer.copy_(before)
