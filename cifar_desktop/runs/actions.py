"""Everything that can be done with a run, in one object; filled by `app`.

The runs table, the panel above the curves and the notices get it, and call what their buttons
offer. It knows no services, so widgets may have it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RESUME = "&Resume", "Continue from the last checkpoint"
RESTART = "Sta&rt again", "Start this run again; it has no checkpoint yet"
"""Text and tooltip for resuming a run, with and without a checkpoint."""

RunAction = Callable[[Path], None]
"""Called with the folder of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunActions:
    """What can be done with a run.

    Attributes:
        show: Show its curves in the Training tab.
        resume: Continue from its last checkpoint, or start it again if it has none.
        stop: Save a checkpoint and stop.
        kill: Stop at once; progress since the last checkpoint is lost.
        rename: Change its name to the second argument.
        delete: Delete it with all its files, after asking.
        open_folder: Open its folder in the file manager.
        duplicate: Fill the form with its settings, for a new run.
        use_network: Use its network in the Classify tab.
        evaluate: Evaluate its network in the Evaluation tab.
        locate_data: Ask where its dataset is now, and resume.
    """

    show: RunAction
    resume: RunAction
    stop: RunAction
    kill: RunAction
    rename: Callable[[Path, str], None]
    delete: RunAction
    open_folder: RunAction
    duplicate: RunAction
    use_network: RunAction
    evaluate: RunAction
    locate_data: RunAction
