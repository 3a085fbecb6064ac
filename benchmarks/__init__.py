"""Scripts that measure and print; never part of the tests."""
