"""CIFAR Desktop: the window that classifies photos and trains networks."""
