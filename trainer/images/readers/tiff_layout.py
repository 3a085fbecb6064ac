"""What the tags of a TIFF directory say about its pixels; used by `tiff` and `tiff_samples`."""

from typing import Any

_MOST_SAMPLES = 64
_NAMES = {0: "gray", 1: "gray", 2: "RGB", 3: "palette", 4: "mask", 5: "CMYK", 6: "YCbCr", 8: "Lab"}
_WORDS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}


class TiffLayout:
    """What the tags of a directory say about its pixels, with the defaults of the format."""

    def __init__(self, tags: dict[int, Any]) -> None:
        self.tags = tags
        self.width, self.height = self._number(256, 0), self._number(257, 0)
        self.compression = self._number(259, 1)
        bits = self.numbers(258, (1,))
        self.bands = min(self._number(277, len(bits)), _MOST_SAMPLES)
        self.photometric = self._number(262, 2 if self.bands > 2 else 1)
        self.bits = bits[0]
        self.is_uniform = len(set(bits)) == 1
        self.orientation = self._number(274, 1)
        self.format = {4: 1}.get(self.numbers(339, (1,))[0], self.numbers(339, (1,))[0])
        self.planar = self._number(284, 1) == 2 and self.bands > 1
        self.predictor = self._number(317, 1)
        self.tile = self._tile()
        self.rows_per_strip = min(self._number(278, self.height), self.height) or self.height

    def numbers(self, tag: int, default: tuple[int, ...] = ()) -> tuple[int, ...]:
        """The integers of a tag, or the default if it is missing or something else."""
        value = self.tags.get(tag, default)
        value = value if isinstance(value, tuple) else (value,)
        return value if value and all(isinstance(each, int) for each in value) else default

    def _tile(self) -> tuple[int, int] | None:
        tile = self._number(322, 0), self._number(323, 0)
        return tile if min(tile) > 0 else None

    def _number(self, tag: int, default: int) -> int:
        return self.numbers(tag, (default,))[0]

    @property
    def is_deep(self) -> bool:
        """Whether its samples are more than unsigned integers of eight bits."""
        return self.bits > 8 or self.format != 1

    @property
    def kind(self) -> str:
        """Its channels in words, such as `five bands of gray, 16 bits`."""
        name = _NAMES.get(self.photometric, f"color space {self.photometric}")
        number = {2: "signed integers", 3: "floating point"}.get(self.format, "")
        bands = f"{_WORDS.get(self.bands, self.bands)} bands of {name}" if self.bands > 1 else name
        return f"{bands}, {self.bits} bits {number}".strip()

    @property
    def given_range(self) -> tuple[float, float] | None:
        """Smallest and largest value by the file, or None."""
        low, high = self._range_tag(340) or 0.0, self._range_tag(341)
        if high is not None:
            return low, high
        # This older tag often holds the largest value of this picture, which is not its white.
        largest = self._number(281, 0)
        return (0.0, float(largest)) if largest > 254 and not largest & (largest + 1) else None

    def _range_tag(self, tag: int) -> float | None:
        value = self.tags.get(tag)
        value = value[0] if isinstance(value, tuple) and value else value
        return float(value) if isinstance(value, int | float) else None

    @property
    def segments(self) -> list[tuple[int, int]]:
        """Offset and length of each strip or tile."""
        offsets = self.numbers(273 if self.tile is None else 324)
        lengths = self.numbers(279 if self.tile is None else 325)
        if self.compression == 1:
            rows = self.tile[1] if self.tile else self.rows_per_strip
            full = (self.tile_row_bytes if self.tile else self.row_bytes) * rows
            lengths = tuple(min(each, full) for each in lengths) or (full,) * len(offsets)
        return list(zip(offsets, lengths, strict=False))

    @property
    def planes(self) -> int:
        """Number of planes, each with all its segments."""
        return self.bands if self.planar else 1

    @property
    def bands_per_plane(self) -> int:
        """Samples of a pixel that are stored together."""
        return 1 if self.planar else self.bands

    @property
    def padded_width(self) -> int:
        """Width in pixels up to the end of the last tile."""
        return self.width if self.tile is None else -(-self.width // self.tile[0]) * self.tile[0]

    @property
    def row_bytes(self) -> int:
        """Bytes of a row of the picture."""
        return self._bytes_of(self.padded_width)

    @property
    def tile_row_bytes(self) -> int:
        """Bytes of a row of a tile; of the picture, if it has strips."""
        return self._bytes_of(self.tile[0] if self.tile else self.padded_width)

    def _bytes_of(self, pixels: int) -> int:
        return -(-pixels * self.bands_per_plane * self.bits // 8)
