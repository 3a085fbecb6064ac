"""Metrics, confusion matrix, calibration chart and image gallery."""
