"""Which network is in use, and the user's own networks."""
