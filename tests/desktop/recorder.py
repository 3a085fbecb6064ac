"""Collects what a service emits, on the test's own thread; used by the tests of the services."""

from PySide6.QtCore import QObject, Slot


class Recorder(QObject):
    """Slots for signals with a request id and a value.

    Attributes:
        good: What ended well: request id and result.
        bad: What failed: request id and error.
    """

    def __init__(self) -> None:
        super().__init__()
        self.good: list[tuple[int, object]] = []
        self.bad: list[tuple[int, object]] = []

    @Slot(int, object)
    def on_good(self, request: int, result: object) -> None:
        self.good.append((request, result))

    @Slot(int, object)
    def on_bad(self, request: int, error: object) -> None:
        self.bad.append((request, error))

    @property
    def finished(self) -> list[int]:
        return sorted(request for request, _ in self.good + self.bad)
