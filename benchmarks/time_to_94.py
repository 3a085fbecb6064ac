"""Accuracy and duration of complete `sprint` runs: training, evaluation, and their parts.

    python -m benchmarks.time_to_94 --runs 5 --data cifar10 [--recipe sprint] [--epochs N]
        [--device auto] [--first-seed 0] [--json FILE]

Every run is a complete one, from its first step to the model file, each with a different seed. A
few warm-up steps and a validation are timed separately before them: kernels are loaded once per
process, not once per run.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

import torch
from msgspec.structs import replace
from torch._C._autograd import DeviceType
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.common import machine
from trainer.cancellation import CancelToken
from trainer.config.recipes import RECIPES, recipe
from trainer.config.train_config import DeviceName, TrainConfig
from trainer.data.dataset import Dataset
from trainer.data.loading import load_dataset
from trainer.devices.device import Device
from trainer.devices.discovery import find_device
from trainer.devices.malloc_tuning import keep_freed_memory
from trainer.errors import TrainerError
from trainer.evaluation.evaluate import evaluate
from trainer.events.base import Event
from trainer.events.run_events import EpochFinished
from trainer.models.model_file import load_model
from trainer.runs.run_folder import RunFolder
from trainer.training.loop import train
from trainer.training.progress_meter import validate
from trainer.training.run import TrainingRun
from trainer.training.step import take_step

GOAL = 0.94
WARM_UP_STEPS = 3
SIDE = 4096
PRODUCTS = 9
ACCURACIES = ("accuracy_single", "accuracy", "accuracy_tta")
MATRIX_WORK = ("convolution", "addmm", "::mm", "bmm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run.

    Attributes:
        seed: Seed for weights, order and augmentation.
        accuracy_single: Test accuracy with a single forward pass.
        accuracy: Test accuracy as the program predicts, image and mirror image averaged.
        accuracy_tta: Test accuracy with six views, as in the speed records.
        training: Duration of all steps, in seconds.
        between: Duration of everything between them, in seconds: setup, sampling and augmentation,
            validation after each epoch, checkpoints. On a GPU, waiting for a step counts as
            training.
        evaluation: Duration of calibration, evaluation and writing, in seconds.
        speed: Images per second, in training.
        achieved: Floating-point operations per second of convolutions and matrix products, in
            training.
        possible: The same for a large matrix product alone, just before the run: the speed of a
            shared machine changes from hour to hour.
    """

    seed: int
    accuracy_single: float
    accuracy: float
    accuracy_tta: float
    training: float
    between: float
    evaluation: float
    speed: float
    achieved: float
    possible: float

    @property
    def whole(self) -> float:
        """Duration of the complete run, in seconds."""
        return self.training + self.between + self.evaluation


def main() -> None:
    """Measure and print."""
    options = _options()
    keep_freed_memory()
    try:
        device, dataset = find_device(options.device), load_dataset(options.data)
        config = recipe(options.recipe)
        if options.epochs is not None:
            config = replace(config, epochs=options.epochs)
        warm_up = _warm_up(config, dataset, device)
    except TrainerError as error:
        raise SystemExit(error.message) from error
    print(f"{machine()}; {device}; {config.recipe}, {config.epochs} epochs")
    print(f"warm-up: {warm_up:.1f} s; matrix work: "
          f"{_matrix_share(config, dataset, device):.0%} of the time of a step")  # fmt: skip
    print("seed  one pass  mirrored  six views  training     between  evaluation   whole  images/s"
          "  GFLOP/s  product's")  # fmt: skip
    work = _work(config, dataset, device)
    runs: list[Measured] = []
    for seed in range(options.first_seed, options.first_seed + options.runs):
        runs.append(_measure(replace(config, seed=seed), dataset, device, work))
        print(_row(f"{seed:>4}", [runs[-1]], statistics.mean), flush=True)
        if options.json is not None:
            options.json.write_text(json.dumps([asdict(each) for each in runs], indent=1))
    if len(runs) > 1:
        print(_row("mean", runs, statistics.mean))
        print(_row(" std", runs, statistics.stdev))
    reached = sum(each.accuracy_tta >= GOAL for each in runs)
    print(f"{reached} of {len(runs)} reach {GOAL:.0%} with six views")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Accuracy and duration of complete runs.")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="number of runs (5)")
    parser.add_argument("--data", default="cifar10", metavar="DIR|cifar10", help="dataset")
    parser.add_argument("--recipe", choices=RECIPES, default="sprint", help="recipe (sprint)")
    parser.add_argument("--epochs", type=int, metavar="N", help="instead of the recipe's")
    parser.add_argument(
        "--device", choices=get_args(DeviceName), default="auto", help="device (auto)"
    )
    parser.add_argument(
        "--first-seed", type=int, default=0, metavar="N", help="seed of the first run (0)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results there")
    return parser.parse_args()


