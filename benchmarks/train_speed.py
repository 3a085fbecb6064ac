"""Training speed of the sprint network on the CPU in four ways; `time_to_94` times whole runs.

    python -m benchmarks.train_speed [--runs 5]

The first row, float32 in the usual layout, is the reference for the others.
"""

import argparse
import statistics
import time
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from benchmarks.common import machine
from trainer.config.recipes import sprint
from trainer.data.dataset import Dataset, Split
from trainer.devices.device import Device
from trainer.devices.malloc_tuning import keep_freed_memory
from trainer.training.run import TrainingRun

IMAGES = 5000


@dataclass(frozen=True, slots=True)
class Way:
    """A precision, a memory layout, and whether freed memory is kept from here on."""

    title: str
    half: torch.dtype | None
    layout: torch.memory_format
    keeps_memory: bool = False


WAYS = (
    Way("float32, NCHW", None, torch.contiguous_format),
    Way("float32, channels last", None, torch.channels_last),
    Way("bfloat16, channels last", torch.bfloat16, torch.channels_last),
    Way("the same, memory kept", torch.bfloat16, torch.channels_last, keeps_memory=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged(Device):
    """A device with another layout than its fastest."""

    layout: torch.memory_format

    @property
    def memory_format(self) -> torch.memory_format:
        """The layout to measure."""
        return self.layout


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="steps to time, each way")
    options = parser.parse_args()
    print(machine(), f"torch {torch.__version__}, {torch.get_num_threads()} threads", sep="\n")
    print(f"images/s of the sprint network, median of {options.runs} steps of 2,000 images")
    for way in WAYS:
        print(f"  {way.title:26} {_speed(way, options.runs):6.0f}", flush=True)


def _speed(way: Way, runs: int) -> float:
    if way.keeps_memory:
        keep_freed_memory()
    cpu = torch.device("cpu")
    device = Arranged(torch_device=cpu, title="CPU", half=way.half, layout=way.layout)
    run = TrainingRun(replace(sprint(), validation_images=500), _noise(), device)
    batches = [batch for epoch in range(runs) for batch in run.batches.epoch(epoch)]
    run.take_step(*batches[0])
    return statistics.median(_images_per_second(run, *batch) for batch in batches[:runs])


def _images_per_second(run: TrainingRun, images: Tensor, labels: Tensor) -> float:
    start = time.perf_counter()
    run.take_step(images, labels)
    return len(labels) / (time.perf_counter() - start)


def _noise() -> Dataset:
    images = torch.randint(0, 256, (IMAGES, 3, 32, 32), dtype=torch.uint8)
    split = Split(images=images, labels=torch.arange(IMAGES) % 10)
    return Dataset(train=split, test=split, classes=tuple("0123456789"), name="noise")


if __name__ == "__main__":
    main()
