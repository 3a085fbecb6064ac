"""The optimizers of a run behind one interface."""

from typing import Any, Protocol

from trainer.config.train_config import MuonSettings, OptimizerSettings
from trainer.errors import ConfigError
from trainer.models.network import Network
from trainer.models.sprint_net import SprintNet
from trainer.optim.adam import AdamOptimizer
from trainer.optim.sprint_optimizer import SprintOptimizer


class Optimizer(Protocol):
    """What a run needs of its optimizer."""

    @property
    def learning_rate(self) -> float:
        """Main learning rate of the last step."""

    def step(self) -> None:
        """Update the parameters and clear the gradients."""

    def schedule(self, step: int, scale: float | None = None) -> None:
        """Set the learning rates of a step, before its forward pass.

        Args:
            step: Index of the step, from 0.
            scale: Factor on the initial learning rates; None for linear decay to zero.
        """

    def state_dict(self) -> dict[str, Any]:
        """State of the optimizer, for a checkpoint."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore what `state_dict` returned."""


def make_optimizer(
    network: Network,
    settings: OptimizerSettings,
    *,
    batch_size: int,
    epochs: int,
    steps_per_epoch: int,
) -> Optimizer:
    """The optimizer for a network and its settings.

    Args:
        network: The network to train.
        settings: Learning rates and momenta.
        batch_size: Images per step.
        epochs: Number of epochs in the whole run.
        steps_per_epoch: Number of steps in an epoch.

    Raises:
        ConfigError: If the network cannot be trained with that optimizer.
    """
    steps = epochs * steps_per_epoch
    if not isinstance(settings, MuonSettings):
        return AdamOptimizer(network, settings, steps=steps)
    if not isinstance(network, SprintNet):
        raise ConfigError("Muon only trains the networks of sprint and best; use Adam.")
    return SprintOptimizer(
        network,
        settings,
        batch_size=batch_size,
        steps=steps,
        whitening_steps=settings.whitening_epochs * steps_per_epoch,
    )
