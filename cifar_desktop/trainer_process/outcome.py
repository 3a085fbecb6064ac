"""How a child process ended, in words; told by `trainer_command` and `run_follower`."""

import signal
from dataclasses import dataclass
from enum import Enum, auto

DONE, FAILED, WRONG_USAGE, STOPPED = 0, 1, 2, 130
"""Exit codes of the trainer."""

_WINDOWS_CRASH = 0x8000_0000
_CRASHES = {"SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT", "SIGTRAP"}


class Ending(Enum):
    """The ways to end."""

    DONE = auto()
    STOPPED = auto()
    KILLED = auto()
    FAILED = auto()
    CRASHED = auto()
    VANISHED = auto()
    NOT_STARTED = auto()
    GARBAGE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How it ended.

    Attributes:
        ending: Which way.
        reason: Why, as a sentence, where the trainer said so or the system did.
        details: Technical text, such as the last lines of the trainer's log.
    """

    ending: Ending
    reason: str = ""
    details: str = ""

    @property
    def good(self) -> bool:
        """Whether it ended as it was meant to, or as the person asked."""
        return self.ending in (Ending.DONE, Ending.STOPPED, Ending.KILLED)

    @property
    def sentence(self) -> str:
        """What happened, for a person."""
        return self.reason or _SENTENCES[self.ending]


_SENTENCES = {
    Ending.DONE: "Done.",
    Ending.STOPPED: "Stopped.",
    Ending.KILLED: "Ended by force.",
    Ending.FAILED: "The trainer failed and did not say why.",
    Ending.CRASHED: "The trainer crashed.",
    Ending.VANISHED: "The trainer ended without a word; perhaps the computer was switched off, or "
    "memory ran out.",
    Ending.NOT_STARTED: "The trainer could not be started.",
    Ending.GARBAGE: "The trainer said something that cannot be understood, so it was ended.",
}


def outcome_of_exit(code: int, log: str) -> Outcome:
    """The outcome of a process that ended and said nothing else about it.

    Args:
        code: As `subprocess` has it: a signal is its negative number.
        log: The end of what it wrote to its standard error.
    """
    if code == DONE:
        return Outcome(ending=Ending.DONE, details=log)
    if code == STOPPED:
        return Outcome(ending=Ending.STOPPED, details=log)
    if code in (FAILED, WRONG_USAGE):
        return Outcome(ending=Ending.FAILED, reason=_last_words(log), details=log)
    return Outcome(ending=Ending.CRASHED, reason=_crash(code), details=log)


def _last_words(log: str) -> str:
    """The trainer's own reason: the last line of its log, unless that is of a traceback."""
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
    return f"The trainer was ended from outside ({name})."


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
