"""The contents of the About and Diagnostics windows."""
