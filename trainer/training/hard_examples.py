"""Selects the hardest images of every batch with a small network trained alongside.

Most images soon become easy, and add little from then on. After airbench96_faster of Keller
Jordan's "CIFAR-10 Airbench" (2024), which reaches 96 % with half of every batch and less than two
thirds of the operations; there the small network is trained beforehand, here at the same time.
Mislabeled images stay hard to the end, so the data should be clean.
"""

from typing import Any

import torch
from torch import Tensor

from trainer.config.train_config import MuonSettings
from trainer.devices.device import Device
from trainer.models.sprint_net import SprintNet
from trainer.optim.sprint_optimizer import SprintOptimizer
from trainer.training.loss import image_losses

WIDTHS = (32, 64, 64)
UPDATE_INTERVAL = 4
"""The small network is trained on every fourth step: it need not be good, only fast."""


class HardExampleSelector:
    """A small network that scores how hard images are, and is trained on the hardest.

    Attributes:
        network: The small network.
        device: Where and how it computes.

    Args:
        classes: Number of classes.
        sample: A few thousand normalized images, float [N, 3, H, W].
        device: Device of the images and the small network.
        label_smoothing: Label smoothing of the main network's loss.
        none_weight: Weight of pictures of other things in it.
        batch_size: Images per batch that are trained on.
        steps: Number of steps in the whole run.
        steps_per_epoch: Number of steps in an epoch.
    """

    def __init__(
        self,
        classes: int,
        sample: Tensor,
        device: Device,
        *,
        label_smoothing: float,
        none_weight: float,
        batch_size: int,
        steps: int,
        steps_per_epoch: int,
    ) -> None:
        self.device = device
        self._label_smoothing, self._none_weight = label_smoothing, none_weight
        self._is_training_step = False
        network = SprintNet(classes, WIDTHS)
        network.prepare(sample)
        # Never in eval mode: its running statistics would lag behind its weights.
        self.network = network.to(device.torch_device).to(memory_format=device.memory_format)
        settings = MuonSettings(learning_rate=0.1, momentum=0.8, whitening_epochs=1)
        self._optimizer = SprintOptimizer(
            self.network,
            settings,
            batch_size=batch_size,
            steps=-(-steps // UPDATE_INTERVAL),
            whitening_steps=settings.whitening_epochs * steps_per_epoch // UPDATE_INTERVAL,
        )

    def begin_step(self, step: int) -> None:
        """Set the learning rates for step number `step` (from 0) of the main network."""
        self._is_training_step = step % UPDATE_INTERVAL == 0
        self._optimizer.schedule(step // UPDATE_INTERVAL)

    @torch.no_grad()
    def losses(self, images: Tensor, labels: Tensor) -> Tensor:
        """How hard images are, float32 [N]; normalized images [N, 3, H, W], int64 labels [N]."""
        return self._losses(images, labels)

    def accumulate(self, images: Tensor, labels: Tensor) -> None:
        """Add the gradients of selected images, if this is a training step of the small network.

        Args:
            images: Normalized images, float [N, 3, H, W].
            labels: Class indices or `NONE`, int64 [N].
        """
        if self._is_training_step:
            loss = self._losses(images, labels).sum()
            loss.backward()  # type: ignore[no-untyped-call]

    def end_step(self) -> None:
        """Update the weights and clear the gradients, if this is a training step."""
        if self._is_training_step:
            self._optimizer.step()

    def _losses(self, images: Tensor, labels: Tensor) -> Tensor:
        with self.device.autocast():
            logits = self.network(images)
        return image_losses(
            logits.float(),
            labels,
            label_smoothing=self._label_smoothing,
            none_weight=self._none_weight,
        )

    def state_dict(self) -> dict[str, Any]:
        """Weights and optimizer state, for a checkpoint."""
        return {"network": self.network.state_dict(), "optimizer": self._optimizer.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore what `state_dict` returned."""
        self.network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
