"""Building blocks of the training form."""
