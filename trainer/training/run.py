"""The state of a training run between two steps: network, optimizers, data, position.

`trainer.training.step` advances it by one batch; `trainer.training.loop` drives it to the end.
"""

import time
from collections.abc import Iterator
from functools import cached_property

import torch
from torch import Tensor, nn

from trainer.config.image_size import images_of_size
from trainer.config.train_config import TrainConfig
from trainer.data.augmentation import Batches
from trainer.data.dataset import Dataset, Split
from trainer.data.normalization import channel_statistics, normalize
from trainer.data.split import split_for_training
from trainer.data.training_images import (
    TrainingImages,
    held_out_none,
    training_images,
)
from trainer.data.validation_size import require_enough_images
from trainer.devices.compute_mode import ComputeMode
from trainer.devices.device import Device
from trainer.devices.memory import out_of_memory_as_device_error, total_memory
from trainer.distributed.data_parallel import broadcast_parameters, seed_per_rank
from trainer.distributed.process_group import SINGLE_PROCESS, ProcessGroup
from trainer.errors import CheckpointError, ConfigError, TrainingDiverged
from trainer.events.run_events import RunStarted
from trainer.models.registry import build
from trainer.optim.factory import make_optimizer
from trainer.training.best_epoch import BestEpoch
from trainer.training.checkpoint import Checkpoint, random_states, restore_random_states
from trainer.training.hard_examples import HardExampleSelector
from trainer.training.run_identity import run_identity
from trainer.training.validation_monitor import ValidationMonitor

WHITENING_IMAGES = 5000
SMALLEST_MICRO_BATCH = 8
"""Fewest images per forward pass; with fewer, batch normalization is meaningless."""


