"""Licence texts and the system report."""
