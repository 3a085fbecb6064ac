"""The real CIFAR-10, if `CIFAR10_DIR` names it."""

import torch

from trainer.data.cifar10 import CIFAR10_CLASSES
from trainer.data.dataset import Dataset
from trainer.data.inspection.duplicates import find_duplicates, index_images


def test_the_real_cifar10_has_its_known_counts_and_means(cifar10: Dataset) -> None:
    assert (len(cifar10.train), len(cifar10.test)) == (50_000, 10_000)
    assert cifar10.classes == CIFAR10_CLASSES
    assert cifar10.unreadable == ()
    assert cifar10.train.labels.bincount().tolist() == [5000] * 10
    sums = cifar10.train.images.sum((0, 2, 3), dtype=torch.int64)
    means = sums.double() / (50_000 * 32 * 32 * 255)
    expected = torch.tensor([0.49139968, 0.48215841, 0.44653091], dtype=torch.float64)
    torch.testing.assert_close(means, expected, atol=1e-7, rtol=0)
    assert find_duplicates(cifar10.test.images, index_images(cifar10.train.images)) == []
    assert cifar10.smallest == cifar10.largest == (32, 32)
