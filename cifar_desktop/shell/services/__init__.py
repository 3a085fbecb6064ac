"""One window for all launches."""
