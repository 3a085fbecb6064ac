"""Times a few steps of a run on images of noise; for `cifar-trainer probe`."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import torch

from trainer.cancellation import CancelToken
from trainer.config.train_config import MuonSettings, OptimizerSettings, TrainConfig
from trainer.data.dataset import Dataset, Split
from trainer.data.normalization import normalize
from trainer.data.validation_size import VALIDATION_DIVISOR
from trainer.devices.device import Device
from trainer.devices.memory import OutOfMemory, out_of_memory_as_device_error
from trainer.events.command_events import Probed
from trainer.inference.views import predict_tta
from trainer.planning.duration import TEST_VIEWS
from trainer.training.run import TrainingRun

ROUGH = 32
"""Images of a step that tells roughly how fast the device is."""
LARGEST_BATCH = 4096
"""Beyond it speed no longer depends on the batch."""
STEP_SECONDS = 0.8
"""What the timed step may take; it has as many images of the batch as that allows."""
FAIR = 96
"""With fewer images a step says little of the whole batch, least of all on a busy computer."""
LONGEST_SECONDS = 2.0
"""What the timed step may take for the sake of that."""
BUDGET_SECONDS = 0.3
"""For all repetitions of one measurement, as far as their numbers allow."""
FEWEST, MOST = 4, 10
"""Repetitions; in one of four the small network learns that chooses the hardest images."""
LASTING = 1000
"""Epochs of noise, each a step: more than are ever timed."""
SIDE = 32
"""Of the images, in pixels, as `load_dataset` gives them."""


def probe(
    config: TrainConfig,
    device: Device,
    *,
    classes: int,
    token: CancelToken,
    processes: int = 1,
    parameter_seconds: float = 0.0,
) -> Probed:
    """Find out how long training and answering take.

    Args:
        config: What would be trained.
        device: Where.
        classes: How many classes the network would tell apart.
        token: Stops the work.
        processes: How many share the images of a step.
        parameter_seconds: What a step takes for each parameter, to tell the others its gradient.

    Raises:
        Cancelled: If the token asked to stop.
        DeviceError: If the device's memory is full.
    """
    with out_of_memory_as_device_error(device):
        run = _noisy_run(config, device, classes)
        stopwatch = _Stopwatch(run, token)
        count = _affordable(stopwatch, min(config.batch_size, LARGEST_BATCH), config.chunk_size)
        whole, step = stopwatch.step_seconds(count), stopwatch.optimizer_seconds()
        image = max(0.0, whole - step) / count + stopwatch.fetch_seconds()
        return Probed(
            device=str(device),
            image_seconds=image / processes,
            step_seconds=step + run.parameters * parameter_seconds,
            forward_seconds=stopwatch.forward_seconds(),
        )


def _affordable(stopwatch: "_Stopwatch", batch: int, chunk: int) -> int:
    """How many images of a batch can be timed; whole chunks, if it is more than one."""
    rough = min(ROUGH, batch)
    image = stopwatch.step_seconds(rough) / rough
    seconds = max(STEP_SECONDS, min(LONGEST_SECONDS, FAIR * image))
    count = min(batch, max(rough, int(seconds / image)))
    return count if count == batch or count < chunk else count - count % chunk


def _noisy_run(config: TrainConfig, device: Device, classes: int) -> TrainingRun:
    batch = min(config.batch_size, LARGEST_BATCH)
    small = replace(
        config, epochs=LASTING, batch_size=batch, validation_images=1, optimizer=_lasting(config)
    )
    dataset = Dataset(
        train=_noise(batch + 2 * VALIDATION_DIVISOR),
        test=_noise(1),
        classes=tuple(map(str, range(classes))),
        name="noise",
    )
    return TrainingRun(small, dataset, device)


def _lasting(config: TrainConfig) -> OptimizerSettings:
    settings = config.optimizer
    if not isinstance(settings, MuonSettings):
        return settings
    # The noise is an epoch of one step; the first layer must not be left alone after three of them,
    # because the steps of a short run all train it.
    return replace(settings, whitening_epochs=LASTING)


def _noise(count: int) -> Split:
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(256, (count, 3, SIDE, SIDE), generator=generator, dtype=torch.uint8)
    # All of one class: of hundreds of them a batch may hold too few to put one aside.
    return Split(images=images, labels=torch.zeros(count, dtype=torch.int64))


class _Stopwatch:
    """Times parts of a run, each as often as there is time for.

    The mean counts: the quickest would tell what a device can do for a moment, and not what it
    keeps up beside all else that it has to do.
    """

    def __init__(self, run: TrainingRun, token: CancelToken) -> None:
        self._run, self._token = run, token
        self._images, self._labels = next(run.batches.epoch(0))

    def fetch_seconds(self) -> float:
        """Of choosing and varying one image."""
        return self._mean(lambda: next(self._run.batches.epoch(0))) / len(self._labels)

    def step_seconds(self, count: int) -> float:
        """Of a step of so many images."""
        return self._mean(lambda: self._take_step(count))

    def optimizer_seconds(self) -> float:
        """Of the optimiser's part of a step."""
        return self._mean(self._optimize)

    def forward_seconds(self) -> float:
        """Of one forward pass of one image, as the run is judged at its end."""
        run = self._run
        run.network.eval()
        count = run.device.evaluation_batch
        images = normalize(self._images[:count], run.mean, run.std)
        images = images.contiguous(memory_format=run.device.memory_format)

        def evaluate() -> None:
            # Asked for, the answer of a graphics card is waited for.
            predict_tta(run.network, images, run.device)[0].cpu()

        seconds = self._mean(evaluate)
        return seconds / (TEST_VIEWS * len(images))

    def _take_step(self, count: int) -> None:
        try:
            self._run.take_step(self._images[:count], self._labels[:count], self._token)
            self._wait()
        except OutOfMemory:
            self._run.use_less_memory()
            self._take_step(count)

    def _optimize(self) -> None:
        for weight in self._run.network.parameters():
            if weight.requires_grad:
                weight.grad = torch.zeros_like(weight)
        self._run.optimizer.step()
        self._wait()

    def _wait(self) -> None:
        # A GPU works behind our back; what it is asked for it must have done.
        self._run.read_sums()

    def _mean(self, work: Callable[[], object]) -> float:
        # The first time is slow always; a run has that once.
        work()
        seconds: list[float] = []
        while len(seconds) < FEWEST or (sum(seconds) < BUDGET_SECONDS and len(seconds) < MOST):
            self._token.check()
            start = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - start)
        return statistics.fmean(seconds)
