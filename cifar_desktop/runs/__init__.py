"""Training runs as Training and Evaluation share them."""
