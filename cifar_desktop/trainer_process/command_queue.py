"""Asks the trainer short questions one after another; made by `app`, used by the Training tab.

One at a time, because each has a process that loads torch: side by side they would only slow each
other, and the window, down.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from cifar_desktop.trainer_process.command import TrainerCommand
from cifar_desktop.trainer_process.outcome import Outcome
from trainer.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QueuedCommand:
    """A command of the trainer, and who wants to know.

    Attributes:
        topic: What it is about; a newer question on the same topic takes its place.
        arguments: Of the command line, without `--events`.
        told: Called with each event.
        ended: Called once, at the end, unless the question was dropped.
        stdin: What the command is given to read.
        patient: Whether it waits for all others, and begins anew when one comes in between.
    """

    topic: str
    arguments: tuple[str, ...]
    event_received: Callable[[Event], None]
    finished: Callable[[Outcome], None]
    stdin: bytes = b""
    low_priority: bool = False


class CommandQueue(QObject):
    """A queue of questions.

    Signals: none.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        self._waiting: list[QueuedCommand] = []
        self._asked: QueuedCommand | None = None
        self._command: TrainerCommand | None = None

    def ask(self, question: QueuedCommand) -> None:
        """Ask as soon as those before are answered; a question on the same topic is dropped."""
        self.drop(question.topic)
        if self._closed:
            return
        self._waiting.append(question)
        # The patient last, the others in their order.
        self._waiting.sort(key=lambda each: each.low_priority)
        if not question.low_priority:
            self._put_off()
        self._next()

    def drop(self, topic: str) -> None:
        """Forget the question on a topic, also if it is being answered."""
        self._waiting = [each for each in self._waiting if each.topic != topic]
        if self._asked is not None and self._asked.topic == topic and self._command is not None:
            self._command.drop()
            self._asked = self._command = None
            self._next()

    def _put_off(self) -> None:
        asked = self._asked
        if asked is not None and asked.low_priority and self._command is not None:
            self._command.drop()
            self._asked = self._command = None
            self._waiting.append(asked)

    @property
    def busy(self) -> bool:
        """Whether there is a question that has no answer yet."""
        return self._asked is not None or bool(self._waiting)

    def shutdown(self) -> None:
        """Drop all questions, and take no more."""
        self._closed = True
        self._waiting.clear()
        if self._command is not None:
            self._command.shutdown()
            self._asked = self._command = None

    def _next(self) -> None:
        if self._asked is not None or not self._waiting:
            return
        self._asked = question = self._waiting.pop(0)
        self._command = TrainerCommand(parent=self)
        self._command.event_received.connect(question.event_received)
        self._command.finished.connect(self._on_finished)
        self._command.start([*question.arguments, "--events"], question.stdin)

    @Slot(object)
    def _on_finished(self, outcome: Outcome) -> None:
        question, self._asked = self._asked, None
        if self._command is not None:
            self._command.deleteLater()
            self._command = None
        if question is not None:
            question.finished(outcome)
        self._next()
