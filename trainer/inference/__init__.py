"""Classifying one picture."""
