"""One picture to one prediction."""
