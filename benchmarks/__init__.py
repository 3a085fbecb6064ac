"""Scripts that measure and print figures; never part of the tests."""
