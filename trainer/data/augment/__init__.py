"""What augmentation does to images, to each of a batch by itself, on the device that holds them."""
