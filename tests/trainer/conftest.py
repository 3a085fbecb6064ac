"""Fixtures of the trainer's tests."""

import os

import pytest

from trainer.data.dataset import Dataset
from trainer.data.loading import load_dataset


@pytest.fixture(scope="session")
def cifar10(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The real CIFAR-10 in the folder that `CIFAR10_DIR` names."""
    folder = os.environ.get("CIFAR10_DIR")
    if not folder:
        pytest.skip("CIFAR10_DIR names no folder with CIFAR-10")
    temporary = tmp_path_factory.getbasetemp()
    # Its parent is common to all processes of a parallel run: one of them decodes the images.
    shared = temporary.parent if "PYTEST_XDIST_WORKER" in os.environ else temporary
    return load_dataset(folder, cache_dir=shared)
