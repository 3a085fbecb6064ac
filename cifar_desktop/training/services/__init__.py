"""The augmentation preview's worker."""
