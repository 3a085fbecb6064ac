"""Several datasets that are used as one: classes matched by name, images joined."""
