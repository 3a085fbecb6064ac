"""The augmentation preview."""
