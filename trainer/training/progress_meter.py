"""When a run tells how it goes, and what it tells; used by `trainer.training.loop`."""

import time

import torch
from torch.nn import functional as F

from trainer.devices.memory import used_memory
from trainer.events.run_events import EpochFinished, Progress
from trainer.training.run import TrainingRun

PROGRESS_SECONDS = 0.25


class ProgressMeter:
    """Follows a run from its start, or from where it was resumed: speed, time left, news."""

    def __init__(self, run: TrainingRun) -> None:
        self._run = run
        self._begun = self._told = time.perf_counter()
        self._first_step = run.step
        self.begin_epoch()

    def begin_epoch(self) -> None:
        """Start the figures of an epoch, or of what is left of it."""
        run = self._run
        self._epoch_begun = self._since = time.perf_counter()
        self._epoch_first_step = self._told_step = run.step
        self._told_sums = [0.0] * 3 if run.at_end_of_epoch else run.read_sums()

    def progress_due(self) -> bool:
        """Whether the person has waited long enough for news."""
        return time.perf_counter() - self._told >= PROGRESS_SECONDS

    def progress(self) -> Progress:
        """How the steps went since the last telling, or since the epoch began.

        Raises:
            TrainingDiverged: If the loss is no longer a number.
        """
        run = self._run
        sums = run.read_sums()
        loss, correct, images = (a - b for a, b in zip(sums, self._told_sums, strict=True))
        run.require_finite()
        now, steps = time.perf_counter(), run.step - self._told_step
        # With validation and checkpoints, which the rest of the run will have as well.
        speed = (run.step - self._first_step) / (now - self._begun)
        told = Progress(
            epoch=(run.step - 1) // len(run.batches) + 1,
            step=run.step,
            steps=run.steps,
            loss=loss / images,
            accuracy=correct / images,
            images_per_second=steps * run.batches.batch_size / (now - self._since),
            learning_rate=run.optimizer.learning_rate,
            seconds_left=(run.steps - run.step) / speed,
            memory=used_memory(run.device.torch_device),
        )
        self._told = self._since = now
        self._told_sums, self._told_step = sums, run.step
        return told

    def epoch_finished(self) -> EpochFinished:
        """Validate, and sum up the epoch.

        Raises:
            TrainingDiverged: If the loss is no longer a number.
        """
        run = self._run
        loss, correct, images = run.read_sums()
        run.require_finite()
        trained = time.perf_counter() - self._epoch_begun
        validation_loss, validation_accuracy = validate(run)
        steps = run.step - self._epoch_first_step
        return EpochFinished(
            epoch=run.epoch,
            train_loss=loss / images,
            train_accuracy=correct / images,
            validation_loss=validation_loss,
            validation_accuracy=validation_accuracy,
            learning_rate=run.optimizer.learning_rate,
            seconds=time.perf_counter() - self._epoch_begun,
            images_per_second=steps * run.batches.batch_size / trained,
        )


@torch.inference_mode()
def validate(run: TrainingRun) -> tuple[float, float]:
    """Mean cross-entropy and accuracy of the images put aside, one forward pass each."""
    run.network.eval()
    device = run.device
    mine = slice(run.group.rank, None, run.group.size)
    aside = run.validation
    batches = (
        torch.split(whole[mine].to(device.torch_device), device.evaluation_batch)
        for whole in (aside.images, aside.labels)
    )
    sums = torch.zeros(2, device=device.torch_device)
    for images, labels in zip(*batches, strict=True):
        with device.autocast():
            logits = run.network(run.input(images))
        loss = F.cross_entropy(logits.float(), labels, reduction="sum")
        sums += torch.stack([loss, (logits.argmax(1) == labels).sum()])
    run.group.sum_([sums])
    loss_sum, correct = sums.tolist()
    return loss_sum / len(aside), correct / len(aside)
