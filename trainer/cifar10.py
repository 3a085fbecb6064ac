"""What CIFAR-10 is, for those who have not loaded it. Standard library only."""

CIFAR10_CLASSES: tuple[str, ...] = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip
"""In the official order, which is the alphabetical one too."""
CIFAR10_IMAGES = (50_000, 10_000)
"""To train and to test with."""
