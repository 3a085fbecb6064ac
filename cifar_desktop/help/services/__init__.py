"""License texts and the system report."""
