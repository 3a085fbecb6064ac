"""How large the pictures of a dataset are and how they are used, in words; for the sample sheet."""

from cifar_desktop.training.widgets.dataset.state import Described


def shape_in_words(described: Described) -> str:
    """Their sizes on disk, their colour, and at what size they are used, if that is another."""
    smallest, largest, side = described.smallest, described.largest, described.side
    if smallest == largest == (side, side):
        return f"{_size(smallest)} pixels, {_colour(described)}"
    sizes = _size(smallest)
    if smallest != largest:
        sizes = f"From {sizes} to {_size(largest)}"
    return f"{sizes} pixels, {_colour(described)}; used at {_size((side, side))}"


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]:,} \N{MULTIPLICATION SIGN} {size[1]:,}"


def _colour(described: Described) -> str:
    """Judged by the samples; every image is used as red, green and blue."""
    pixels = described.samples
    grey = pixels[0::3] == pixels[1::3] == pixels[2::3]
    return "shades of grey" if grey and pixels else "colour"
