"""Jobs that combine training, evaluation and inference."""
