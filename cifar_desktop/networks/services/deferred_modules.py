"""Puts off the execution of modules until one of their attributes is needed, if it ever is.

Unlike `importlib.util.LazyLoader`, it does so even for modules that are imported several times:
the import system itself looks at attributes such as `__spec__`, which are there from the start.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class _Deferred(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        _execute(self)
        return getattr(self, name)


def _execute(module: _Deferred) -> None:
    loader: Loader = vars(module)["__loader__"]
    object.__setattr__(module, "__class__", ModuleType)
    loader.exec_module(module)


def execute(*names: str) -> None:
    """Execute those of the modules that were imported and put off."""
    for name in names:
        module = sys.modules.get(name)
        if isinstance(module, _Deferred):
            _execute(module)


class _DeferringLoader(Loader):
    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Deferred(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader


class _Finder(MetaPathFinder):
    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._names:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        specs = (finder.find_spec(fullname, path, target) for finder in others)
        spec = next((spec for spec in specs if spec is not None), None)
        if spec is not None and spec.loader is not None:
            spec.loader = _DeferringLoader(spec.loader)
        return spec


@contextmanager
def deferred(*names: str) -> Iterator[None]:
    """Have modules that are imported inside this block executed when they are first used."""
    finder = _Finder(names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
