"""Reads an event log as far as it is written, again and again; for followers and summaries."""

import os
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from cifar_desktop.trainer_process.line_buffer import LineBuffer, LineTooLong

LINE_LIMIT = 2**20
CHUNK_BYTES = 2**14


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """What one reading of the log returned.

    Attributes:
        lines: New complete lines, without their line breaks.
        more: Whether there is more to read immediately.
        replaced: Whether the file was replaced, and these are the first lines of the new one.
        endless: Whether a line was skipped because it is too long.
    """

    lines: list[bytes]
    more: bool = False
    replaced: bool = False
    endless: bool = False


class EventLogTail:
    """Remembers how far a log was read. Keeps no file open: Windows could not delete it.

    Args:
        path: The log; it need not exist yet.

    Attributes:
        offset: Number of bytes read so far.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: tuple[int, int] | None = None
        self._lines = LineBuffer(LINE_LIMIT)
        self.offset = 0

    def read(self, limit: int = CHUNK_BYTES) -> Chunk:
        """Read what was written since the last call, up to a number of bytes.

        Raises:
            OSError: If the log exists but cannot be read.
        """
        try:
            with FileIO(self._path) as file:
                return self._read(file, limit)
        except FileNotFoundError:
            return Chunk(lines=[])

    def _read(self, file: FileIO, limit: int) -> Chunk:
        status = os.fstat(file.fileno())
        replaced = self._changed(status)
        if replaced:
            self._lines, self.offset = LineBuffer(LINE_LIMIT), 0
        self._file = status.st_dev, status.st_ino
        file.seek(self.offset)
        data = file.read(limit) or b""
        self.offset += len(data)
        more = self.offset < status.st_size
        try:
            return Chunk(lines=self._lines.feed(data), more=more, replaced=replaced)
        except LineTooLong:
            return Chunk(lines=[], more=more, replaced=replaced, endless=True)

    def _changed(self, status: os.stat_result) -> bool:
        other = self._file not in (None, (status.st_dev, status.st_ino))
        return other or status.st_size < self.offset
