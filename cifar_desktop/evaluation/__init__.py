"""The Evaluation tab: how good a network is, and where it fails."""
