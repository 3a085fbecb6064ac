"""The tests from one end to the other use the fixtures of the window tests."""

from tests.desktop.conftest import app, pytest_runtest_makereport, start, tiny_network

__all__ = ["app", "pytest_runtest_makereport", "start", "tiny_network"]
