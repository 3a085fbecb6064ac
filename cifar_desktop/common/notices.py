"""Notices for the user, and the board that they are posted on.

Tabs, runs and the crash reporter post here; the window shows the notices over its page.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal, Slot

from trainer.errors import TrainerError

log = logging.getLogger(__name__)


class Severity(Enum):
    """The severity; the value is its name."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"

    @property
    def passing(self) -> bool:
        """Whether such a notice may leave by itself."""
        return self in (Severity.INFO, Severity.SUCCESS)


_LEVELS = {Severity.WARNING: logging.WARNING, Severity.ERROR: logging.ERROR}


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
        lasting: Whether it stays until something else is posted on its topic, such as the end of
            what it announces.

    Paragraphs after the first, such as what a folder contains, go into the details.
    """

    sentence: str
    topic: Topic
    severity: Severity = Severity.ERROR
    details: str = ""
    action: Action | None = None
    lasting: bool = False

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
    """The current notices, at most one per topic.

    Signals:
        changed: There are other notices.
        settled: `Topic` about which something has succeeded, whether there was a notice or not.
    """

    changed = Signal()
    settled = Signal(object)
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notices: dict[Topic, Notice] = {}
        self._posted.connect(self._add)

    @property
    def notices(self) -> list[Notice]:
        """All of them, the latest last."""
        return list(self._notices.values())

    @property
    def top(self) -> Notice | None:
        """The latest notice, or None."""
        return self.notices[-1] if self._notices else None

    def post(self, notice: Notice) -> None:
        """Show a notice and log it; may be called from any thread."""
        level = _LEVELS.get(notice.severity, logging.INFO)
        log.log(level, "%s\n%s", notice.sentence, notice.details)
        self._posted.emit(notice)

    def clear(self, topic: Topic) -> None:
        """Remove the notice on a topic, because something about it succeeded."""
        self.settled.emit(topic)
        if self._notices.pop(topic, None) is not None:
            self.changed.emit()

    def remove(self, notice: Notice) -> None:
        """Remove a notice that was read, unless another one has replaced it."""
        if self._notices.get(notice.topic) is notice:
            del self._notices[notice.topic]
            self.changed.emit()

    @Slot(object)
    def _add(self, notice: Notice) -> None:
        self._notices.pop(notice.topic, None)
        self._notices[notice.topic] = notice
        self.changed.emit()
