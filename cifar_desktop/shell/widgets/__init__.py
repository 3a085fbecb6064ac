"""The header row, the toasts and the drop overlay."""
