"""What several features share and none owns: notices, settings, dialogs, background jobs."""
