"""Image files to RGB pixels: format detection, decoding, cropping, resizing."""
