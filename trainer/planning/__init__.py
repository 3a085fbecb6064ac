"""How long training takes, and what fits into a given time."""
