"""The folder for data that can be recreated."""

import os
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """The folder for downloads, decoded datasets, locks and compiled kernels; may not exist yet."""
    return platformdirs.user_cache_path("cifar-desktop", appauthor=False)


def keep_compiled_kernels() -> None:
    """Give torch a folder for compiled kernels, as it fails if it cannot write temporary files.

    Call this before importing torch.
    """
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(cache_folder() / "kernels"))
