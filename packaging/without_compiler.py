"""Runs in a package before the program: torch without its compiler, which nothing is compiled with.

Its optimisers ask the compiler to leave some of their functions alone, and so load it, and sympy
with it, before the first step; processes that train together empty its caches. It is large, and
stays out (`packaging/trimming.py`).
"""

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any


def _as_it_is(function: Callable[..., Any], *_: object, **__: object) -> Callable[..., Any]:
    return function


def _nothing(*_: object, **__: object) -> None:
    pass


compiler = ModuleType("torch._dynamo")
compiler.disable = _as_it_is  # type: ignore[attr-defined]
compiler.graph_break = _nothing  # type: ignore[attr-defined]
compiler.trace_rules = SimpleNamespace(clear_lru_cache=_nothing)  # type: ignore[attr-defined]
sys.modules[compiler.__name__] = compiler
