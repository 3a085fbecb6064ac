"""Measures which precision and memory format are fastest for a network on this computer.

What a processor is fast at cannot be told from its instructions: of two with bfloat16, one trains
with it at twice the speed of float32, the other at two thirds. So a few real steps decide, and the
result is remembered for this processor, PyTorch and network (`trainer.planning.mode_record`).
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from msgspec.structs import replace

from trainer.cancellation import CancelToken
from trainer.config.image_size import images_of_size
from trainer.config.train_config import TrainConfig
from trainer.devices.compute_mode import ComputeMode, possible_modes, with_fewer_threads
from trainer.devices.device import Device
from trainer.devices.memory import out_of_memory_as_device_error, release_unused
from trainer.devices.self_test import require_correct
from trainer.errors import DeviceError
from trainer.models.network import Network
from trainer.planning.mode_record import recall, remember
from trainer.planning.speed_probe import noise_run
from trainer.training.run import SMALLEST_MICRO_BATCH, TrainingRun
from trainer.training.step import accumulate_gradients, select_images

CPU_IMAGES, GPU_IMAGES = 64, 1000
"""Images per step. With more, the order of the modes stays the same; with fewer, converting the
weights would count for too much."""
MIN_ROUNDS, MAX_ROUNDS = 2, 8
"""Steps of each mode, by turns; the fastest counts, as other programs only slow a step down."""
BUDGET_SECONDS = 2.0
"""Duration of all steps, within the limits of their number."""
GAIN = 1.05
"""How much faster a less exact mode must be to be chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeChoice:
    """The mode that was chosen for a run.

    Attributes:
        device: The device, computing in that mode.
        speeds: Training speed of each mode that was tried, in images per second; empty if there
            was nothing to choose from.
    """

    device: Device
    speeds: dict[str, float]

    def __str__(self) -> str:
        """A sentence that gives all speeds, the chosen one first."""
        chosen = str(self.device.mode)
        others = [f"{mode} {speed:,.0f}" for mode, speed in self.speeds.items() if mode != chosen]
        return (
            f"Computing in {chosen}, the fastest here: {self.speeds[chosen]:,.0f} images/s"
            f" ({'; '.join(others)})."
        )


def choose_mode(
    config: TrainConfig, device: Device, *, classes: int, token: CancelToken
) -> ModeChoice:
    """Choose how to compute a run: as its config says, or as is fastest.

    Args:
        config: Settings of the run.
        device: Device to train on.
        classes: Number of classes.
        token: Cancels the work.

    Raises:
        Cancelled: If the token was cancelled.
        DeviceError: If the device cannot compute in the precision of the config.
    """
    modes = possible_modes(device.torch_device, config.precision)
    if config.precision != "auto":
        _require_possible(device.in_mode(modes[-1]))
    if len(modes) == 1:
        return ModeChoice(device=device.in_mode(modes[0]), speeds={})
    speeds = recall(config, device) or {}
    if not {str(mode) for mode in modes} <= speeds.keys():
        speeds = speeds | _measure(config, device, modes, classes=classes, token=token)
        remember(config, device, speeds)
    return ModeChoice(device=device.in_mode(fastest(speeds)), speeds=speeds)


def fastest(speeds: dict[str, float]) -> ComputeMode:
    """The fastest mode; float32 unless another precision is faster by `GAIN`."""
    modes = [mode for text in speeds if (mode := ComputeMode.parse(text)) is not None]
    return max(modes, key=lambda mode: speeds[str(mode)] * (1 if mode.half else GAIN))


def fastest_for_inference(network: Network, device: Device, *, image_size: int) -> Device:
    """The device in the mode in which a network's forward passes are fastest.

    Args:
        network: Network in eval mode; it is moved to the device.
        device: Device to compute on.
        image_size: Width and height of the images in pixels.
    """
    modes = [mode for mode in possible_modes(device.torch_device, "auto") if mode.channels_last]
    if len(modes) < 2:
        return device
    speeds = dict.fromkeys(map(str, modes), 0.0)
    for _ in range(1 + MIN_ROUNDS):
        for mode in modes:
            speed = _forward_speed(network, device.in_mode(mode), image_size)
            speeds[str(mode)] = max(speeds[str(mode)], speed)
    return device.in_mode(fastest(speeds))


def _forward_speed(network: Network, device: Device, image_size: int) -> float:
    network = network.to(device.torch_device).to(memory_format=device.memory_format)
    count = device.evaluation_batch(image_size)
    images = torch.zeros(count, 3, image_size, image_size)
    images = images.to(device.torch_device).contiguous(memory_format=device.memory_format)
    start = time.perf_counter()
    with torch.inference_mode(), device.autocast():
        network(images).tolist()
    return len(images) / (time.perf_counter() - start)


def _require_possible(device: Device) -> None:
    try:
        require_correct(device)
    except DeviceError as error:
        raise DeviceError(
            f"{device.title} cannot compute in {device.precision} with this PyTorch. Use another "
            "precision, or auto.",
            details=f"{error}\n{error.details}",
        ) from error


def _measure(
    config: TrainConfig,
    device: Device,
    modes: tuple[ComputeMode, ...],
    *,
    classes: int,
    token: CancelToken,
) -> dict[str, float]:
    images = CPU_IMAGES if device.torch_device.type == "cpu" else GPU_IMAGES
    images = max(SMALLEST_MICRO_BATCH, images_of_size(images, config.image_size))
    small = replace(config, batch_size=min(config.batch_size, images))
    threads = torch.get_num_threads()
    try:
        with out_of_memory_as_device_error(device):
            speeds = _race(small, device, modes, classes, token)
            fewer = with_fewer_threads(fastest(speeds), device.torch_device)
            return speeds | _race(small, device, fewer, classes, token)
    finally:
        torch.set_num_threads(threads)
        release_unused(device.torch_device)


def _race(
    config: TrainConfig,
    device: Device,
    modes: Iterable[ComputeMode],
    classes: int,
    token: CancelToken,
) -> dict[str, float]:
    runs = {str(mode): noise_run(config, device.in_mode(mode), classes) for mode in modes}
    for run in runs.values():
        _step_seconds(run)  # the first step is always slower
    seconds = dict.fromkeys(runs, float("inf"))
    start = time.perf_counter()
    for number in range(MAX_ROUNDS):
        if number >= MIN_ROUNDS and time.perf_counter() - start > BUDGET_SECONDS:
            break
        for mode, run in runs.items():
            token.check()
            seconds[mode] = min(seconds[mode], _step_seconds(run))
    return {mode: run.batches.batch_size / seconds[mode] for mode, run in runs.items()}


def _step_seconds(run: TrainingRun) -> float:
    # Without the optimizer's part, which is the same in every mode.
    run.device.in_mode(run.device.mode)  # sets the number of threads
    images, labels = next(run.batches.epoch(0))
    start = time.perf_counter()
    images, labels = select_images(run, images, labels)
    sums = accumulate_gradients(run, images, labels, CancelToken())
    sums.tolist()  # a GPU computes asynchronously; reading a result waits for it
    return time.perf_counter() - start
