"""The tests; a package, so that they share helpers such as `tests.server`."""
