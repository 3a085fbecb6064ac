"""How the names of picture files end; for file dialogs, and for folders of pictures."""

PICTURE_SUFFIXES = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".heic", ".heif", ".avif", ".gif", ".bmp",
    ".tif", ".tiff", ".ico", ".tga", ".ppm", ".pgm", ".pbm", ".qoi", ".jp2",
    ".hif", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2", ".pef",
)  # fmt: skip
