"""The real CIFAR-10, if `CIFAR10_DIR` names its folder."""

import os
from pathlib import Path

import pytest
import torch

from trainer.data.cifar10 import CIFAR10_CLASSES
from trainer.data.duplicates import find_duplicates
from trainer.data.loading import load_dataset

FOLDER = os.environ.get("CIFAR10_DIR", "")


@pytest.mark.skipif(not FOLDER, reason="CIFAR10_DIR names no folder with CIFAR-10")
def test_the_real_cifar10_has_its_known_counts_and_means(tmp_path: Path) -> None:
    dataset = load_dataset(FOLDER, cache_dir=tmp_path)
    assert (len(dataset.train), len(dataset.test)) == (50_000, 10_000)
    assert dataset.classes == CIFAR10_CLASSES
    assert dataset.unreadable == ()
    assert dataset.train.labels.bincount().tolist() == [5000] * 10
    sums = dataset.train.images.sum((0, 2, 3), dtype=torch.int64)
    means = sums.double() / (50_000 * 32 * 32 * 255)
    expected = torch.tensor([0.49139968, 0.48215841, 0.44653091], dtype=torch.float64)
    torch.testing.assert_close(means, expected, atol=1e-7, rtol=0)
    assert find_duplicates(dataset) == []
    assert dataset.smallest == dataset.largest == (32, 32)
