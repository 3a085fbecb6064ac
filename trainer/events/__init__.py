"""Typed events, one JSON object a line; standard library only."""
