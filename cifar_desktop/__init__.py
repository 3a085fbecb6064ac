"""CIFAR Desktop: the window that classifies photos and trains networks."""

from cifar_desktop.refcounts import keep_constants_alive

keep_constants_alive()
