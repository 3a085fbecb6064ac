"""Training speed of the sprint network on the CPU in several modes; see `time_to_94` for full runs.

    python -m benchmarks.train_speed [--runs 5]

The first row, float32 in the default memory format, is the reference for the others.
"""

import argparse
import statistics
import time
from dataclasses import dataclass

import torch
from msgspec.structs import replace
from torch import Tensor

from benchmarks.common import machine
from trainer.config.recipes import sprint
from trainer.data.dataset import Dataset, Split
from trainer.devices.compute_mode import ComputeMode
from trainer.devices.device import PLAIN_CPU
from trainer.devices.malloc_tuning import keep_freed_memory
from trainer.training.run import TrainingRun
from trainer.training.step import take_step

IMAGES = 5000


@dataclass(frozen=True, slots=True)
class Variant:
    """A precision, a memory format, and whether freed memory is kept from here on."""

    title: str
    mode: ComputeMode
    keeps_memory: bool = False


_MODES = (
    ComputeMode("float32", channels_last=False),
    ComputeMode("float32", channels_last=True),
    ComputeMode("bfloat16", channels_last=True),
)
VARIANTS = (
    *(Variant(str(mode), mode) for mode in _MODES),
    *(Variant(f"{mode}, memory kept", mode, keeps_memory=True) for mode in _MODES[1:]),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="steps to time per variant")
    options = parser.parse_args()
    print(machine(), f"torch {torch.__version__}, {torch.get_num_threads()} threads", sep="\n")
    batch_size = sprint().batch_size
    print(f"images/s of sprint at batch size {batch_size:,}, median of {options.runs} steps")
    for variant in VARIANTS:
        print(f"  {variant.title:37} {_speed(variant, options.runs):6.0f}", flush=True)


def _speed(variant: Variant, runs: int) -> float:
    if variant.keeps_memory:
        keep_freed_memory()
    device = PLAIN_CPU.in_mode(variant.mode)
    run = TrainingRun(replace(sprint(), validation_images=500), _noise(), device)
    batches = [batch for epoch in range(runs) for batch in run.batches.epoch(epoch)]
    take_step(run, *batches[0])
    return statistics.median(_images_per_second(run, *batch) for batch in batches[:runs])


def _images_per_second(run: TrainingRun, images: Tensor, labels: Tensor) -> float:
    start = time.perf_counter()
    take_step(run, images, labels)
    return len(labels) / (time.perf_counter() - start)


def _noise() -> Dataset:
    images = torch.randint(0, 256, (IMAGES, 3, 32, 32), dtype=torch.uint8)
    split = Split(images=images, labels=torch.arange(IMAGES) % 10)
    return Dataset(train=split, test=split, classes=tuple("0123456789"), name="noise")


if __name__ == "__main__":
    main()
