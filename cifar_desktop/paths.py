"""Where the application keeps its own files; `app` and `crash` ask here.

What the program ships with is found by `trainer.bundle`.
"""

from pathlib import Path

import platformdirs

APP = "cifar-desktop"


def settings_file() -> Path:
    """The file of window geometry, appearance and last folders."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "settings.ini"


def log_folder() -> Path:
    """The folder of the log files."""
    return Path(platformdirs.user_log_dir(APP, appauthor=False))
