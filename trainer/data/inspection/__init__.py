"""What a dataset contains, and what occurs in it twice; for the user."""
