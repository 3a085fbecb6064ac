"""Cancelable requests: pictures from URLs, dataset downloads."""
