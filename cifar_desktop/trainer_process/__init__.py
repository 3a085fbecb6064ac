"""Trainer commands as child processes: start, events, outcome."""
