"""Runs a short command of the trainer and tells what it says; for the Training tab.

Long runs go another way, because they must survive the window: `run_launcher`.
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, Qt, Signal, Slot

from cifar_desktop.common.child_environment import process_environment
from cifar_desktop.paths import trainer_program
from cifar_desktop.trainer_process.line_buffer import LIMIT, LineBuffer, LineTooLong
from cifar_desktop.trainer_process.outcome import DONE, STOPPED, Ending, Outcome, outcome_of_exit
from trainer.errors import TrainerError
from trainer.events.base import EventError
from trainer.events.codec import from_line
from trainer.events.command_events import CommandFailed

_LOG_BYTES = 16_000
_PATIENCE_AT_EXIT_MS = 2000


class TrainerCommand(QObject):
    """One command; may be started again when it has ended.

    Args:
        program: What to start; the arguments are put behind it. The trainer if None.
        line_limit: Bytes that a line may have.

    Signals:
        told: An `Event`, as it comes.
        ended: `Outcome`; exactly one for each start, none after `drop` or `shutdown`.
    """

    event_received = Signal(object)
    finished = Signal(object)

    def __init__(
        self,
        program: Sequence[str] | None = None,
        parent: QObject | None = None,
        *,
        line_limit: int = LIMIT,
    ) -> None:
        super().__init__(parent)
        self._program = program or trainer_program()
        self._line_limit = line_limit
        self._process: QProcess | None = None
        self._lines = LineBuffer()
        self._log = bytearray()
        self._stdin = b""
        self._failure: CommandFailed | None = None
        self._verdict: Outcome | None = None

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None

    def start(self, arguments: Sequence[str], stdin: bytes = b"") -> None:
        """Start the command, with `--events` among its arguments, and give it something to read.

        Must not be running.
        """
        if self._process is not None:
            raise RuntimeError("The command is still running.")
        self._lines, self._log = LineBuffer(self._line_limit), bytearray()
        self._failure = self._verdict = None
        self._stdin = stdin
        process = self._process = self._new_process()
        first, *rest = [*self._program, *arguments]
        process.start(first, rest)

    def kill(self) -> None:
        """End it at once; what it still says is not told. `finished` comes a moment later."""
        self._end_with(Outcome(ending=Ending.KILLED))

    def drop(self) -> None:
        """End it without a word, wait for nothing, and delete this object when it is gone."""
        process, self._process = self._process, None
        self._verdict = Outcome(ending=Ending.KILLED)
        if process is None:
            self.deleteLater()
        else:
            process.finished.connect(self.deleteLater)
            process.errorOccurred.connect(self.deleteLater)
            process.kill()

    def shutdown(self) -> None:
        """End it without a word and wait until it is gone."""
        process, self._process = self._process, None
        self._verdict = Outcome(ending=Ending.KILLED)
        if process is not None:
            process.kill()
            process.waitForFinished(_PATIENCE_AT_EXIT_MS)
            process.deleteLater()

    def _new_process(self) -> QProcess:
        process = QProcess(self)
        process.setProcessEnvironment(process_environment())
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read_log)
        process.finished.connect(self._finish)
        # Later, so that nothing has ended before `start` returns.
        later = Qt.ConnectionType.QueuedConnection
        process.errorOccurred.connect(self._fail_to_start, later)
        process.started.connect(self._feed)
        return process

    @Slot()
    def _feed(self) -> None:
        if self._process is not None:
            self._process.write(self._stdin)
            self._process.closeWriteChannel()

    @Slot()
    def _read(self) -> None:
        if self._process is None:
            return
        piece = bytes(self._process.readAllStandardOutput().data())
        if self._verdict is None:
            self._take(piece)

    def _take(self, piece: bytes) -> None:
        try:
            for line in self._lines.feed(piece):
                self._tell(line)
                if self._verdict is not None:
                    return
        except LineTooLong:
            self._end_with(Outcome(ending=Ending.GARBAGE, details="a line without end"))
        except EventError as error:
            self._end_with(Outcome(ending=Ending.GARBAGE, details=_both(error)))

    def _tell(self, line: bytes) -> None:
        event = from_line(line)
        if isinstance(event, CommandFailed):
            self._failure = event
        else:
            self.event_received.emit(event)

    @Slot()
    def _read_log(self) -> None:
        if self._process is not None:
            self._log += self._process.readAllStandardError().data()
            del self._log[:-_LOG_BYTES]

    def _end_with(self, outcome: Outcome) -> None:
        if self._process is not None and self._verdict is None:
            self._verdict = outcome
            self._process.kill()

    @Slot(QProcess.ProcessError)
    def _fail_to_start(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            words = self._process.errorString()
            self._close(Outcome(ending=Ending.NOT_STARTED, details=words))

    @Slot(int, QProcess.ExitStatus)
    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._read_log()
        if self._process is not None:
            self._close(self._verdict or self._outcome(code, status))

    def _outcome(self, code: int, status: QProcess.ExitStatus) -> Outcome:
        log = self._log.decode("utf-8", "replace")
        if status == QProcess.ExitStatus.CrashExit:
            # Where a process is ended by a signal, Qt gives its number.
            return outcome_of_exit(-code if 0 < code < 128 else code & 0xFFFF_FFFF, log)
        if code == DONE and self._lines.rest:
            return Outcome(ending=Ending.GARBAGE, details=repr(self._lines.rest[:200]))
        if code not in (DONE, STOPPED) and self._failure is not None:
            details = "\n".join(filter(None, (self._failure.details, log)))
            return Outcome(ending=Ending.FAILED, reason=self._failure.reason, details=details)
        return outcome_of_exit(code, log)

    def _close(self, outcome: Outcome) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        self.finished.emit(outcome)


def _both(error: TrainerError) -> str:
    return f"{error.message}\n{error.details[:1000]}"
