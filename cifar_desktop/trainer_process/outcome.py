"""How a trainer process ended, in words; reported by `TrainerCommand` and `RunFollower`."""

import signal
from dataclasses import dataclass
from enum import Enum, auto

DONE, FAILED, WRONG_USAGE, STOPPED = 0, 1, 2, 130
"""Exit codes of the trainer."""

_WINDOWS_CRASH = 0x8000_0000
_CRASHES = {"SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT", "SIGTRAP"}


class Ending(Enum):
    """The ways a trainer process can end."""

    DONE = auto()
    STOPPED = auto()
    KILLED = auto()
    FAILED = auto()
    CRASHED = auto()
    VANISHED = auto()
    NOT_STARTED = auto()
    INVALID_OUTPUT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a trainer process ended.

    Attributes:
        ending: The way it ended.
        reason: Why, as a sentence, if the trainer or the system gave a reason.
        details: Technical details, such as the last lines of the trainer's log.
    """

    ending: Ending
    reason: str = ""
    details: str = ""

    @property
    def good(self) -> bool:
        """Whether it ended as intended or as the user asked."""
        return self.ending in (Ending.DONE, Ending.STOPPED, Ending.KILLED)

    @property
    def sentence(self) -> str:
        """What happened, for the user."""
        return self.reason or _SENTENCES[self.ending]


_SENTENCES = {
    Ending.DONE: "Done.",
    Ending.STOPPED: "Stopped.",
    Ending.KILLED: "Force-stopped.",
    Ending.FAILED: "The trainer failed without giving a reason.",
    Ending.CRASHED: "The trainer crashed.",
    Ending.VANISHED: "The trainer ended without reporting anything; the computer may have been "
    "switched off, or memory may have run out.",
    Ending.NOT_STARTED: "The trainer could not be started.",
    Ending.INVALID_OUTPUT: "The trainer sent invalid output and was stopped.",
}


def outcome_of_exit(code: int, log: str) -> Outcome:
    """The outcome of a process that reported nothing but its exit code.

    Args:
        code: Exit code as in `subprocess`: a signal is its negative number.
        log: The end of its standard error.
    """
    if code == DONE:
        return Outcome(ending=Ending.DONE, details=log)
    if code == STOPPED:
        return Outcome(ending=Ending.STOPPED, details=log)
    if code in (FAILED, WRONG_USAGE):
        return Outcome(ending=Ending.FAILED, reason=_reason(log), details=log)
    return Outcome(ending=Ending.CRASHED, reason=_crash(code), details=log)


def _reason(log: str) -> str:
    """The trainer's own reason: the last line of its log, unless that is part of a traceback."""
    last = (log.strip().splitlines() or [""])[-1]
    program, colon, reason = last.partition(": ")
    return reason if colon and program == "cifar-trainer" else ""


def _crash(code: int) -> str:
    if code >= _WINDOWS_CRASH:
        return f"The trainer crashed (0x{code:08X})."
    if code >= 0:
        return f"The trainer ended unexpectedly (exit code {code})."
    name = _signal_name(-code)
    if name == "SIGKILL":
        return "The trainer was killed, perhaps because memory ran out."
    if name in _CRASHES:
        return f"The trainer crashed ({name})."
    return f"Another program stopped the trainer ({name})."


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
