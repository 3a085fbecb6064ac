"""Loads networks and runs them on a worker thread; keeps the user's networks on disk."""
