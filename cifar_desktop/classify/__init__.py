"""The Classify tab: a picture in, its most likely classes out."""
