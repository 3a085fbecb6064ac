"""Datasets as uint8 tensors: reading, splitting, augmenting and caching them."""
