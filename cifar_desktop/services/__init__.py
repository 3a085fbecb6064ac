"""What the tabs lean on: loading pictures, networks and threads; no widgets here."""
