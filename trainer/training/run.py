"""A run between two steps: network, optimisers, data, position; stepped by `trainer.training.loop`."""

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from trainer.cancellation import CancelToken
from trainer.config.train_config import TrainConfig
from trainer.data.augmentation import Batches
from trainer.data.dataset import Dataset
from trainer.data.normalization import channel_statistics, normalize
from trainer.data.split import train_validation_split
from trainer.data.validation_size import require_enough, validation_size
from trainer.devices.device import Device
from trainer.devices.memory import (
    advice,
    out_of_memory_as_device_error,
    release_unused,
    total_memory,
)
from trainer.distributed.data_parallel import (
    all_reduce_gradients,
    broadcast_parameters,
    seed_per_rank,
)
from trainer.distributed.process_group import SINGLE_PROCESS, ProcessGroup
from trainer.errors import ConfigError, DeviceError, TrainingDiverged
from trainer.events.run_events import RunStarted
from trainer.models.registry import build
from trainer.optim.factory import make_optimizer
from trainer.training.hard_examples import HardExampleSelector
from trainer.training.step_rollback import rolled_back_on_error
from trainer.training.validation_monitor import ValidationMonitor

WHITENING_IMAGES = 5000
FEWEST_AT_A_TIME = 8
"""Images pushed through the network at a time; batch normalisation makes no sense of fewer."""


