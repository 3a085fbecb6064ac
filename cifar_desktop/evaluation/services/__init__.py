"""Runs evaluations in the trainer and keeps their reports."""
