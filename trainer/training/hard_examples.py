"""Training on the hardest images of every batch, as a small network sees them.

Most images are easy soon, and teach a network little from then on. After airbench96_faster of
Keller Jordan's "CIFAR-10 Airbench" (2024), which reaches 96 % with half of every batch and less
than two thirds of the operations; there the small network has been trained beforehand, here it
learns alongside. Wrongly labelled images are hard to the end: it is for clean data. Used by
`trainer.training.run`.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.config.train_config import MuonSettings
from trainer.devices.device import Device
from trainer.models.sprint_net import SprintNet
from trainer.optim.sprint_optimizer import SprintOptimizer

WIDTHS = (32, 64, 64)
STEPS_A_LESSON = 4
"""The small network learns in every fourth step; it need not be good, only quick."""


class HardExampleSelector:
    """A small network that tells how hard images are, and learns from the hardest.

    Attributes:
        network: The small one.

    Args:
        classes: How many there are.
        sample: A few thousand normalised images, float [N, 3, H, W].
        device: Where the images come from and the small network lives.
        label_smoothing: As the large network is trained with.
        batch_size: Images of a batch that are trained on.
        steps: Of the whole run.
        steps_per_epoch: Of one epoch.
    """

    def __init__(
        self,
        classes: int,
        sample: Tensor,
        device: Device,
        *,
        label_smoothing: float,
        batch_size: int,
        steps: int,
        steps_per_epoch: int,
    ) -> None:
        self._device, self._label_smoothing = device, label_smoothing
        self._learns = False
        network = SprintNet(classes, WIDTHS)
        network.prepare(sample)
        # Never in eval mode: its running statistics would lag behind it.
        self.network = network.to(device.torch_device).to(memory_format=device.memory_format)
        settings = MuonSettings(learning_rate=0.1, momentum=0.8, whitening_epochs=1)
        self._optimizer = SprintOptimizer(
            self.network,
            settings,
            batch_size=batch_size,
            steps=-(-steps // STEPS_A_LESSON),
            whitening_steps=settings.whitening_epochs * steps_per_epoch // STEPS_A_LESSON,
        )

    def begin_step(self, step: int) -> None:
        """Set the learning rates of a step; before its forward.

        Args:
            step: Number of the large network's step, from 0.
        """
        self._learns = step % STEPS_A_LESSON == 0
        self._optimizer.schedule(step // STEPS_A_LESSON)

    @torch.no_grad()
    def losses(self, images: Tensor, labels: Tensor) -> Tensor:
        """How hard images are, float32 [N]; normalised images [N, 3, H, W], int64 labels [N]."""
        return self._losses(images, labels, "none")

    def accumulate(self, images: Tensor, labels: Tensor) -> None:
        """Add the gradients of a few chosen images, if it learns in this step.

        Args:
            images: Normalised, float [N, 3, H, W].
            labels: Int64 [N].
        """
        if self._learns:
            self._losses(images, labels, "sum").backward()  # type: ignore[no-untyped-call]

    def end_step(self) -> None:
        """Take a step along the gradients, if it learns in this one, and clear them."""
        if self._learns:
            self._optimizer.step()

    def _losses(self, images: Tensor, labels: Tensor, reduction: str) -> Tensor:
        with self._device.autocast():
            logits = self.network(images)
        return F.cross_entropy(
            logits.float(), labels, label_smoothing=self._label_smoothing, reduction=reduction
        )

    def state_dict(self) -> dict[str, Any]:
        """Weights and momenta, for a checkpoint."""
        return {"network": self.network.state_dict(), "optimizer": self._optimizer.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        self.network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
