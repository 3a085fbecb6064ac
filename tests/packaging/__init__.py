"""Tests of the scripts that make the package, and of those that go along in it."""
