"""Muon for the filters and SGD for the other parameters of a `SprintNet`, on one schedule."""

from typing import Any

import torch
from torch import nn

from trainer.config.train_config import MuonSettings
from trainer.models.sprint_net import SprintNet
from trainer.optim.muon import Muon
from trainer.optim.schedule import linear_decay


class SprintOptimizer:
    """The two optimizers of a `SprintNet` and their common schedule.

    Args:
        network: The network to train.
        settings: Learning rates and momenta.
        batch_size: Images per step; the weight decay in the settings is per image.
        steps: Number of steps in the whole run.
        whitening_steps: Number of steps during which the biases of the first layer are trained.
    """

    def __init__(
        self,
        network: SprintNet,
        settings: MuonSettings,
        *,
        batch_size: int,
        steps: int,
        whitening_steps: int,
    ) -> None:
        self._steps = steps
        self._whitening_steps = max(1, min(whitening_steps, steps))
        self._whitening_bias = network.whitening_bias
        groups = _sgd_groups(network, settings, batch_size)
        self._sgd = torch.optim.SGD(groups, lr=0.1, momentum=settings.sgd_momentum, nesterov=True)
        filters = [weight for weight in network.groups.parameters() if weight.ndim == 4]
        self._muon = Muon(filters, lr=settings.learning_rate, momentum=settings.momentum)
        self._initial = [
            [group["lr"] for group in optimizer.param_groups] for optimizer in self._both
        ]

    @property
    def _both(self) -> tuple[torch.optim.Optimizer, torch.optim.Optimizer]:
        return self._sgd, self._muon

    @property
    def learning_rate(self) -> float:
        """Muon's learning rate of the last step."""
        rate: float = self._muon.param_groups[0]["lr"]
        return rate

    def step(self) -> None:
        """Update the parameters and clear the gradients."""
        for optimizer in self._both:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

    def schedule(self, step: int, scale: float | None = None) -> None:
        """Set the learning rates of a step, before its forward pass.

        Args:
            step: Index of the step, from 0.
            scale: Factor on the initial learning rates; None for linear decay to zero.
        """
        # Without this gradient, the backward pass can stop at the first group.
        self._whitening_bias.requires_grad_(step < self._whitening_steps)
        factor = linear_decay(step, self._steps) if scale is None else scale
        whitening = linear_decay(step, self._whitening_steps)
        for optimizer, initial in zip(self._both, self._initial, strict=True):
            for group, rate in zip(optimizer.param_groups, initial, strict=True):
                group["lr"] = rate * (whitening if group.get("whitening") else factor)

    def state_dict(self) -> dict[str, Any]:
        """State of both optimizers, for a checkpoint."""
        return {"sgd": self._sgd.state_dict(), "muon": self._muon.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore what `state_dict` returned."""
        self._sgd.load_state_dict(state["sgd"])
        self._muon.load_state_dict(state["muon"])


def _sgd_groups(network: SprintNet, settings: MuonSettings, batch_size: int) -> list[Any]:
    decay = settings.weight_decay * batch_size
    biases = [module.bias for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    head, bias = settings.head_learning_rate, settings.bias_learning_rate
    return [
        # Divided by the learning rate, so that the decay of a weight does not depend on it.
        {"params": [network.head.weight], "lr": head, "weight_decay": decay / head},
        {"params": biases, "lr": bias, "weight_decay": decay / bias},
        {
            "params": [network.whitening_bias],
            "lr": bias,
            "weight_decay": decay / bias,
            "whitening": True,
        },
    ]
