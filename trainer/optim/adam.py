"""Adam and its schedule, for the classic networks."""

from typing import Any

import torch

from trainer.config.train_config import AdamSettings
from trainer.models.network import Network
from trainer.optim.schedule import linear_decay


class AdamOptimizer:
    """Adam for all parameters of a network, with decoupled weight decay (AdamW).

    Losses are summed over a batch and not averaged, to which Adam is invariant: it divides every
    gradient by its own magnitude.

    Args:
        network: The network to train.
        settings: Learning rate, betas, weight decay.
        steps: Number of steps in the whole run.
    """

    def __init__(self, network: Network, settings: AdamSettings, *, steps: int) -> None:
        self._steps = steps
        self._rate = settings.learning_rate
        betas = (settings.beta1, settings.beta2)
        parameters = list(network.parameters())
        groups: list[dict[str, Any]] = [
            {"params": [each for each in parameters if each.ndim > 1]},
            {"params": [each for each in parameters if each.ndim <= 1], "weight_decay": 0.0},
        ]
        self._adam = torch.optim.AdamW(
            groups, lr=self._rate, betas=betas, weight_decay=settings.weight_decay
        )

    @property
    def learning_rate(self) -> float:
        """Learning rate of the last step."""
        rate: float = self._adam.param_groups[0]["lr"]
        return rate

    def step(self) -> None:
        """Update the parameters and clear the gradients."""
        self._adam.step()
        self._adam.zero_grad(set_to_none=True)

    def schedule(self, step: int, scale: float | None = None) -> None:
        """Set the learning rate of a step.

        Args:
            step: Index of the step, from 0.
            scale: Factor on the initial learning rate; None for linear decay to zero.
        """
        factor = linear_decay(step, self._steps) if scale is None else scale
        for group in self._adam.param_groups:
            group["lr"] = self._rate * factor

    def state_dict(self) -> dict[str, Any]:
        """State of the optimizer, for a checkpoint."""
        return self._adam.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore what `state_dict` returned."""
        self._adam.load_state_dict(state)
