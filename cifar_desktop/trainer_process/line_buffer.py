"""Cuts a stream of bytes into whole lines; used by `trainer_command` and `record_tail`."""

LIMIT = 64 * 2**20


class LineTooLong(Exception):
    """What came is no line: it does not end."""


class LineBuffer:
    """Keeps what came of a line until the rest of it comes.

    Args:
        limit: Bytes that a line may have.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._begun = bytearray()

    def feed(self, piece: bytes) -> list[bytes]:
        """The lines that end in this piece, without their line breaks.

        Raises:
            LineTooLong: If the last line grew beyond the limit; it is forgotten.
        """
        header, line_break, rest = piece.partition(b"\n")
        self._begun += header
        if len(self._begun) > self._limit:
            self._begun.clear()
            raise LineTooLong
        if not line_break:
            return []
        lines = [bytes(self._begun), *rest.split(b"\n")]
        self._begun = bytearray(lines.pop())
        return lines

    @property
    def rest(self) -> bytes:
        """What came of a line that has not ended."""
        return bytes(self._begun)
