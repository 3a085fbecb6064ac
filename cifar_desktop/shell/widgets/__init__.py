"""The notice bar and the drop overlay."""
