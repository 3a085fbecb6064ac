"""Chooses the epoch whose network a run keeps: the last, or an earlier that is clearly better."""

import math
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from trainer.training.weights import copied_weights

if TYPE_CHECKING:
    from trainer.training.run import TrainingRun

ENOUGH_IMAGES = 1000
"""With fewer validation images the best of many epochs is mostly the luckiest one."""


class BestEpoch:
    """The epoch with the highest validation accuracy, and its weights; epochs count from 1.

    Args:
        validation_images: Number of validation images; below `ENOUGH_IMAGES` the last epoch is
            kept. 0 for a run that chooses in another way.

    Attributes:
        epoch: The best epoch, the latest of equals; 0 before the first.
        weights: The network's weights after it, on the CPU; empty if the last epoch is kept anyway.
    """

    def __init__(self, validation_images: int) -> None:
        self._images = validation_images
        self._best = self._last = 0.0
        self.epoch = 0
        self.weights: dict[str, Tensor] = {}

    def update(self, epoch: int, accuracy: float, network: nn.Module) -> None:
        """Take in the validation accuracy, 0 to 1, of an epoch."""
        self._last = accuracy
        if self._images >= ENOUGH_IMAGES and accuracy >= self._best:
            self._best, self.epoch = accuracy, epoch
            self.weights = copied_weights(network)

    @property
    def is_clearly_better(self) -> bool:
        """Whether it is better than the last epoch by more than the standard error."""
        error = math.sqrt(self._best * (1 - self._best) / max(1, self._images))
        return bool(self.weights) and self._best - self._last > error

    def sentence(self) -> str:
        """Why it is kept, for the user."""
        return (
            f"The network of epoch {self.epoch} is kept, because its validation accuracy "
            f"({100 * self._best:.1f} %) is clearly higher than that of the last epoch "
            f"({100 * self._last:.1f} %)."
        )

    def state_dict(self) -> dict[str, Any]:
        """The whole state, for a checkpoint."""
        return {
            "best": self._best, "last": self._last, "epoch": self.epoch, "weights": self.weights,
        }  # fmt: skip

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore what `state_dict` returned."""
        # A checkpoint of an earlier version has none: the choice begins with the next epoch.
        if state:
            self._best, self._last, self.epoch = state["best"], state["last"], state["epoch"]
            self.weights = dict(state["weights"])


def kept_epoch(run: "TrainingRun") -> int | None:
    """The epoch whose network a run keeps instead of its latest; None if it keeps that."""
    if run.monitor.best_weights:
        return run.monitor.best_epoch
    # Before the end the learning rate still has to fall, and the latest network to gain.
    better = run.is_finished and run.best_epoch.is_clearly_better
    return run.best_epoch.epoch if better else None


def load_kept_weights(run: "TrainingRun") -> str:
    """Have a run return to the weights of the epoch that it keeps.

    Returns:
        A sentence for the user; empty if there is nothing to say, or it was said before.
    """
    if kept_epoch(run) is None:
        return ""
    run.network.load_state_dict(run.monitor.best_weights or run.best_epoch.weights)
    return "" if run.monitor.best_weights else run.best_epoch.sentence()
