"""Where the application keeps its own files, and how it starts itself; `app` and `crash` ask here.

What the program ships with is found by `trainer.files.resources`.
"""

import sys
from pathlib import Path

import platformdirs

from trainer.files import cache_dir, resources

APP = "cifar-desktop"


def settings_file() -> Path:
    """The file of window geometry, appearance and last folders."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "settings.ini"


def log_folder() -> Path:
    """The folder of the log files."""
    return Path(platformdirs.user_log_dir(APP, appauthor=False))


def runs_folder() -> Path:
    """The folder of the training runs, one folder each."""
    return platformdirs.user_data_path(APP, appauthor=False) / "runs"


def networks_folder() -> Path:
    """The folder of the networks that the person added."""
    return platformdirs.user_data_path(APP, appauthor=False) / "networks"


def cache_folder() -> Path:
    """The folder of what can be made again: downloads, decoded datasets, locks."""
    return cache_dir.cache_folder()


def reports_folder() -> Path:
    """The folder of evaluations that belong to no finished run."""
    return cache_folder() / "reports"


def is_packaged() -> bool:
    """Whether this is the packaged program, with all it needs in a folder of its own."""
    return resources.is_packaged()


def program_folder() -> Path:
    """Where the program itself lies: the package's folder, or the one that holds the sources."""
    return Path(sys.executable).parent if is_packaged() else Path(__file__).parents[1]


def trainer_program() -> list[str]:
    """How to start the trainer: this very program, which is its own command line."""
    if is_packaged():
        # A windowed program of Windows has no standard output, so a second one is beside it.
        console = program_folder() / "cifar-trainer.exe"
        return [str(console)] if sys.platform == "win32" else [sys.executable, "--trainer"]
    # -P: a `random.py` in the folder that the program was started from must not be imported. In an
    # uninstalled checkout that folder is where the program itself is found.
    checkout = Path(__file__).parents[1] == Path.cwd()
    return [sys.executable, *([] if checkout else ["-P"]), "-m", "cifar_desktop", "--trainer"]
