"""Builds networks without initial weights, for `load_model`, which replaces them all."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from torch.overrides import TorchFunctionMode

_INITIALIZERS = {"zero_", "__setitem__"}


class Uninitialized(TorchFunctionMode):
    """Inside its `with` block, parameters keep whatever was in memory."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Skip what fills tensors, and do the rest."""
        name = getattr(func, "__name__", "")  # a property's getter has none
        if getattr(func, "__module__", "") == "torch.nn.init" or name in _INITIALIZERS:
            return args[0] if args else (kwargs or {})["tensor"]
        return func(*args, **(kwargs or {}))
