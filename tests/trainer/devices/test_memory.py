"""Out-of-memory errors are distinguished from others, as PyTorch really raises them."""

import pytest
import torch

from trainer.devices.discovery import find_device
from trainer.devices.memory import (
    is_out_of_memory,
    out_of_memory_as_device_error,
    release_unused,
    total_memory,
    used_memory,
)
from trainer.errors import DeviceError

CPU = torch.device("cpu")


def test_the_errors_of_a_full_memory_are_recognized() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 60)
    assert is_out_of_memory(caught.value)
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"))
    assert is_out_of_memory(RuntimeError("MPS backend out of memory (MPS allocated: 8 GB)"))
    assert is_out_of_memory(RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling"))
    assert is_out_of_memory(MemoryError())


def test_other_errors_are_not() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.zeros(2) @ torch.zeros(3)
    assert not is_out_of_memory(caught.value)
    assert not is_out_of_memory(OSError("out of memory"))


def test_full_memory_is_a_device_error_and_other_errors_pass() -> None:
    device = find_device("cpu")
    with (
        pytest.raises(DeviceError, match="is full") as caught,
        out_of_memory_as_device_error(device),
    ):
        torch.empty(1 << 60)
    assert "memory" in caught.value.details
    with pytest.raises(RuntimeError, match="shape"), out_of_memory_as_device_error(device):
        torch.zeros(2, 2).view(3)


def test_what_the_processor_has_is_more_than_what_this_process_takes() -> None:
    used, total = used_memory(CPU), total_memory(CPU)
    release_unused(CPU)
    assert used is None or used > 10_000_000
    assert total is None or total > (used or 0)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_has_more_memory_than_this_process_uses() -> None:
    cuda = torch.device("cuda")
    kept = torch.ones(1_000_000, device=cuda)
    used, total = used_memory(cuda), total_memory(cuda)
    assert used is not None
    assert total is not None
    assert kept.nbytes <= used < total
