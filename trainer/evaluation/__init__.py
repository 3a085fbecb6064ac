"""Measuring how good a network is: metrics, calibration, reports."""