class TrainingRun:
    """Network, optimizers, data and position of a run.

    Args:
        config: The settings.
        dataset: Training and test images.
        device: Where to train.
        group: The processes that train the network together.
        crops_from: The same dataset with images of another size, to crop training images from.

    Attributes:
        network: The network being trained.
        trained: Everything with gradients: the network and, with hard-example selection, the small
            network that selects.
        optimizer: Updates the network.
        hard_examples: Selects the images to train on; None if all are.
        batches: The training images.
        validation: The validation split.
        none: Pictures of other things to validate on, uint8 [M, 3, S, S]; M may be 0.
        mean: Channel means of the training images, scaled to 0 to 1.
        std: Their standard deviations.
        steps: Number of steps in the whole run.
        step: Number of steps taken.
        seconds: Training time so far.
        micro_batch_size: Images per forward pass; less than configured if images are larger than
            usual, or memory ran out.
        epoch_sums: Loss, correct predictions and images of the classes in the current epoch,
            float32 [3].
        monitor: Early stopping and learning-rate reduction.
        best_epoch: The best epoch, without early stopping, which keeps one of its own.
        has_checkpoint: Whether there is a checkpoint to return to.

    Raises:
        ConfigError: If the batch is too small for the processes.
        DataError: If there are too few images.
        DeviceError: If the device's memory is full.
    """

    def __init__(
        self,
        config: TrainConfig,
        dataset: Dataset,
        device: Device,
        group: ProcessGroup = SINGLE_PROCESS,
        crops_from: Dataset | None = None,
    ) -> None:
        self.config, self.dataset, self.device, self.group = config, dataset, device, group
        self.step, self.seconds = 0, 0.0
        self.micro_batch_size = _micro_batch_size(config, dataset.train.images.size(-1))
        self.monitor = ValidationMonitor(config)
        self.has_checkpoint = False
        with out_of_memory_as_device_error(device):
            torch.manual_seed(config.seed)
            training = self._split_dataset()
            self.best_epoch = BestEpoch(0 if config.early_stopping else len(self.validation))
            self._load_batches(self._training_images(training, crops_from))
            self._build(normalize(_sample(training.images, config.seed), self.mean, self.std))

    def _split_dataset(self) -> Split:
        """Set aside what is not trained on; returns the rest."""
        require_enough_images(len(self.dataset.train))
        training, self.validation = split_for_training(self.dataset, self.config)
        self.none = held_out_none(self.dataset, self.config)
        self.mean, self.std = channel_statistics(training.images)
        self._statistics = [
            torch.tensor(each, device=self.device.torch_device) for each in (self.mean, self.std)
        ]
        return training

    def _training_images(self, training: Split, crops_from: Dataset | None) -> TrainingImages:
        if crops_from is None:
            return training_images(self.dataset, training, self.config)
        cropped, _ = split_for_training(crops_from, self.config)
        return training_images(crops_from, cropped, self.config)

    def _load_batches(self, training: TrainingImages) -> None:
        config, device, group = self.config, self.device.torch_device, self.group
        self.batches = Batches(
            training.images,
            training.labels,
            config.augmentation,
            batch_size=config.batch_size,
            seed=config.seed,
            device=device,
            sampler=training.sampler(config),
            output_size=config.augmentation.training_side(self.dataset.train.images.size(-1)),
            rank=group.rank,
            world_size=group.size,
        )
        batch = self.batches.batch_size
        if group.size > 1 and batch // group.size < SMALLEST_MICRO_BATCH:
            raise ConfigError(
                f"A batch of {batch} images is too small for {group.size} processes. Use a larger "
                "batch or fewer processes."
            )
        self.steps = config.epochs * len(self.batches)
        self.epoch_sums = torch.zeros(3, device=device)

    def _build(self, sample: Tensor) -> None:
        """Build network and optimizers; `sample` holds normalized images [N, 3, H, W]."""
        config, device = self.config, self.device
        network = build(config.architecture, len(self.dataset.classes), config.widths)
        network.prepare(sample)
        self.network = network.to(device.torch_device).to(memory_format=device.memory_format)
        self.optimizer = make_optimizer(
            self.network,
            config.optimizer,
            batch_size=self.trained_batch_size,
            epochs=config.epochs,
            steps_per_epoch=len(self.batches),
        )
        self.hard_examples = self._make_selector(sample)
        small = [] if self.hard_examples is None else [self.hard_examples.network]
        self.trained = nn.ModuleList([self.network, *small])
        broadcast_parameters(self.trained, self.group)
        seed_per_rank(self.group, seed=config.seed, step=self.step)

    def _make_selector(self, sample: Tensor) -> HardExampleSelector | None:
        if self.config.hard_example_fraction == 1:
            return None
        return HardExampleSelector(
            len(self.dataset.classes),
            sample,
            self.device,
            label_smoothing=self.config.label_smoothing,
            none_weight=self.config.none_weight,
            batch_size=self.trained_batch_size,
            steps=self.steps,
            steps_per_epoch=len(self.batches),
        )

    def state_dict(self) -> Checkpoint:
        """Everything needed to resume exactly here; tensors are not copied.

        Raises:
            TrainingDiverged: If the loss or a weight is not finite.
        """
        self.require_finite()
        return Checkpoint(
            identity=self.identity,
            step=self.step,
            seconds=self.seconds,
            network=self.network.state_dict(),
            optimizer=self.optimizer.state_dict(),
            hard_examples={} if self.hard_examples is None else self.hard_examples.state_dict(),
            monitor=self.monitor.state_dict(),
            best_epoch=self.best_epoch.state_dict(),
            micro_batch_size=self.micro_batch_size,
            device=self.device.torch_device.type,
            compute_mode=str(self.device.mode),
            random=random_states(),
            epoch_sums=self.epoch_sums,
        )

    def load_state_dict(self, state: Checkpoint) -> None:
        """Continue where another run with the same settings and data left off.

        Raises:
            CheckpointError: If settings or data differ.
        """
        if state.identity != self.identity:
            raise CheckpointError(
                "The checkpoint was saved with other settings or other data, so the run cannot be "
                "resumed. Start a new one.",
                details=f"saved: {state.identity}\nnow: {self.identity}",
            )
        self._compute_as(state)
        self.network.load_state_dict(state.network)
        self.optimizer.load_state_dict(state.optimizer)
        if self.hard_examples is not None:
            self.hard_examples.load_state_dict(state.hard_examples)
        self.monitor.load_state_dict(state.monitor)
        self.best_epoch.load_state_dict(state.best_epoch)
        self.micro_batch_size = state.micro_batch_size
        self.epoch_sums.copy_(state.epoch_sums)
        self.step, self.seconds = state.step, state.seconds
        restore_random_states(state.random)
        seed_per_rank(self.group, seed=self.config.seed, step=self.step)
        self.has_checkpoint = True

    def _compute_as(self, state: Checkpoint) -> None:
        """Keep precision and memory format, unless the run moved to another kind of device."""
        mode = ComputeMode.parse(state.compute_mode)
        if mode is None or state.device != self.device.torch_device.type:
            return
        self.device = self.device.in_mode(mode)
        self.trained.to(memory_format=self.device.memory_format)
        if self.hard_examples is not None:
            self.hard_examples.device = self.device

    @cached_property
    def identity(self) -> str:
        """Settings and data as text; a checkpoint can only be resumed with the same."""
        return run_identity(self.config, self.dataset)

    @property
    def trained_batch_size(self) -> int:
        """Images per step that contribute to the gradient, over all processes."""
        shares = torch.arange(self.batches.batch_size).tensor_split(self.group.size)
        return sum(self.selected_count(len(share)) for share in shares)

    def selected_count(self, count: int) -> int:
        """How many of `count` images of a batch are trained on."""
        selected = round(self.config.hard_example_fraction * count)
        return min(count, max(SMALLEST_MICRO_BATCH, selected))

    @property
    def epoch(self) -> int:
        """The current epoch, from 0."""
        return self.step // len(self.batches)

    @property
    def parameters(self) -> int:
        """Number of parameters of the network."""
        return sum(weight.numel() for weight in self.network.parameters())

    @property
    def at_end_of_epoch(self) -> bool:
        """Whether the next step begins an epoch."""
        return self.step % len(self.batches) == 0

    @property
    def is_finished(self) -> bool:
        """Whether there are no more steps to take."""
        stopped_early = self.at_end_of_epoch and self.monitor.should_stop(self.epoch)
        return self.step >= self.steps or stopped_early

    def remaining_batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """The batches left in the current epoch: uint8 images [B, 3, H, W] and labels [B]."""
        return self.batches.epoch(self.epoch, self.step % len(self.batches))

    def to_input(self, images: Tensor) -> Tensor:
        """Network input, float [B, 3, H, W], for uint8 images [B, 3, H, W] on the device."""
        batch = normalize(images, *self._statistics)
        return batch.contiguous(memory_format=self.device.memory_format)

    def read_sums(self) -> list[float]:
        """`epoch_sums` as numbers, once the device has computed them."""
        # A GPU runs behind; the time it still needs for the steps counts as training time.
        start = time.perf_counter()
        sums: list[float] = self.epoch_sums.tolist()
        self.seconds += time.perf_counter() - start
        return sums

    def require_finite(self) -> None:
        """Check that training has not diverged.

        Raises:
            TrainingDiverged: If the loss or a weight is not finite.
        """
        numbers = [self.epoch_sums, *self.trained.parameters()]
        # Stacked, so that a GPU is synchronized once and not for every weight.
        if not torch.stack([each.isfinite().all() for each in numbers]).all():
            epoch = max(0, self.step - 1) // len(self.batches) + 1
            kept = "The last good checkpoint is kept; start" if self.has_checkpoint else "Start"
            raise TrainingDiverged(
                f"The loss is no longer finite: training diverged in epoch {epoch}. {kept} again "
                "with a smaller learning rate."
            )

    def started(self) -> RunStarted:
        """The event that announces the run."""
        held_out = len(self.validation) if self.dataset.validation is None else 0
        return RunStarted(
            recipe=self.config.recipe,
            data=self.dataset.name,
            device=str(self.device),
            train_images=len(self.dataset.train) - held_out,
            validation_images=len(self.validation),
            test_images=len(self.dataset.test),
            classes=self.dataset.classes,
            parameters=self.parameters,
            epochs=self.config.epochs,
            steps=self.steps,
            first_step=self.step,
            batch_size=self.batches.batch_size,
            memory=total_memory(self.device.torch_device),
            sources=self.dataset.sources,
            none_counts=self.dataset.none_counts,
        )


def _micro_batch_size(config: TrainConfig, side: int) -> int:
    configured = config.micro_batch_size
    return max(min(configured, SMALLEST_MICRO_BATCH), images_of_size(configured, side))


def _sample(images: Tensor, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    count = images_of_size(WHITENING_IMAGES, images.size(-1))
    return images[torch.randperm(len(images), generator=generator)[:count]]
