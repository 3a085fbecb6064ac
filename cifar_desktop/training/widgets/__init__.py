"""The form, the curves, the dataset view and the run list."""
