"""Datasets as folders of picture files: listing, recognizing the layout, reading."""
