"""Early stopping and learning-rate reduction, both decided by the validation loss."""

import math
from typing import Any

from torch import Tensor, nn

from trainer.config.train_config import TrainConfig
from trainer.training.weights import copied_weights


class ValidationMonitor:
    """Tracks the best validation loss of a run; epochs count from 1.

    Attributes:
        best_epoch: The epoch with the lowest loss; 0 before the first.
        best_weights: The network's weights after it, on the CPU; empty without early stopping.
        scale: Factor on the initial learning rate, lowered from 1 at every plateau.
    """

    def __init__(self, config: TrainConfig) -> None:
        self._stopping, self._plateau = config.early_stopping, config.reduce_on_plateau
        self._last_epoch = config.epochs
        self._best_loss = math.inf
        self._reduced_epoch = 0
        self.best_epoch = 0
        self.best_weights: dict[str, Tensor] = {}
        self.scale = 1.0

    def update(self, epoch: int, loss: float, network: nn.Module) -> str:
        """Take in the validation loss of an epoch.

        Returns:
            A sentence for the user about what was decided; empty if nothing was.
        """
        if loss < self._best_loss:
            self._best_loss, self.best_epoch = loss, epoch
            if self._stopping is not None:
                self.best_weights = copied_weights(network)
            return ""
        if self.should_stop(epoch):
            return (
                f"{_no_improvement(epoch - self.best_epoch)}, so training stops early, after epoch "
                f"{epoch}. The network of epoch {self.best_epoch} is kept."
            )
        if self._stopping is not None and epoch == self._last_epoch:
            return (
                f"The network of epoch {self.best_epoch} is kept, because its validation loss was "
                "the lowest."
            )
        return self._reduce_on_plateau(epoch)

    def should_stop(self, epoch: int) -> bool:
        """Whether early stopping ends the run after an epoch."""
        stopping = self._stopping
        return stopping is not None and epoch - self.best_epoch >= stopping.patience

    def _reduce_on_plateau(self, epoch: int) -> str:
        waited = epoch - max(self.best_epoch, self._reduced_epoch)
        if self._plateau is None or waited < self._plateau.patience or epoch == self._last_epoch:
            return ""
        self.scale *= self._plateau.factor
        self._reduced_epoch = epoch
        return (
            f"{_no_improvement(epoch - self.best_epoch)}, so the learning rate is reduced to "
            f"{100 * self.scale:.3g} % of its initial value."
        )

    def state_dict(self) -> dict[str, Any]:
        """The whole state, for a checkpoint."""
        return {
            "best_loss": self._best_loss,
            "best_epoch": self.best_epoch,
            "best_weights": self.best_weights,
            "reduced_epoch": self._reduced_epoch,
            "scale": self.scale,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore what `state_dict` returned."""
        self._best_loss, self.best_epoch = state["best_loss"], state["best_epoch"]
        self.best_weights = dict(state["best_weights"])
        self._reduced_epoch, self.scale = state["reduced_epoch"], state["scale"]


def _no_improvement(epochs: int) -> str:
    return f"The validation loss has not improved for {epochs} epoch{'s' * (epochs != 1)}"
