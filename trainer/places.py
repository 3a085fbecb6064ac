"""What the program knows of its own place: is it a package, and where can it keep things?"""

import os
import sys
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """The folder of downloads, decoded datasets, locks and compiled kernels; may not exist yet."""
    return platformdirs.user_cache_path("cifar-desktop", appauthor=False)


def is_packaged() -> bool:
    """Whether this is the packaged program, with all it needs in a folder of its own."""
    return bool(getattr(sys, "frozen", False))


def keep_compiled_kernels() -> None:
    """Give torch a folder of ours; where no temporary folder can be written it would fail.

    To be called before torch is imported.
    """
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(cache_folder() / "kernels"))
