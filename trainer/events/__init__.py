"""Typed events, one JSON object a line: what the trainer reports to the window."""
