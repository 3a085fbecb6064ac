"""Where the application keeps its own files, and how it starts itself.

The files that the program comes with are found by `trainer.files.resources`.
"""

import sys
from pathlib import Path

import platformdirs

from trainer.files.cache_dir import cache_folder
from trainer.files.resources import is_packaged

APP = "cifar-desktop"


def settings_file() -> Path:
    """The settings: window geometry, color scheme, last folders."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "settings.ini"


def log_folder() -> Path:
    """The folder of the log files."""
    return Path(platformdirs.user_log_dir(APP, appauthor=False))


def runs_folder() -> Path:
    """The folder of the training runs, which have one folder each."""
    return platformdirs.user_data_path(APP, appauthor=False) / "runs"


def networks_folder() -> Path:
    """The folder of the networks that the user has added."""
    return platformdirs.user_data_path(APP, appauthor=False) / "networks"


def reports_folder() -> Path:
    """The folder of evaluations that belong to no finished run; they can be repeated."""
    return cache_folder() / "reports"


def program_folder() -> Path:
    """The folder of the program itself: that of the package, or the one that holds the sources."""
    return Path(sys.executable).parent if is_packaged() else Path(__file__).parents[1]


def trainer_program() -> list[str]:
    """The command that starts the trainer: this program, which is its own command line."""
    if is_packaged():
        # A windowed program on Windows has no standard output, so there is a second one beside it.
        console = program_folder() / "cifar-trainer.exe"
        return [str(console)] if sys.platform == "win32" else [sys.executable, "--trainer"]
    # -P: a `random.py` in the current folder must not be imported. In a checkout that is not
    # installed, the current folder is where the program itself is found.
    checkout = Path(__file__).parents[1] == Path.cwd()
    return [sys.executable, *([] if checkout else ["-P"]), "-m", "cifar_desktop", "--trainer"]
