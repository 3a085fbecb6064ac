"""Reads a run's record as far as it is written, again and again; for `run_follower`, `run_scan`."""

import os
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from cifar_desktop.trainer_process.line_buffer import LineBuffer, LineTooLong

LINE_LIMIT = 2**20
PIECE = 2**14


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """What a look at the record brought.

    Attributes:
        lines: Whole lines that are new, without their line breaks.
        more: Whether another look would bring more at once.
        replaced: Whether this is another record than before, and these are its first lines.
        endless: Whether something was left out that goes on for ever without a line break.
    """

    lines: list[bytes]
    more: bool = False
    replaced: bool = False
    endless: bool = False


class EventLogTail:
    """Remembers how far a record was read. Keeps no file open: Windows could not delete it.

    Args:
        path: The record; it need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: tuple[int, int] | None = None
        self._lines = LineBuffer(LINE_LIMIT)
        self.offset = 0

    def read(self, limit: int = PIECE) -> Chunk:
        """What was written since the last look, up to a number of bytes.

        Raises:
            OSError: If the record is there but cannot be read.
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
