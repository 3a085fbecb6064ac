"""The optimisers of a run behind one interface; made here for `trainer.training.run`."""

from typing import Any, Protocol

from trainer.config.train_config import MuonSettings, OptimizerSettings
from trainer.errors import ConfigError
from trainer.models.network import Network
from trainer.models.sprint_net import SprintNet
from trainer.optim.adam import AdamOptimizer
from trainer.optim.sprint_optimizer import SprintOptimizer


class Optimizer(Protocol):
    """What a run asks of its optimiser."""

    @property
    def learning_rate(self) -> float:
        """The main one, as the last step used it."""

    def step(self) -> None:
        """Take one step along the gradients and clear them."""

    def schedule(self, position: int, scale: float | None = None) -> None:
        """Set the learning rates of a step; before its forward.

        Args:
            position: Its number, from 0.
            scale: What is left of the rates; None has them fall evenly, to zero at the end.
        """

    def state_dict(self) -> dict[str, Any]:
        """Momenta and positions, for a checkpoint."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""


def make_optimizer(
    network: Network,
    settings: OptimizerSettings,
    *,
    batch_size: int,
    epochs: int,
    steps_per_epoch: int,
) -> Optimizer:
    """The optimiser that settings ask for.

    Args:
        network: Whose parameters to train.
        settings: Learning rates and momenta.
        batch_size: Images a step.
        epochs: Of the whole run.
        steps_per_epoch: Steps of one of them.

    Raises:
        ConfigError: If the network is not made for that optimiser.
    """
    steps = epochs * steps_per_epoch
    if not isinstance(settings, MuonSettings):
        return AdamOptimizer(network, settings, steps=steps)
    if not isinstance(network, SprintNet):
        raise ConfigError("Muon is set up for the networks of sprint and best only; use Adam.")
    return SprintOptimizer(
        network,
        settings,
        batch_size=batch_size,
        steps=steps,
        whitening_steps=settings.whitening_epochs * steps_per_epoch,
    )
