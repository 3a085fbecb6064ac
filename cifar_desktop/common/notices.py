"""Notices for the user, and the board that they are posted on.

Tabs, runs and the crash reporter post here; the window's notice bar shows the latest.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal, Slot

from trainer.errors import TrainerError

log = logging.getLogger(__name__)


class Severity(Enum):
    """The severity; the value is the logging level."""

    INFO = logging.INFO
    WARNING = logging.WARNING
    ERROR = logging.ERROR


class Topic(Enum):
    """The topic of a notice; a later success with the same topic clears it."""

    PICTURE = "picture"
    NETWORK = "network"
    TRAINING = "training"
    EVALUATION = "evaluation"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button on a notice.

    Attributes:
        label: The text, with a mnemonic if there is a good one.
        run: Called when the button is pressed.
    """

    label: str
    run: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message to the user.

    Attributes:
        sentence: What happened and what to do about it.
        topic: The topic.
        severity: The severity.
        details: Technical details to copy; empty if there are none.
        action: A button that helps, or None.

    Paragraphs after the first, such as what a folder contains, go into the details.
    """

    sentence: str
    topic: Topic
    severity: Severity = Severity.ERROR
    details: str = ""
    action: Action | None = None

    def __post_init__(self) -> None:
        sentence, _, more = self.sentence.partition("\n\n")
        if more:
            object.__setattr__(self, "sentence", sentence)
            object.__setattr__(self, "details", f"{more}\n\n{self.details}".strip())

    @classmethod
    def of(cls, error: TrainerError, topic: Topic, action: Action | None = None) -> "Notice":
        """The notice for an error."""
        return cls(sentence=error.message, topic=topic, details=error.details, action=action)


class NoticeBoard(QObject):
    """The current notices, at most one per topic; the latest is on top.

    Signals:
        changed: The top notice has changed, or there is none any more.
    """

    changed = Signal()
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notices: dict[Topic, Notice] = {}
        self._posted.connect(self._add)

    @property
    def top(self) -> Notice | None:
        """The latest notice, or None."""
        return self.latest()

    def latest(self, without: Topic | None = None) -> Notice | None:
        """The notice to show where one topic is out of place; None if there is none."""
        notices = reversed(self._notices.values())
        return next((each for each in notices if each.topic is not without), None)

    def post(self, notice: Notice) -> None:
        """Show a notice and log it; may be called from any thread."""
        log.log(notice.severity.value, "%s\n%s", notice.sentence, notice.details)
        self._posted.emit(notice)

    def clear(self, topic: Topic) -> None:
        """Remove the notice on a topic, because something about it succeeded."""
        if self._notices.pop(topic, None) is not None:
            self.changed.emit()

    @Slot(object)
    def _add(self, notice: Notice) -> None:
        self._notices.pop(notice.topic, None)
        self._notices[notice.topic] = notice
        self.changed.emit()
