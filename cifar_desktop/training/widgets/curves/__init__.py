"""Live charts of loss, accuracy and learning rate."""