def _warm_up(config: TrainConfig, dataset: Dataset, device: Device) -> float:
    """Duration of a few steps and a validation, which load kernels, in seconds."""
    start = time.perf_counter()
    run = TrainingRun(config, dataset, device)
    _take_steps(run, WARM_UP_STEPS)
    validate(run)
    return time.perf_counter() - start


def _take_steps(run: TrainingRun, count: int) -> None:
    # The first batch over and over: a small dataset may have only one.
    batch = next(run.batches.epoch(0))
    for _ in range(count):
        take_step(run, *batch)
    # Waits for a GPU, which computes asynchronously.
    run.read_sums()


def _matrix_share(config: TrainConfig, dataset: Dataset, device: Device) -> float:
    run = TrainingRun(config, dataset, device)
    _take_steps(run, 1)
    on_gpu = device.torch_device.type == "cuda"
    kinds = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if on_gpu else [])]
    with profile(activities=kinds) as profiled:
        _take_steps(run, 1)
    attribute = "self_device_time_total" if on_gpu else "self_cpu_time_total"
    # Kernels are listed again under their own names; operations already include them.
    times = {
        each.key: getattr(each, attribute)
        for each in profiled.key_averages()
        if each.device_type == DeviceType.CPU
    }
    return _share_of_matrices(times)


def _share_of_matrices(times: dict[str, float]) -> float:
    matrices = sum(
        spent for name, spent in times.items() if any(part in name for part in MATRIX_WORK)
    )
    return matrices / sum(times.values())


def _work(config: TrainConfig, dataset: Dataset, device: Device) -> float:
    """Floating-point operations of convolutions and matrix products per training image."""
    run = TrainingRun(config, dataset, device)
    # Most steps are like the last one, in which the first layer is frozen.
    run.step = run.steps - 1
    with FlopCounterMode(display=False) as counter:
        _take_steps(run, 1)
    flops: float = counter.get_total_flops() / run.batches.batch_size
    return flops


def _product_speed(device: Device) -> float:
    """Floating-point operations per second of a large matrix product, in a run's precision."""
    matrix = torch.randn(SIDE, SIDE, device=device.torch_device, dtype=device.mode.half)
    seconds = []
    for _ in range(PRODUCTS):
        start = time.perf_counter()
        # Reading a number waits for a GPU, which computes asynchronously.
        (matrix @ matrix)[0, 0].item()
        seconds.append(time.perf_counter() - start)
    return 2 * SIDE**3 / statistics.median(seconds)


def _measure(config: TrainConfig, dataset: Dataset, device: Device, work: float) -> Measured:
    epoch_ends: list[float] = []
    possible = _product_speed(device)

    def note(event: Event) -> None:
        if isinstance(event, EpochFinished):
            epoch_ends.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as place:
        folder = RunFolder(Path(place, "run"))
        folder.create(config, (dataset.name,))
        begun = time.perf_counter()
        run = TrainingRun(config, dataset, device)
        finished = train(run, folder, emit=note, token=CancelToken())
        figures = finished.figures | {"accuracy_tta": _six_views(folder, dataset, device)}
        ended = time.perf_counter()
    speed = run.step * run.batches.batch_size / run.seconds
    return Measured(
        seed=config.seed,
        **{name: figures[name] for name in ACCURACIES},
        training=run.seconds,
        between=epoch_ends[-1] - begun - run.seconds,
        evaluation=ended - epoch_ends[-1],
        speed=speed,
        achieved=work * speed,
        possible=possible,
    )


def _six_views(folder: RunFolder, dataset: Dataset, device: Device) -> float:
    network, card = load_model(folder.model)
    test = dataset.test
    result = evaluate(network, card, test.images, test.labels, device=device, six_views=True)
    return result.figures.accuracy_tta or 0.0


def _row(title: str, runs: Sequence[Measured], combine: Any) -> str:
    def of(name: str) -> float:
        return float(combine([getattr(each, name) for each in runs]))

    accuracies = [f"{of(name):8.2%}" for name in ACCURACIES]
    seconds = [f"{of(name):8.1f} s" for name in ("training", "between", "evaluation", "whole")]
    flops = " ".join(f"{of(name) / 1e9:9,.0f}" for name in ("achieved", "possible"))
    return f"{title}  {'  '.join(accuracies)} {' '.join(seconds)} {of('speed'):9,.0f} {flops}"


if __name__ == "__main__":
    main()
