"""Files on disk: atomic writes, cache folders, bundled resources."""
