"""Adam and its schedule, for the classics; made by `trainer.optim.factory`."""

from typing import Any

import torch

from trainer.config.train_config import AdamSettings
from trainer.models.network import Network


class AdamOptimizer:
    """Adam for all parameters of a network.

    Losses are summed over a batch, which Adam, dividing every gradient by its size, does not see.

    Args:
        network: Whose parameters to train.
        settings: Learning rate, momenta, weight decay.
        steps: Steps of the whole run.
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
        """As the last step used it."""
        rate: float = self._adam.param_groups[0]["lr"]
        return rate

    def step(self) -> None:
        """Take one step along the gradients and clear them."""
        self._adam.step()
        self._adam.zero_grad(set_to_none=True)

    def schedule(self, position: int, scale: float | None = None) -> None:
        """Set the learning rate of a step.

        Args:
            position: Its number, from 0.
            scale: What is left of the rate; None has it fall evenly, to zero at the end.
        """
        share = max(0.0, 1 - position / self._steps) if scale is None else scale
        for group in self._adam.param_groups:
            group["lr"] = self._rate * share

    def state_dict(self) -> dict[str, Any]:
        """Momenta, for a checkpoint."""
        return self._adam.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        self._adam.load_state_dict(state)
