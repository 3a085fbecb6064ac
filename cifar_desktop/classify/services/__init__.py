"""Pictures from files, drops, the clipboard and URLs."""
