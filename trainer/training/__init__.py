"""The training loop and its parts: run, step, checkpoints, early stopping."""
