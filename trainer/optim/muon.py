"""Muon for convolution filters.

Not `torch.optim.Muon`: as of torch 2.14 it accepts 2-D parameters only and raises ValueError for
convolution weights, does not keep their norm constant, and orthogonalizes them one by one.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor


class Muon(torch.optim.Optimizer):
    """Nesterov momentum with orthogonalized updates: all directions get the same step size.

    After Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024). The
    filters are kept at constant norm as in airbench94_muon, so the learning rate acts as an angle.

    Args:
        params: Convolution weights, [out, in, H, W].
        lr: Learning rate, the factor on the orthogonalized update.
        momentum: Nesterov momentum.
    """

    def __init__(self, params: Iterable[Tensor], lr: float, momentum: float) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]  # noqa: ARG002
        """Update the parameters."""
        for group in self.param_groups:
            weights = [weight for weight in group["params"] if weight.grad is not None]
            updates = [self._update(weight, group["momentum"]) for weight in weights]
            for weight, direction in zip(weights, orthogonalize_all(updates), strict=True):
                weight.mul_(len(weight) ** 0.5 / weight.norm())
                weight.add_(direction.view_as(weight), alpha=-group["lr"])

    def _update(self, weight: Tensor, momentum: float) -> Tensor:
        """The momentum update before orthogonalization, [out, in * H * W]."""
        assert weight.grad is not None  # noqa: S101 - for the type checker
        state = self.state[weight]
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(weight.grad)
        buffer = state["momentum_buffer"].mul_(momentum).add_(weight.grad)
        return weight.grad.add(buffer, alpha=momentum).flatten(1)


def orthogonalize_all(matrices: Sequence[Tensor]) -> list[Tensor]:
    """`orthogonalize` several matrices, batching those of the same shape to launch few kernels.

    Args:
        matrices: Float tensors, each of shape [M, N].
    """
    by_shape: dict[torch.Size, list[int]] = {}
    for index, matrix in enumerate(matrices):
        by_shape.setdefault(matrix.shape, []).append(index)
    results = list(matrices)
    for indices in by_shape.values():
        batch = orthogonalize(torch.stack([matrices[index] for index in indices]))
        for index, result in zip(indices, batch, strict=True):
            results[index] = result
    return results


def orthogonalize(matrices: Tensor, steps: int = 3) -> Tensor:
    """Bring all singular values of each matrix near 1, keeping its singular vectors.

    Newton-Schulz iteration with the quintic coefficients of Jordan et al. (2024), which trade
    accuracy for speed: the singular values end up between about 0.7 and 1.2.

    Args:
        matrices: Float tensor of shape [K, M, N].
        steps: Number of iterations.
    """
    tall = matrices.size(1) > matrices.size(2)
    wide = matrices.mT if tall else matrices
    result: Tensor = (wide / (wide.norm(dim=(1, 2), keepdim=True) + 1e-7)).bfloat16()
    for _ in range(steps):
        gram = result @ result.mT
        powers = torch.baddbmm(gram, gram, gram, beta=-4.7750, alpha=2.0315)
        result = torch.baddbmm(result, powers, result, beta=3.4445)
    return (result.mT if tall else result).to(matrices.dtype)
