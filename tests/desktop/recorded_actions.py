"""`RunActions` that do nothing but note what was asked for; for the tests of what has buttons."""

from dataclasses import fields
from functools import partial
from pathlib import Path

from cifar_desktop.runs.actions import RunActions


class RecordedActions:
    """Notes each action by name with its arguments.

    Attributes:
        actions: The actions to hand to a widget.
        calls: What was asked for: name and arguments.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, *tuple[Path | str, ...]]] = []
        names = [field.name for field in fields(RunActions)]
        self.actions = RunActions(**{name: partial(self._note, name) for name in names})

    def _note(self, name: str, *arguments: Path | str) -> None:
        self.calls.append((name, *arguments))
