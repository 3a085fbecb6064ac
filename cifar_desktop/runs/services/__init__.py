"""Starts, stops, follows and lists training runs."""
