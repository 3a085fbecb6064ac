"""Which network answers, and the user's own networks."""
