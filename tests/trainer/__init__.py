"""Tests of the `trainer` package; they pass where Qt is not installed."""
