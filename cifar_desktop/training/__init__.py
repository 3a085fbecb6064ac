"""The Training tab: set up a run, start it, watch it."""
