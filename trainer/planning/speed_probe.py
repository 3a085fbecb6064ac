"""Measures training speed with a few steps on noise; for `cifar-trainer probe`."""

import statistics
import time
from collections.abc import Callable

import torch
from msgspec.structs import replace

from trainer.cancellation import CancelToken
from trainer.config.train_config import MuonSettings, OptimizerSettings, TrainConfig
from trainer.data.dataset import Dataset, Split
from trainer.data.normalization import normalize
from trainer.data.validation_size import VALIDATION_DIVISOR
from trainer.devices.device import Device
from trainer.devices.memory import OutOfMemory, out_of_memory_as_device_error
from trainer.events.command_events import SpeedMeasured
from trainer.inference.views import predict_both
from trainer.planning.duration import TEST_VIEWS
from trainer.training.run import TrainingRun
from trainer.training.step import halve_micro_batch_size, take_step

ROUGH_IMAGES = 32
"""Images per step for a first, rough measurement."""
LARGEST_BATCH = 4096
"""Beyond it the speed no longer depends on the batch size."""
STEP_SECONDS = 0.8
"""Target duration of the timed step; it uses as many images of the batch as fit."""
MIN_IMAGES = 96
"""With fewer images a step is not representative of a batch, above all on a busy computer."""
LONGEST_SECONDS = 2.0
"""Limit of the duration of the timed step to reach `MIN_IMAGES`."""
BUDGET_SECONDS = 0.3
"""Duration of all repetitions of one measurement, within the limits of their number."""
MIN_REPEATS, MAX_REPEATS = 4, 10
"""Repetitions; the small network that selects hard examples trains in one of four."""
MANY_EPOCHS = 1000
"""Epochs of one step each, more than are ever timed."""


def probe(
    config: TrainConfig,
    device: Device,
    *,
    classes: int,
    token: CancelToken,
    processes: int = 1,
    parameter_seconds: float = 0.0,
) -> SpeedMeasured:
    """Measure how long training and inference take.

    Args:
        config: Settings of the run.
        device: Device to measure.
        classes: Number of classes.
        token: Cancels the work.
        processes: Number of processes that share the images of a step.
        parameter_seconds: Seconds per parameter and step to exchange gradients.

    Raises:
        Cancelled: If the token was cancelled.
        DeviceError: If the device runs out of memory.
    """
    with out_of_memory_as_device_error(device):
        run = noise_run(config, device, classes)
        stopwatch = _Stopwatch(run, token)
        count = _affordable_images(
            stopwatch, min(config.batch_size, LARGEST_BATCH), config.micro_batch_size
        )
        whole, step = stopwatch.step_seconds(count), stopwatch.optimizer_seconds()
        image = max(0.0, whole - step) / count + stopwatch.fetch_seconds()
        return SpeedMeasured(
            device=str(device),
            image_seconds=image / processes,
            step_seconds=step + run.parameters * parameter_seconds,
            forward_seconds=stopwatch.forward_seconds(),
        )


def _affordable_images(stopwatch: "_Stopwatch", batch: int, micro_batch: int) -> int:
    """How many images of a batch can be timed: whole micro-batches, if more than one."""
    rough = min(ROUGH_IMAGES, batch)
    image = stopwatch.step_seconds(rough) / rough
    seconds = max(STEP_SECONDS, min(LONGEST_SECONDS, MIN_IMAGES * image))
    count = min(batch, max(rough, int(seconds / image)))
    return count if count == batch or count < micro_batch else count - count % micro_batch


def noise_run(config: TrainConfig, device: Device, classes: int) -> TrainingRun:
    """A run with a config's network and batch size, on noise; never to be finished."""
    batch = min(config.batch_size, LARGEST_BATCH)
    small = replace(
        config,
        epochs=MANY_EPOCHS,
        batch_size=batch,
        validation_images=1,
        optimizer=_whitening_throughout(config),
    )
    dataset = Dataset(
        train=_noise_split(batch + 2 * VALIDATION_DIVISOR, config.image_size),
        test=_noise_split(1, config.image_size),
        classes=tuple(map(str, range(classes))),
        name="noise",
    )
    return TrainingRun(small, dataset, device)


def _whitening_throughout(config: TrainConfig) -> OptimizerSettings:
    settings = config.optimizer
    if not isinstance(settings, MuonSettings):
        return settings
    # Each step is an epoch of noise: without this the first layer would be frozen after three of
    # them, while all steps of a short run train it.
    return replace(settings, whitening_epochs=MANY_EPOCHS)


def _noise_split(count: int, side: int) -> Split:
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(256, (count, 3, side, side), generator=generator, dtype=torch.uint8)
    # A single class: with hundreds of classes a batch could be too small to hold any image out.
    return Split(images=images, labels=torch.zeros(count, dtype=torch.int64))


class _Stopwatch:
    """Times parts of a run, repeatedly.

    The mean counts: the minimum would show what a device can do for a moment, not its sustained
    speed.
    """

    def __init__(self, run: TrainingRun, token: CancelToken) -> None:
        self._run, self._token = run, token
        self._images, self._labels = next(run.batches.epoch(0))

    def fetch_seconds(self) -> float:
        """Seconds to select and augment one image."""
        return self._mean(lambda: next(self._run.batches.epoch(0))) / len(self._labels)

    def step_seconds(self, count: int) -> float:
        """Seconds of a step with `count` images."""
        return self._mean(lambda: self._take_step(count))

    def optimizer_seconds(self) -> float:
        """Seconds of the optimizer's part of a step."""
        return self._mean(self._optimize)

    def forward_seconds(self) -> float:
        """Seconds of one forward pass per image, as in the final evaluation."""
        run = self._run
        run.network.eval()
        count = run.device.evaluation_batch(self._images.size(-1))
        images = normalize(self._images[:count], run.mean, run.std)
        images = images.contiguous(memory_format=run.device.memory_format)

        def evaluate() -> None:
            # Reading the result waits for the GPU.
            predict_both(run.network, images)[0].cpu()

        seconds = self._mean(evaluate)
        return seconds / (TEST_VIEWS * len(images))

    def _take_step(self, count: int) -> None:
        try:
            take_step(self._run, self._images[:count], self._labels[:count], self._token)
            self._wait()
        except OutOfMemory:
            halve_micro_batch_size(self._run)
            self._take_step(count)

    def _optimize(self) -> None:
        for weight in self._run.network.parameters():
            if weight.requires_grad:
                weight.grad = torch.zeros_like(weight)
        self._run.optimizer.step()
        self._wait()

    def _wait(self) -> None:
        # A GPU computes asynchronously; reading a result waits for it.
        self._run.read_sums()

    def _mean(self, work: Callable[[], object]) -> float:
        # The first run is always slower, but a training run pays for that only once.
        work()
        seconds: list[float] = []
        while len(seconds) < MIN_REPEATS or (
            sum(seconds) < BUDGET_SECONDS and len(seconds) < MAX_REPEATS
        ):
            self._token.check()
            start = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - start)
        return statistics.fmean(seconds)
