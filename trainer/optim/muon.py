"""Muon for filters beside SGD for the rest; built by `trainer.optim.factory` and `trainer.training.hard_examples`."""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from trainer.config.train_config import MuonSettings
from trainer.models.sprint_net import SprintNet


class Muon(torch.optim.Optimizer):
    """Momentum whose update is made orthogonal: all directions of a filter bank move alike.

    After Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024), with the
    filters held at a constant norm as in airbench94_muon, so that the learning rate is an angle.

    Args:
        params: Weights of convolutions, [out, in, H, W].
        lr: Length of a step along the orthogonal update.
        momentum: Nesterov momentum.
    """

    def __init__(self, params: Iterable[Tensor], lr: float, momentum: float) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]  # noqa: ARG002
        """Take one step along the gradients."""
        for group in self.param_groups:
            weights = [weight for weight in group["params"] if weight.grad is not None]
            updates = [self._update(weight, group["momentum"]) for weight in weights]
            for weight, direction in zip(weights, orthogonalise_all(updates), strict=True):
                weight.mul_(len(weight) ** 0.5 / weight.norm())
                weight.add_(direction.view_as(weight), alpha=-group["lr"])

    def _update(self, weight: Tensor, momentum: float) -> Tensor:
        """What to make orthogonal, [out, in * H * W]."""
        assert weight.grad is not None  # noqa: S101 - for the type checker
        state = self.state[weight]
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(weight.grad)
        buffer = state["momentum_buffer"].mul_(momentum).add_(weight.grad)
        return weight.grad.add(buffer, alpha=momentum).flatten(1)


def orthogonalise_all(matrices: Sequence[Tensor]) -> list[Tensor]:
    """`orthogonalise` several matrices; those of one shape together, in few kernels.

    Args:
        matrices: Float, each of shape [M, N].
    """
    alike: dict[torch.Size, list[int]] = {}
    for place, matrix in enumerate(matrices):
        alike.setdefault(matrix.shape, []).append(place)
    results = list(matrices)
    for places in alike.values():
        together = orthogonalise(torch.stack([matrices[place] for place in places]))
        for place, result in zip(places, together, strict=True):
            results[place] = result
    return results


def orthogonalise(matrices: Tensor, steps: int = 3) -> Tensor:
    """Bring all singular values of each matrix near 1, keeping its singular vectors.

    Newton-Schulz iteration with the quintic coefficients of Jordan et al. (2024), which trade
    exactness for speed: the values end between about 0.7 and 1.2.

    Args:
        matrices: Float of shape [K, M, N].
        steps: How often to iterate.
    """
    tall = matrices.size(1) > matrices.size(2)
    wide = matrices.mT if tall else matrices
    result: Tensor = (wide / (wide.norm(dim=(1, 2), keepdim=True) + 1e-7)).bfloat16()
    for _ in range(steps):
        gram = result @ result.mT
        powers = torch.baddbmm(gram, gram, gram, beta=-4.7750, alpha=2.0315)
        result = torch.baddbmm(result, powers, result, beta=3.4445)
    return (result.mT if tall else result).to(matrices.dtype)


class OptimizerPair:
    """The two optimisers of a `SprintNet` and their common schedule.

    Args:
        network: Whose parameters to train.
        settings: Learning rates and momenta.
        batch_size: Images a step; the weight decay is given for one image.
        steps: Steps of the whole run.
        whitening_steps: Steps during which the first layer's biases are trained.
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
        """Muon's, as the last step used it."""
        rate: float = self._muon.param_groups[0]["lr"]
        return rate

    def step(self) -> None:
        """Take one step along the gradients and clear them."""
        for optimizer in self._both:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

    def schedule(self, position: int, scale: float | None = None) -> None:
        """Set the learning rates of a step; before its forward.

        Args:
            position: Its number, from 0.
            scale: What is left of the rates; None has them fall evenly, to zero at the end.
        """
        # Without this gradient the backward pass need not reach below the first group.
        self._whitening_bias.requires_grad_(position < self._whitening_steps)
        share = max(0.0, 1 - position / self._steps) if scale is None else scale
        whitening = max(0.0, 1 - position / self._whitening_steps)
        for optimizer, initial in zip(self._both, self._initial, strict=True):
            for group, rate in zip(optimizer.param_groups, initial, strict=True):
                group["lr"] = rate * (whitening if group.get("whitening") else share)

    def state_dict(self) -> dict[str, Any]:
        """Momenta and positions, for a checkpoint."""
        return {"sgd": self._sgd.state_dict(), "muon": self._muon.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        self._sgd.load_state_dict(state["sgd"])
        self._muon.load_state_dict(state["muon"])


def _sgd_groups(network: SprintNet, settings: MuonSettings, batch_size: int) -> list[Any]:
    decay = settings.weight_decay * batch_size
    biases = [module.bias for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    head, bias = settings.head_learning_rate, settings.bias_learning_rate
    return [
        # Decay is divided by the rate: it then shrinks a weight alike whatever its learning rate.
        {"params": [network.head.weight], "lr": head, "weight_decay": decay / head},
        {"params": biases, "lr": bias, "weight_decay": decay / bias},
        {
            "params": [network.whitening_bias],
            "lr": bias,
            "weight_decay": decay / bias,
            "whitening": True,
        },
    ]
