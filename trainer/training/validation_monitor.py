"""Follows a run's validation loss: lower rates on a plateau, an end when nothing more is learnt.

Made by `trainer.training.run`, told the loss after every epoch. Its state is in the checkpoint.
"""

import math
from typing import Any

from torch import Tensor, nn

from trainer.config.train_config import TrainConfig


class ValidationMonitor:
    """The validation losses of a run so far, as far as they still matter; epochs count from 1.

    Attributes:
        best_epoch: The epoch with the smallest loss; 0 before there is one.
        best_weights: The network's after it, if the run may end early; on the CPU.
        scale: What plateaus left of the learning rates, from 1 down.
    """

    def __init__(self, config: TrainConfig) -> None:
        self._stopping, self._plateau = config.early_stopping, config.plateau
        self._last_epoch = config.epochs
        self._best_loss = math.inf
        self._lowered_epoch = 0
        self.best_epoch = 0
        self.best_weights: dict[str, Tensor] = {}
        self.scale = 1.0

    def note(self, epoch: int, loss: float, network: nn.Module) -> str:
        """Draw the conclusions of an epoch's validation loss; the sentence to tell, if any."""
        if loss < self._best_loss:
            self._best_loss, self.best_epoch = loss, epoch
            if self._stopping is not None:
                self.best_weights = _copy(network.state_dict())
            return ""
        if self.ends(epoch):
            return (
                f"{_standstill(epoch - self.best_epoch)}, so the run ends after epoch {epoch}. "
                f"The network of epoch {self.best_epoch} is kept."
            )
        if self._stopping is not None and epoch == self._last_epoch:
            return (
                f"The network of epoch {self.best_epoch} is kept, because its validation loss was "
                "the smallest."
            )
        return self._lower_rates(epoch)

    def ends(self, epoch: int) -> bool:
        """Whether the run ends after an epoch, be it the last or not."""
        stopping = self._stopping
        return stopping is not None and epoch - self.best_epoch >= stopping.patience

    def _lower_rates(self, epoch: int) -> str:
        waited = epoch - max(self.best_epoch, self._lowered_epoch)
        if self._plateau is None or waited < self._plateau.patience or epoch == self._last_epoch:
            return ""
        self.scale *= self._plateau.factor
        self._lowered_epoch = epoch
        return (
            f"{_standstill(epoch - self.best_epoch)}, so the learning rates are lowered to "
            f"{100 * self.scale:.3g} % of what they were at first."
        )

    def state_dict(self) -> dict[str, Any]:
        """All of it, for a checkpoint."""
        return {
            "best_loss": self._best_loss,
            "best_epoch": self.best_epoch,
            "best_weights": self.best_weights,
            "lowered_epoch": self._lowered_epoch,
            "scale": self.scale,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        self._best_loss, self.best_epoch = state["best_loss"], state["best_epoch"]
        self.best_weights = _copy(state["best_weights"])
        self._lowered_epoch, self.scale = state["lowered_epoch"], state["scale"]


def _standstill(epochs: int) -> str:
    return f"The validation loss has not fallen for {epochs} epoch{'s' * (epochs != 1)}"


def _copy(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    # On the CPU: the device's memory is for training.
    return {name: weight.detach().to("cpu", copy=True) for name, weight in weights.items()}
