"""Training speed of the sprint network on the CPU in three ways, and a whole `sprint` on demand.

    python -m benchmarks.train_speed [--runs 5] [--sprint DATA]

The first row, float32 in the usual layout, is the reference for the others.
"""

import argparse
import statistics
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.common import machine
from trainer.cancel import CancelToken
from trainer.data import Dataset, Split, load_dataset
from trainer.device import Device, find_device
from trainer.events import EpochFinished, Event
from trainer.recipes import sprint
from trainer.run_folder import RunFolder
from trainer.training import train
from trainer.training_run import TrainingRun

IMAGES = 5000


@dataclass(frozen=True, slots=True)
class Way:
    """A precision and a memory layout."""

    title: str
    half: torch.dtype | None
    layout: torch.memory_format


WAYS = (
    Way("float32, NCHW", None, torch.contiguous_format),
    Way("float32, channels last", None, torch.channels_last),
    Way("bfloat16, channels last", torch.bfloat16, torch.channels_last),
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
    parser.add_argument("--sprint", metavar="DATA", help="also train sprint on this dataset")
    options = parser.parse_args()
    print(machine(), f"torch {torch.__version__}, {torch.get_num_threads()} threads", sep="\n")
    print(f"images/s of the sprint network, median of {options.runs} steps of 2,000 images")
    for way in WAYS:
        print(f"  {way.title:26} {_speed(way, options.runs):6.0f}", flush=True)
    if options.sprint:
        _whole_sprint(options.sprint)


def _speed(way: Way, runs: int) -> float:
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


def _whole_sprint(data: str) -> None:
    events: list[Event] = []
    dataset = load_dataset(data)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder(Path(folder) / "run")
        run.create(sprint(), data)
        finished = train(
            TrainingRun(sprint(), dataset, find_device("auto")),
            run,
            emit=events.append,
            token=CancelToken(),
        )
    epochs = [event for event in events if isinstance(event, EpochFinished)]
    whole, figures = time.perf_counter() - start, finished.figures
    print(
        f"sprint, {len(epochs)} epochs: {finished.seconds:.0f} s of training, {whole:.0f} s with "
        f"validation and the final evaluation\n"
        f"  validation accuracy {epochs[-1].validation_accuracy:.2%} (one pass)\n"
        f"  test accuracy {figures['accuracy']:.2%} ({figures['accuracy_single']:.2%} one pass, "
        f"{figures['accuracy_tta']:.2%} six views)"
    )


if __name__ == "__main__":
    main()
