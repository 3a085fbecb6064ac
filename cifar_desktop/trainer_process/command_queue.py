"""Runs short trainer commands one after another; created by `app`, used by the features.

One at a time, because each is a process that loads torch: in parallel they would only slow down one
another and the window.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from cifar_desktop.trainer_process.command import TrainerCommand
from cifar_desktop.trainer_process.outcome import Outcome
from trainer.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QueuedCommand:
    """A trainer command and the callbacks for its results.

    Attributes:
        topic: Subject of the command; a newer command with the same topic replaces it.
        arguments: Command-line arguments, without `--events`.
        event_received: Called with each event.
        finished: Called once at the end, unless the command is dropped.
        stdin: Standard input of the command.
        low_priority: Whether it waits for all others, and restarts if one interrupts it.
    """

    topic: str
    arguments: tuple[str, ...]
    event_received: Callable[[Event], None]
    finished: Callable[[Outcome], None]
    stdin: bytes = b""
    low_priority: bool = False


class CommandQueue(QObject):
    """A queue of trainer commands.

    Signals: none.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        self._waiting: list[QueuedCommand] = []
        self._current: QueuedCommand | None = None
        self._command: TrainerCommand | None = None

    def add(self, command: QueuedCommand) -> None:
        """Run a command after those before it; one with the same topic is dropped."""
        self.drop(command.topic)
        if self._closed:
            return
        self._waiting.append(command)
        self._waiting.sort(key=lambda each: each.low_priority)
        if not command.low_priority:
            self._interrupt_low_priority()
        self._start_next()

    def drop(self, topic: str) -> None:
        """Remove the command with a topic, even if it is running."""
        self._waiting = [each for each in self._waiting if each.topic != topic]
        if self._current is not None and self._current.topic == topic and self._command is not None:
            self._command.drop()
            self._current = self._command = None
            self._start_next()

    def _interrupt_low_priority(self) -> None:
        current = self._current
        if current is not None and current.low_priority and self._command is not None:
            self._command.drop()
            self._current = self._command = None
            self._waiting.append(current)

    @property
    def busy(self) -> bool:
        """Whether a command is running or waiting."""
        return self._current is not None or bool(self._waiting)

    def shutdown(self) -> None:
        """Drop all commands and accept no more."""
        self._closed = True
        self._waiting.clear()
        if self._command is not None:
            self._command.shutdown()
            self._current = self._command = None

    def _start_next(self) -> None:
        if self._current is not None or not self._waiting:
            return
        self._current = current = self._waiting.pop(0)
        self._command = TrainerCommand(parent=self)
        self._command.event_received.connect(current.event_received)
        self._command.finished.connect(self._on_finished)
        self._command.start([*current.arguments, "--events"], current.stdin)

    @Slot(object)
    def _on_finished(self, outcome: Outcome) -> None:
        done, self._current = self._current, None
        if self._command is not None:
            self._command.deleteLater()
            self._command = None
        if done is not None:
            done.finished(outcome)
        self._start_next()
