"""Evaluating networks: metrics, calibration, reports."""
