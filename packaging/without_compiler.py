"""Runtime hook: replaces torch's compiler, which the program does not use, with a stub.

torch's optimizers exempt some of their functions from compilation, and thereby load the compiler,
and sympy with it, before the first step; process groups clear its caches. It is large, and left out
of the package (`packaging/trimming.py`).
"""

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any


def _unchanged(function: Callable[..., Any], *_: object, **__: object) -> Callable[..., Any]:
    return function


def _do_nothing(*_: object, **__: object) -> None:
    pass


compiler = ModuleType("torch._dynamo")
compiler.disable = _unchanged  # type: ignore[attr-defined]
compiler.graph_break = _do_nothing  # type: ignore[attr-defined]
compiler.trace_rules = SimpleNamespace(clear_lru_cache=_do_nothing)  # type: ignore[attr-defined]
sys.modules[compiler.__name__] = compiler
