"""Network architectures, their registry, and the model file."""
