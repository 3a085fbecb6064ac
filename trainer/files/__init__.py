"""Files: atomic writes, cache folders, bundled resources."""
