"""Datasets as uint8 tensors: loading, splitting, augmenting and caching."""