class TrainingRun:
    """Network, optimisers, data and position of a run.

    Attributes:
        config: What was asked.
        dataset: The data, training and test.
        device: Where it runs.
        world: The processes that train the network together.
        network: Being trained.
        batches: The training images.
        validation: The images put aside.
        mean: Of the training images' channels, of values from 0 to 1.
        std: Their standard deviations.
        steps: Steps of the whole run.
        step: Steps taken.
        seconds: Training time so far.
        chunk_size: Images pushed through the network at a time; fewer than asked for where memory
            turned out to be short.
        epoch_sums: Loss, correct answers and images of the running epoch, float32 [3].
        watch: Of the validation loss.
        hardest: Tells how hard images are; None where all are trained on.
        saved: Whether there is a checkpoint to go back to.
    """

    def __init__(
        self,
        config: TrainConfig,
        dataset: Dataset,
        device: Device,
        group: ProcessGroup = SINGLE_PROCESS,
    ) -> None:
        with out_of_memory_as_device_error(device):
            self._set_up(config, dataset, device, group)

    def _set_up(
        self, config: TrainConfig, dataset: Dataset, device: Device, group: ProcessGroup
    ) -> None:
        torch.manual_seed(config.seed)
        self.config, self.dataset, self.device, self.group = config, dataset, device, group
        require_enough(len(dataset.train))
        count = validation_size(config, len(dataset.train))
        training, self.validation = train_validation_split(dataset.train, count, config.seed)
        self.mean, self.std = channel_statistics(training.images)
        self._channels = [
            torch.tensor(each, device=device.torch_device) for each in (self.mean, self.std)
        ]
        self.batches = Batches(
            training.images,
            training.labels,
            config.augmentation,
            batch_size=config.batch_size,
            seed=config.seed,
            device=device.torch_device,
            part=group.rank,
            parts=group.size,
        )
        self._require_enough_images()
        self.steps = config.epochs * len(self.batches)
        self.step = 0
        self.seconds = 0.0
        self.chunk_size = config.chunk_size
        self.epoch_sums = torch.zeros(3)
        self.watch = ValidationMonitor(config)
        self.saved = False
        self._build(_sample(training.images, WHITENING_IMAGES, config.seed))

    def _require_enough_images(self) -> None:
        batch, size = self.batches.batch_size, self.group.size
        if size > 1 and batch // size < FEWEST_AT_A_TIME:
            raise ConfigError(
                f"A batch of {batch} images is too small to be shared by {size} processes."
            )

    def _build(self, sample: Tensor) -> None:
        config, device = self.config, self.device
        network = build(config.architecture, len(self.dataset.classes), config.widths)
        sample = normalize(sample, self.mean, self.std)
        network.prepare(sample)
        self.network = network.to(device.torch_device).to(memory_format=device.memory_format)
        self.epoch_sums = self.epoch_sums.to(device.torch_device)
        self.optimizer = make_optimizer(
            self.network,
            config.optimizer,
            batch_size=self.trained_batch,
            epochs=config.epochs,
            steps_per_epoch=len(self.batches),
        )
        self.hard_examples = (
            self._make_hard_examples(sample) if config.hard_example_fraction < 1 else None
        )
        small = [] if self.hard_examples is None else [self.hard_examples.network]
        self._learning = nn.ModuleList([self.network, *small])
        broadcast_parameters(self._learning, self.group)
        seed_per_rank(self.group, seed=config.seed, step=self.step)

    def _make_hard_examples(self, sample: Tensor) -> HardExampleSelector:
        return HardExampleSelector(
            len(self.dataset.classes),
            sample,
            self.device,
            label_smoothing=self.config.label_smoothing,
            batch_size=self.trained_batch,
            steps=self.steps,
            steps_per_epoch=len(self.batches),
        )

    @property
    def trained_batch(self) -> int:
        """Images of a batch that are trained on, in all processes."""
        parts = torch.arange(self.batches.batch_size).tensor_split(self.group.size)
        return sum(self._trained(len(part)) for part in parts)

    @cached_property
    def identity(self) -> str:
        """Settings and data, as text. A run goes on only from a checkpoint of the same."""
        # Where it runs does not matter: a run may move from one device to another.
        settings = replace(self.config, device="auto").to_json()
        train = self.dataset.train
        checksum = f"checksum {train.checksum():08x}"
        return f"{settings}\n{len(train)} images, {checksum}, {self.dataset.classes}"

    @property
    def epoch(self) -> int:
        """The running epoch, from 0."""
        return self.step // len(self.batches)

    @property
    def parameters(self) -> int:
        """Numbers in the network."""
        return sum(weight.numel() for weight in self.network.parameters())

    @property
    def at_end_of_epoch(self) -> bool:
        """Whether the next step begins an epoch."""
        return self.step % len(self.batches) == 0

    @property
    def is_over(self) -> bool:
        """Whether no step is left to take."""
        return self.step >= self.steps or (self.at_end_of_epoch and self.watch.ends(self.epoch))

    def require_finite(self) -> None:
        """Make sure that training still makes sense.

        Raises:
            TrainingDiverged: If the loss or a weight is no longer a number.
        """
        numbers = [self.epoch_sums, *self._learning.parameters()]
        # A graphics card is waited for once, not once a weight.
        if not torch.stack([each.isfinite().all() for each in numbers]).all():
            epoch = max(0, self.step - 1) // len(self.batches) + 1
            kept = "The last good checkpoint is kept; start" if self.saved else "Start"
            raise TrainingDiverged(
                f"The loss is no longer a number: training diverged in epoch {epoch}. {kept} again "
                "with a smaller learning rate."
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
            batch_size=self.batches.batch_size,
            memory=total_memory(self.device.torch_device),
        )

    def take_step(self, images: Tensor, labels: Tensor, token: CancelToken | None = None) -> None:
        """Train on one batch: uint8 images [B, 3, H, W] and labels [B] on the device.

        Raises:
            Cancelled: If `token` stopped it half-way; the run is then as it was before the step.
            OutOfMemory: If there is no room for so many images at a time; likewise.
        """
        start = time.perf_counter()
        if self.at_end_of_epoch:
            self.epoch_sums.zero_()
        self.network.train()
        scale = None if self.config.plateau is None else self.watch.scale
        self.optimizer.schedule(self.step, scale)
        if self.hard_examples is not None:
            self.hard_examples.begin_step(self.step)
        with rolled_back_on_error(self._learning):
            with self.group.collective_errors():
                images, labels = self.chosen(images, labels)
                sums = self._gradients(images, labels, token or CancelToken())
            all_reduce_gradients(self._learning, sums, self.group)
        self.optimizer.step()
        if self.hard_examples is not None:
            self.hard_examples.end_step()
        self.epoch_sums += sums
        self.step += 1
        self.seconds += time.perf_counter() - start

    def read_sums(self) -> list[float]:
        """Loss, correct answers and images of the running epoch, once the device is done.

        Steps are only asked of a graphics card; what it still needs for them counts as training.
        """
        start = time.perf_counter()
        sums: list[float] = self.epoch_sums.tolist()
        self.seconds += time.perf_counter() - start
        return sums

    def chosen(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """What is trained on of a batch, or of this process's part of one: all, or the hardest.

        Args:
            images: uint8 [B, 3, H, W] on the device.
            labels: Int64 [B], likewise.

        Returns:
            Some of them, in their order.
        """
        if self.hard_examples is None:
            return images, labels
        parts = _chunks(images, labels, self.chunk_size)
        losses = [self.hard_examples.losses(self.input(part), right) for part, right in parts]
        places = torch.cat(losses).topk(self._trained(len(images))).indices.sort().values
        return images[places], labels[places]

    def _trained(self, count: int) -> int:
        share = round(self.config.hard_example_fraction * count)
        return min(count, max(FEWEST_AT_A_TIME, share))

    def _gradients(self, images: Tensor, labels: Tensor, token: CancelToken) -> Tensor:
        sums = torch.zeros_like(self.epoch_sums)
        for chunk in _chunks(images, labels, self.chunk_size):
            token.check()
            sums[:2] += self._accumulate(*chunk)
        sums[2] = len(labels)
        return sums

    def use_less_memory(self) -> str:
        """Push half as many images through the network at a time; the sentence that says so.

        Batch size, learning rates and number of steps stay, and with them what the run is about.

        Raises:
            DeviceError: If that would be too few.
        """
        release_unused(self.device.torch_device)
        before = min(self.chunk_size, self.trained_batch)
        self.chunk_size = before // 2
        if self.chunk_size < FEWEST_AT_A_TIME:
            raise DeviceError(
                f"The memory of {self.device.title} is not enough for this network, not even with "
                f"{before} images at a time. {advice(self.device)}"
            )
        return (
            f"The memory of {self.device.title} is full: from now on {self.chunk_size} images go "
            f"through the network at a time instead of {before}. The batch size and the learning "
            "rate stay as they are."
        )

    def _accumulate(self, images: Tensor, labels: Tensor) -> Tensor:
        """Add the gradients of a few images; their loss and correct answers."""
        batch = self.input(images)
        if self.hard_examples is not None:
            self.hard_examples.accumulate(batch, labels)
        with self.device.autocast():
            logits = self.network(batch)
        loss = F.cross_entropy(
            logits.float(), labels, label_smoothing=self.config.label_smoothing, reduction="sum"
        )
        loss.backward()  # type: ignore[no-untyped-call]
        correct = (logits.argmax(1) == labels).sum()
        return torch.stack([loss.detach(), correct])

    def input(self, images: Tensor) -> Tensor:
        """What the network is given of uint8 images [B, 3, H, W] on the device."""
        batch = normalize(images, *self._channels)
        return batch.contiguous(memory_format=self.device.memory_format)

    def take_best(self) -> None:
        """Give the network its weights of the best epoch, where the settings ask for those."""
        if self.watch.best_weights:
            self.network.load_state_dict(self.watch.best_weights)


def _chunks(images: Tensor, labels: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
    # Equal parts: batch normalisation cannot do with a last chunk of one image.
    count = -(-len(labels) // size)
    return zip(images.tensor_split(count), labels.tensor_split(count), strict=True)


def _sample(images: Tensor, count: int, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return images[torch.randperm(len(images), generator=generator)[:count]]
