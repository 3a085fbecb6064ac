"""Widgets and formatting that every feature uses; plain values only."""
