"""A run between two steps: network, optimisers, data, position; stepped by `trainer.training`."""

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.augment import Batches
from trainer.checkpoint import Checkpoint, random_states, restore_random_states
from trainer.config import TrainConfig
from trainer.data import Dataset, train_validation_split
from trainer.device import Device
from trainer.errors import CheckpointError, TrainingDiverged
from trainer.evaluation import BATCH, normalise
from trainer.events import RunStarted
from trainer.models import build
from trainer.optim import OptimizerPair

WHITENING_IMAGES = 5000
SMALLEST_TRAINING_SHARE = 5
"""At most one image in so many is put aside, however few there are."""
SMALLEST_DEVIATION = 1e-3
"""Of a channel that never varies, so that normalising it does not divide by nothing."""

Channels = tuple[float, float, float]


class TrainingRun:
    """Network, optimisers, data and position of a run.

    Attributes:
        config: What was asked.
        dataset: The data, training and test.
        device: Where it runs.
        network: Being trained.
        batches: The training images.
        validation: The images put aside.
        mean: Of the training images' channels, of values from 0 to 1.
        std: Their standard deviations.
        steps: Steps of the whole run.
        step: Steps taken.
        epoch_sums: Loss, correct answers and images of the running epoch, float64 [3].
    """

    def __init__(self, config: TrainConfig, dataset: Dataset, device: Device) -> None:
        torch.manual_seed(config.seed)
        self.config, self.dataset, self.device = config, dataset, device
        training, self.validation = train_validation_split(
            dataset.train,
            min(config.validation_images, len(dataset.train) // SMALLEST_TRAINING_SHARE),
            config.seed,
        )
        self.mean, self.std = _channel_statistics(training.images)
        self.batches = Batches(
            training.images,
            training.labels,
            config.augmentation,
            batch_size=config.batch_size,
            seed=config.seed,
            device=device.torch_device,
        )
        self.steps = config.epochs * len(self.batches)
        self.step = 0
        self.seconds = 0.0
        self.epoch_sums = torch.zeros(3)
        self._build(_sample(training.images, WHITENING_IMAGES, config.seed))

    def _build(self, sample: Tensor) -> None:
        config, device = self.config, self.device
        network = build(config.architecture, len(self.dataset.classes), config.widths)
        network.prepare(normalise(sample, self.mean, self.std))
        self.network = network.to(device.torch_device).to(memory_format=device.memory_format)
        self.epoch_sums = self.epoch_sums.to(device.torch_device)
        self.optimizer = OptimizerPair(
            self.network,
            config.optimizer,
            batch_size=self.batches.batch_size,
            steps=self.steps,
            whitening_steps=config.optimizer.whitening_epochs * len(self.batches),
        )

    @property
    def epoch(self) -> int:
        """The running epoch, from 0."""
        return self.step // len(self.batches)

    @property
    def parameters(self) -> int:
        """Numbers in the network."""
        return sum(weight.numel() for weight in self.network.parameters())

    def require_finite(self) -> None:
        """Make sure that training still makes sense.

        Raises:
            TrainingDiverged: If the loss or a weight is no longer a number.
        """
        numbers = [self.epoch_sums, *self.network.parameters()]
        if not all(bool(each.isfinite().all()) for each in numbers):
            raise TrainingDiverged(
                "The loss is no longer a number: training diverged. Start a new run with a smaller "
                "learning rate (--learning-rate)."
            )

    def started(self) -> RunStarted:
        """The run in figures, as its first event."""
        return RunStarted(
            recipe=self.config.recipe,
            data=self.dataset.name,
            device=str(self.device),
            train_images=len(self.dataset.train) - len(self.validation),
            validation_images=len(self.validation),
            test_images=len(self.dataset.test),
            classes=self.dataset.classes,
            parameters=self.parameters,
            epochs=self.config.epochs,
            steps=self.steps,
            first_step=self.step,
        )

    def take_step(self, images: Tensor, labels: Tensor) -> None:
        """Train on one batch: uint8 images [B, 3, H, W] and labels [B] on the device."""
        start = time.perf_counter()
        if self.step % len(self.batches) == 0:
            self.epoch_sums.zero_()
        self.network.train()
        self.optimizer.schedule(self.step)
        for chunk in _chunks(images, labels, self.config.chunk_size):
            self.epoch_sums += self._accumulate(*chunk)
        self.optimizer.step()
        self.step += 1
        self.seconds += time.perf_counter() - start

    def _accumulate(self, images: Tensor, labels: Tensor) -> Tensor:
        """Add the gradients of a few images; their loss, correct answers and number."""
        with self.device.autocast():
            logits = self.network(self._input(images))
        loss = F.cross_entropy(
            logits.float(), labels, label_smoothing=self.config.label_smoothing, reduction="sum"
        )
        loss.backward()  # type: ignore[no-untyped-call]
        correct = (logits.argmax(1) == labels).sum()
        return torch.stack([loss.detach(), correct, correct.new_tensor(len(labels))])

    def _input(self, images: Tensor) -> Tensor:
        batch = normalise(images, self.mean, self.std)
        return batch.contiguous(memory_format=self.device.memory_format)

    @torch.inference_mode()
    def validate(self) -> tuple[float, float]:
        """Mean cross-entropy and accuracy of the images put aside, one forward pass each."""
        self.network.eval()
        loss, correct = 0.0, 0
        pairs = zip(
            torch.split(self.validation.images, BATCH),
            torch.split(self.validation.labels, BATCH),
            strict=True,
        )
        for images, labels in pairs:
            with self.device.autocast():
                logits = self.network(self._input(images.to(self.device.torch_device)))
            logits = logits.float().cpu()
            loss += F.cross_entropy(logits, labels, reduction="sum").item()
            correct += int((logits.argmax(1) == labels).sum())
        return loss / len(self.validation), correct / len(self.validation)

    def checkpoint(self) -> Checkpoint:
        """The state between two steps.

        Raises:
            TrainingDiverged: If it is not worth keeping.
        """
        self.require_finite()
        return Checkpoint(
            config=self._identity,
            step=self.step,
            seconds=self.seconds,
            network=self.network.state_dict(),
            optimizer=self.optimizer.state_dict(),
            random=random_states(),
            epoch_sums=self.epoch_sums,
        )

    @cached_property
    def _identity(self) -> str:
        # Where it runs does not matter: a run may move from one device to another.
        settings = replace(self.config, device="auto").to_json()
        train = self.dataset.train
        checksum = f"checksum {train.checksum():08x}"
        return f"{settings}\n{len(train)} images, {checksum}, {self.dataset.classes}"

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint of the same settings and as many images.

        Raises:
            CheckpointError: If it was saved with others.
        """
        if checkpoint.config != self._identity:
            raise CheckpointError(
                "The checkpoint was saved with other settings or other data, so the run cannot go "
                "on exactly where it was. Start a new one.",
                details=f"saved: {checkpoint.config}\nnow: {self._identity}",
            )
        self.network.load_state_dict(checkpoint.network)
        self.optimizer.load_state_dict(checkpoint.optimizer)
        self.epoch_sums = checkpoint.epoch_sums
        self.step, self.seconds = checkpoint.step, checkpoint.seconds
        restore_random_states(checkpoint.random)


def _chunks(images: Tensor, labels: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
    # Equal parts: batch normalisation cannot do with a last chunk of one image.
    count = -(-len(labels) // size)
    return zip(images.tensor_split(count), labels.tensor_split(count), strict=True)


def _sample(images: Tensor, count: int, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return images[torch.randperm(len(images), generator=generator)[:count]]


def _channel_statistics(images: Tensor) -> tuple[Channels, Channels]:
    means, deviations = zip(*map(_mean_and_deviation, images.unbind(1)), strict=True)
    return means, deviations


def _mean_and_deviation(channel: Tensor) -> tuple[float, float]:
    # Counting values is exact, and needs no float copy of the dataset.
    values = torch.arange(256, dtype=torch.float64) / 255
    counts = torch.bincount(channel.flatten(), minlength=256).double()
    share = counts / counts.sum()
    mean = (share * values).sum()
    deviation = (share * (values - mean) ** 2).sum().sqrt()
    return mean.item(), max(deviation.item(), SMALLEST_DEVIATION)
