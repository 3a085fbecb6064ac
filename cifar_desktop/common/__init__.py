"""Shared by several features: notices, settings, dialogs, background jobs."""
