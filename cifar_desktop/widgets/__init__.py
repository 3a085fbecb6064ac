"""Pure views: they show the plain values they are given and know no services."""
