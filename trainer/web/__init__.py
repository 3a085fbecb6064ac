"""Requests that can be cancelled: pictures from URLs, dataset downloads."""
