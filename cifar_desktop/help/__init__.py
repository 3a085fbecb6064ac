"""Help menu: About and Diagnostics."""
