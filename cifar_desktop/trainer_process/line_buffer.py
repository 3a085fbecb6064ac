"""Splits a stream of bytes into lines; for `TrainerCommand` and `EventLogTail`."""

LIMIT = 64 * 2**20
"""Maximum length of a line in bytes."""


class LineTooLong(Exception):
    """A line exceeds the limit."""


class LineBuffer:
    """Holds the beginning of a line until its end arrives.

    Args:
        limit: Maximum length of a line in bytes.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._partial = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that end in this data, without their line breaks.

        Raises:
            LineTooLong: If the first of them exceeds the limit; it is discarded.
        """
        end, line_break, rest = data.partition(b"\n")
        self._partial += end
        if len(self._partial) > self._limit:
            self._partial.clear()
            raise LineTooLong
        if not line_break:
            return []
        lines = [bytes(self._partial), *rest.split(b"\n")]
        self._partial = bytearray(lines.pop())
        return lines

    @property
    def rest(self) -> bytes:
        """The beginning of a line whose end has not arrived."""
        return bytes(self._partial)
