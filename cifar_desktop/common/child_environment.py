"""The environment of the programs that this one starts; used by whatever starts one."""

import os

from PySide6.QtCore import QProcessEnvironment

from trainer.files.resources import is_packaged

_WAIT_POLICY = "OMP_WAIT_POLICY"
# What PyInstaller sets for the package, whatever it was before.
_OF_PACKAGE = ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH")
# As it was before torch was imported here, for which `torch_libraries` sets it for a while.
_chosen_policy = os.environ.get(_WAIT_POLICY)


def child_environment() -> dict[str, str]:
    """This program's environment, without what was meant for this process alone."""
    # Another thread may take a variable away while this one looks.
    names = list(os.environ)
    environment = {name: value for name in names if (value := os.environ.get(name)) is not None}
    environment.pop(_WAIT_POLICY, None)
    if _chosen_policy is not None:
        environment[_WAIT_POLICY] = _chosen_policy
    if is_packaged():
        _restore_system(environment)
    # A packaged program must not take its child for a part of itself, because it may outlive it.
    environment["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    # File names in its log are to be read as they were written, also under Windows' code pages.
    environment["PYTHONIOENCODING"] = "utf-8:backslashreplace"
    return environment


def process_environment() -> QProcessEnvironment:
    """What `child_environment` says, as Qt has it."""
    environment = QProcessEnvironment()
    for name, value in child_environment().items():
        environment.insert(name, value)
    return environment


def _restore_system(environment: dict[str, str]) -> None:
    """Have programs of the system find its own libraries and plugins, not those of the package."""
    original = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    for name in _OF_PACKAGE:
        environment.pop(name, None)
    if original is not None:
        environment["LD_LIBRARY_PATH"] = original
