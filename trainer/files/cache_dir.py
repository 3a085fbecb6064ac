"""Where the program keeps what it can make again; asked by everything that does."""

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """The folder of downloads, decoded datasets, locks and compiled kernels; may not exist yet."""
    return platformdirs.user_cache_path("cifar-desktop", appauthor=False)


def keep_compiled_kernels() -> None:
    """Give torch a folder of ours; where no temporary folder can be written it would fail.

    To be called before torch is imported.
    """
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(cache_folder() / "kernels"))
