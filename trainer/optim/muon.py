"""Muon for filters beside SGD for the rest; built by `trainer.optim.factory` and `trainer.training.hard_examples`."""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor


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
            for weight, direction in zip(weights, orthogonalize_all(updates), strict=True):
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


def orthogonalize_all(matrices: Sequence[Tensor]) -> list[Tensor]:
    """`orthogonalize` several matrices; those of one shape together, in few kernels.

    Args:
        matrices: Float, each of shape [M, N].
    """
    alike: dict[torch.Size, list[int]] = {}
    for place, matrix in enumerate(matrices):
        alike.setdefault(matrix.shape, []).append(place)
    results = list(matrices)
    for places in alike.values():
        together = orthogonalize(torch.stack([matrices[place] for place in places]))
        for place, result in zip(places, together, strict=True):
            results[place] = result
    return results


def orthogonalize(matrices: Tensor, steps: int = 3) -> Tensor:
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
