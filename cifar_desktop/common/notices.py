"""What the program has to tell the person, and the one board it is written on.

Tabs, services' errors and the crash hooks post here; the window's notice bar shows it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal, Slot

from trainer.errors import TrainerError

log = logging.getLogger(__name__)


class Severity(Enum):
    """How bad it is; the value is the level in the log."""

    INFO = logging.INFO
    WARNING = logging.WARNING
    ERROR = logging.ERROR


class Topic(Enum):
    """What a notice is about; success with the same thing makes it disappear."""

    PICTURE = "picture"
    NETWORK = "network"
    TRAINING = "training"
    EVALUATION = "evaluation"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button on a notice.

    Attributes:
        label: Its text, with a mnemonic if there is a good one.
        run: Called when it is pressed.
    """

    label: str
    run: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell.

    Attributes:
        sentence: What happened and what to do about it.
        topic: What it is about.
        severity: How bad it is.
        details: Technical text that can be copied; empty if there is none.
        action: A button that helps, or None.
    """

    sentence: str
    topic: Topic
    severity: Severity = Severity.ERROR
    details: str = ""
    action: Action | None = None

    @classmethod
    def of(cls, error: TrainerError, topic: Topic, action: Action | None = None) -> "Notice":
        """The notice that shows an error."""
        return cls(sentence=error.message, topic=topic, details=error.details, action=action)


class NoticeBoard(QObject):
    """The notices that stand, at most one for each topic; the last one posted is on top.

    Signals:
        changed: The notice on top is another one now, or there is none.
    """

    changed = Signal()
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notices: dict[Topic, Notice] = {}
        self._posted.connect(self._pin)

    @property
    def top(self) -> Notice | None:
        """The notice to show, or None."""
        return next(reversed(self._notices.values()), None)

    def post(self, notice: Notice) -> None:
        """Show a notice and log it; may be called from any thread."""
        log.log(notice.severity.value, "%s\n%s", notice.sentence, notice.details)
        self._posted.emit(notice)

    def clear(self, topic: Topic) -> None:
        """Take down what stands about a topic, because something about it went well."""
        if self._notices.pop(topic, None) is not None:
            self.changed.emit()

    @Slot(object)
    def _pin(self, notice: Notice) -> None:
        self._notices.pop(notice.topic, None)
        self._notices[notice.topic] = notice
        self.changed.emit()
