"""Tests of the window, with real widgets, threads and child processes."""
