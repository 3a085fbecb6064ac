"""One reader for each format that needs more than Pillow does: header first, then pixels."""
