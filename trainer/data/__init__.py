"""Datasets as uint8 tensors, whatever form they lie in; read by training, evaluation and tests."""

from trainer.cifar10 import CIFAR10_CLASSES
from trainer.data.archive import CIFAR10_ARCHIVE, Archive, NotDownloadedError
from trainer.data.dataset import Dataset, Split, UnreadableFile
from trainer.data.loading import load_dataset
from trainer.data.split import train_validation_split, validation_indices

__all__ = [
    "CIFAR10_ARCHIVE",
    "CIFAR10_CLASSES",
    "Archive",
    "Dataset",
    "NotDownloadedError",
    "Split",
    "UnreadableFile",
    "load_dataset",
    "train_validation_split",
    "validation_indices",
]
