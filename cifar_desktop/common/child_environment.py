"""The environment for the programs that this one starts."""

import os

from PySide6.QtCore import QProcessEnvironment

from trainer.files.resources import is_packaged

_WAIT_POLICY = "OMP_WAIT_POLICY"
# Variables that PyInstaller overwrites in a package.
_SET_BY_PACKAGE = ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH")
# The value before `torch_preload` sets it for a while.
_chosen_policy = os.environ.get(_WAIT_POLICY)


def child_environment() -> dict[str, str]:
    """This program's environment, without what is meant for this process only."""
    # Another thread may remove a variable meanwhile.
    names = list(os.environ)
    environment = {name: value for name in names if (value := os.environ.get(name)) is not None}
    environment.pop(_WAIT_POLICY, None)
    if _chosen_policy is not None:
        environment[_WAIT_POLICY] = _chosen_policy
    if is_packaged():
        _restore_system(environment)
    # The child of a packaged program must be independent of it, because it may outlive it.
    environment["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    # File names in its log must stay readable, also with a code page of Windows.
    environment["PYTHONIOENCODING"] = "utf-8:backslashreplace"
    return environment


def process_environment() -> QProcessEnvironment:
    """The same for Qt."""
    environment = QProcessEnvironment()
    for name, value in child_environment().items():
        environment.insert(name, value)
    return environment


def _restore_system(environment: dict[str, str]) -> None:
    """Let programs of the system find their own libraries and plugins, not those of the package."""
    original = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    for name in _SET_BY_PACKAGE:
        environment.pop(name, None)
    if original is not None:
        environment["LD_LIBRARY_PATH"] = original
