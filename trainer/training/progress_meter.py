"""Measures and reports how a run progresses: speed, time left, losses, validation."""

import time

import torch
from torch.nn import functional as F

from trainer.devices.memory import used_memory
from trainer.events.run_events import EpochFinished, Progress
from trainer.training.run import TrainingRun

PROGRESS_SECONDS = 0.25


class ProgressMeter:
    """Follows a run from its start, or from where it was resumed."""

    def __init__(self, run: TrainingRun) -> None:
        self._run = run
        self._started = self._reported = time.perf_counter()
        self._first_step = run.step
        self.begin_epoch()

    def begin_epoch(self) -> None:
        """Start measuring an epoch, or the rest of one."""
        run = self._run
        self._epoch_started = self._interval_started = time.perf_counter()
        self._epoch_first_step = self._reported_step = run.step
        self._reported_sums = [0.0] * 3 if run.at_end_of_epoch else run.read_sums()

    @property
    def is_due(self) -> bool:
        """Whether it is time for another progress event."""
        return time.perf_counter() - self._reported >= PROGRESS_SECONDS

    def progress(self) -> Progress:
        """Loss, accuracy and speed since the last progress event or the start of the epoch.

        Raises:
            TrainingDiverged: If the loss or a weight is not finite.
        """
        run = self._run
        sums = run.read_sums()
        loss, correct, images = (a - b for a, b in zip(sums, self._reported_sums, strict=True))
        run.require_finite()
        now, steps = time.perf_counter(), run.step - self._reported_step
        # Includes validation and checkpoints, which the rest of the run will have as well.
        steps_per_second = (run.step - self._first_step) / (now - self._started)
        progress = Progress(
            epoch=(run.step - 1) // len(run.batches) + 1,
            step=run.step,
            steps=run.steps,
            loss=loss / images,
            accuracy=correct / images,
            images_per_second=steps * run.batches.batch_size / (now - self._interval_started),
            learning_rate=run.optimizer.learning_rate,
            seconds_left=(run.steps - run.step) / steps_per_second,
            memory=used_memory(run.device.torch_device),
        )
        self._reported = self._interval_started = now
        self._reported_sums, self._reported_step = sums, run.step
        return progress

    def finish_epoch(self) -> EpochFinished:
        """Validate the network and summarize the epoch.

        Raises:
            TrainingDiverged: If the loss or a weight is not finite.
        """
        run = self._run
        loss, correct, images = run.read_sums()
        run.require_finite()
        train_seconds = time.perf_counter() - self._epoch_started
        validation_loss, validation_accuracy = validate(run)
        steps = run.step - self._epoch_first_step
        return EpochFinished(
            epoch=run.epoch,
            train_loss=loss / images,
            train_accuracy=correct / images,
            validation_loss=validation_loss,
            validation_accuracy=validation_accuracy,
            learning_rate=run.optimizer.learning_rate,
            seconds=time.perf_counter() - self._epoch_started,
            images_per_second=steps * run.batches.batch_size / train_seconds,
        )


@torch.inference_mode()
def validate(run: TrainingRun) -> tuple[float, float]:
    """Mean cross-entropy and accuracy on the validation split, one forward pass per image."""
    run.network.eval()
    device, split = run.device, run.validation
    share = slice(run.group.rank, None, run.group.size)
    count = device.evaluation_batch(split.images.size(-1))
    batches = (
        torch.split(whole[share].to(device.torch_device), count)
        for whole in (split.images, split.labels)
    )
    sums = torch.zeros(2, device=device.torch_device)
    for images, labels in zip(*batches, strict=True):
        with device.autocast():
            logits = run.network(run.to_input(images))
        loss = F.cross_entropy(logits.float(), labels, reduction="sum")
        sums += torch.stack([loss, (logits.argmax(1) == labels).sum()])
    run.group.sum_([sums])
    loss_sum, correct = sums.tolist()
    return loss_sum / len(split), correct / len(split)
