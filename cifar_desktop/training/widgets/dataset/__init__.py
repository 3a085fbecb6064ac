"""The dataset view: classes, sample images, checks."""
