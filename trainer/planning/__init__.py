"""How long training takes, and which run fits into a given time."""
