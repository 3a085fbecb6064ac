"""One optimization step: select images, accumulate gradients by micro-batch, update weights."""

import time
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from trainer.cancellation import CancelToken
from trainer.data.sampling import NONE
from trainer.devices.memory import OutOfMemory, out_of_memory_advice, release_unused
from trainer.distributed.data_parallel import all_reduce_gradients
from trainer.errors import DeviceError
from trainer.events.base import Event
from trainer.events.run_events import Message
from trainer.training.loss import image_losses
from trainer.training.run import SMALLEST_MICRO_BATCH, TrainingRun
from trainer.training.step_rollback import rolled_back_on_error


def take_fitting_step(
    run: TrainingRun,
    images: Tensor,
    labels: Tensor,
    *,
    emit: Callable[[Event], None],
    token: CancelToken,
) -> None:
    """Train on one batch, halving the micro-batch size until it fits in memory.

    Args:
        run: The run to advance by one step.
        images: The batch or this process's share of it, uint8 [B, 3, H, W] on the device.
        labels: Class indices or `NONE`, int64 [B] on the device.
        emit: Receives a warning each time the micro-batch size is halved.
        token: Cancels the step.

    Raises:
        Cancelled: If `token` was cancelled; the run is then as it was before the step.
        DeviceError: If not even the smallest micro-batch fits.
    """
    while not _fits(run, images, labels, token):
        emit(Message(level="warning", text=halve_micro_batch_size(run)))


def _fits(run: TrainingRun, images: Tensor, labels: Tensor, token: CancelToken) -> bool:
    # The tensors that the error refers to can only be freed once this function has returned.
    try:
        take_step(run, images, labels, token)
    except OutOfMemory:
        return False
    return True


def take_step(
    run: TrainingRun, images: Tensor, labels: Tensor, token: CancelToken | None = None
) -> None:
    """Train on one batch: uint8 images [B, 3, H, W] and int64 labels [B] on the device.

    Raises:
        Cancelled: If `token` was cancelled; the run is then as it was before the step.
        OutOfMemory: If a micro-batch does not fit in memory; likewise.
    """
    start = time.perf_counter()
    _begin(run)
    with rolled_back_on_error(run.trained):
        with run.group.collective_errors():
            images, labels = select_images(run, images, labels)
            sums = accumulate_gradients(run, images, labels, token or CancelToken())
        all_reduce_gradients(run.trained, sums, run.group)
    run.optimizer.step()
    if run.hard_examples is not None:
        run.hard_examples.end_step()
    run.epoch_sums += sums
    run.step += 1
    run.seconds += time.perf_counter() - start


def _begin(run: TrainingRun) -> None:
    if run.at_end_of_epoch:
        run.epoch_sums.zero_()
    run.network.train()
    decays_linearly = run.config.reduce_on_plateau is None
    run.optimizer.schedule(run.step, None if decays_linearly else run.monitor.scale)
    if run.hard_examples is not None:
        run.hard_examples.begin_step(run.step)


def select_images(run: TrainingRun, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """The images of a batch to train on: all of them or the hardest, in their order.

    Args:
        run: The run, whose settings give the fraction of hard examples.
        images: uint8 [B, 3, H, W] on the device.
        labels: int64 [B] on the device.
    """
    if run.hard_examples is None:
        return images, labels
    losses = [
        run.hard_examples.losses(run.to_input(micro_batch), targets)
        for micro_batch, targets in _micro_batches(images, labels, run.micro_batch_size)
    ]
    selected = torch.cat(losses).topk(run.selected_count(len(images))).indices.sort().values
    return images[selected], labels[selected]


def accumulate_gradients(
    run: TrainingRun, images: Tensor, labels: Tensor, token: CancelToken
) -> Tensor:
    """Forward and backward passes over a batch, by micro-batch; adds to the gradients.

    Args:
        run: The run whose network is trained.
        images: uint8 [B, 3, H, W] on the device.
        labels: int64 [B] on the device.
        token: Cancels the work.

    Returns:
        Loss, correct predictions and images of the batch, of those of the classes, float32 [3].

    Raises:
        Cancelled: If `token` was cancelled.
    """
    sums = torch.zeros_like(run.epoch_sums)
    for micro_batch, targets in _micro_batches(images, labels, run.micro_batch_size):
        token.check()
        sums += _backward(run, run.to_input(micro_batch), targets)
    return sums


def _backward(run: TrainingRun, batch: Tensor, labels: Tensor) -> Tensor:
    """Loss, correct predictions and images of the classes of a micro-batch, float32 [3]."""
    if run.hard_examples is not None:
        run.hard_examples.accumulate(batch, labels)
    with run.device.autocast():
        logits = run.network(batch)
    losses = image_losses(
        logits.float(),
        labels,
        label_smoothing=run.config.label_smoothing,
        none_weight=run.config.none_weight,
    )
    losses.sum().backward()  # type: ignore[no-untyped-call]
    known = labels != NONE
    correct = logits.argmax(1) == labels
    return torch.stack([(losses.detach() * known).sum(), correct.sum(), known.sum()])


def _micro_batches(images: Tensor, labels: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
    # Equal micro-batches, as batch normalization fails on a last one of a single image.
    count = -(-len(labels) // size)
    return zip(images.tensor_split(count), labels.tensor_split(count), strict=True)


def halve_micro_batch_size(run: TrainingRun) -> str:
    """Halve the images per forward pass; batch size, learning rate and number of steps stay.

    Returns:
        A sentence for the user.

    Raises:
        DeviceError: If the micro-batches would be too small.
    """
    release_unused(run.device.torch_device)
    before = min(run.micro_batch_size, run.trained_batch_size)
    run.micro_batch_size = before // 2
    if run.micro_batch_size < SMALLEST_MICRO_BATCH:
        raise DeviceError(
            f"{run.device.title} does not have enough memory for this network, not even with "
            f"{before} images at a time. {out_of_memory_advice(run.device)}"
        )
    return (
        f"The memory of {run.device.title} is full. Each forward pass now takes "
        f"{run.micro_batch_size} images instead of {before}; batch size and learning rate stay the "
        "same."
    )
