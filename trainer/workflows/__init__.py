"""Tasks that combine training, evaluation and inference."""
