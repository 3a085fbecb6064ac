"""Runs a short trainer command and passes on its events.

Training runs are started by `run_launcher` instead, because they must outlive the window.
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, Qt, Signal, Slot

from cifar_desktop.common.child_environment import process_environment
from cifar_desktop.paths import trainer_program
from cifar_desktop.trainer_process.line_buffer import LIMIT, LineBuffer, LineTooLong
from cifar_desktop.trainer_process.outcome import DONE, STOPPED, Ending, Outcome, outcome_of_exit
from trainer.events.base import Event, EventError
from trainer.events.codec import from_line
from trainer.events.command_events import CommandFailed

_LOG_BYTES = 16_000
_EXIT_TIMEOUT_MS = 2000


class TrainerCommand(QObject):
    """A trainer command; may be started again when it has finished.

    Args:
        program: Program and leading arguments; the trainer if None.
        line_limit: Maximum length of a line in bytes.

    Signals:
        event_received: An `Event` arrived.
        finished: The command ended, with this `Outcome`; once per start, but not after `drop` or
            `shutdown`.
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
        self._early_outcome: Outcome | None = None

    @property
    def running(self) -> bool:
        """Whether it was started and has not finished."""
        return self._process is not None

    def start(self, arguments: Sequence[str], stdin: bytes = b"") -> None:
        """Start the command, which must not be running.

        Args:
            arguments: Command-line arguments, `--events` among them.
            stdin: Standard input of the command.
        """
        if self._process is not None:
            raise RuntimeError("The command is still running.")
        self._lines, self._log = LineBuffer(self._line_limit), bytearray()
        self._failure = self._early_outcome = None
        self._stdin = stdin
        process = self._process = self._new_process()
        first, *rest = [*self._program, *arguments]
        process.start(first, rest)

    def kill(self) -> None:
        """Kill the process and ignore further events. `finished` follows a moment later."""
        self._kill_with(Outcome(ending=Ending.KILLED))

    def drop(self) -> None:
        """Kill the process without waiting, emit nothing, and delete this object afterwards."""
        process, self._process = self._process, None
        self._early_outcome = Outcome(ending=Ending.KILLED)
        if process is None:
            self.deleteLater()
        else:
            process.finished.connect(self.deleteLater)
            process.errorOccurred.connect(self.deleteLater)
            process.kill()

    def shutdown(self) -> None:
        """Kill the process, wait until it is gone, and emit nothing."""
        process, self._process = self._process, None
        self._early_outcome = Outcome(ending=Ending.KILLED)
        if process is not None:
            process.kill()
            process.waitForFinished(_EXIT_TIMEOUT_MS)
            process.deleteLater()

    def _new_process(self) -> QProcess:
        process = QProcess(self)
        process.setProcessEnvironment(process_environment())
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read_log)
        process.finished.connect(self._finish)
        # Queued, so that `finished` is never emitted before `start` returns.
        later = Qt.ConnectionType.QueuedConnection
        process.errorOccurred.connect(self._fail_to_start, later)
        process.started.connect(self._write_stdin)
        return process

    @Slot()
    def _write_stdin(self) -> None:
        if self._process is not None:
            self._process.write(self._stdin)
            self._process.closeWriteChannel()

    @Slot()
    def _read(self) -> None:
        if self._process is None:
            return
        data = bytes(self._process.readAllStandardOutput().data())
        if self._early_outcome is None:
            self._decode(data)

    def _decode(self, data: bytes) -> None:
        try:
            for line in self._lines.feed(data):
                self._report(from_line(line))
                if self._early_outcome is not None:
                    return
        except LineTooLong:
            self._kill_with(Outcome(ending=Ending.INVALID_OUTPUT, details="a line is too long"))
        except EventError as error:
            details = f"{error.message}\n{error.details}"
            self._kill_with(Outcome(ending=Ending.INVALID_OUTPUT, details=details))

    def _report(self, event: Event) -> None:
        if isinstance(event, CommandFailed):
            self._failure = event
        else:
            self.event_received.emit(event)

    @Slot()
    def _read_log(self) -> None:
        if self._process is not None:
            self._log += self._process.readAllStandardError().data()
            del self._log[:-_LOG_BYTES]

    def _kill_with(self, outcome: Outcome) -> None:
        if self._process is not None and self._early_outcome is None:
            self._early_outcome = outcome
            self._process.kill()

    @Slot(QProcess.ProcessError)
    def _fail_to_start(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            details = self._process.errorString()
            self._close(Outcome(ending=Ending.NOT_STARTED, details=details))

    @Slot(int, QProcess.ExitStatus)
    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._read_log()
        if self._process is not None:
            self._close(self._early_outcome or self._outcome(code, status))

    def _outcome(self, code: int, status: QProcess.ExitStatus) -> Outcome:
        log = self._log.decode("utf-8", "replace")
        if status == QProcess.ExitStatus.CrashExit:
            # If a signal ended the process, Qt gives its number.
            return outcome_of_exit(-code if 0 < code < 128 else code & 0xFFFF_FFFF, log)
        if code == DONE and self._lines.rest:
            return Outcome(ending=Ending.INVALID_OUTPUT, details=repr(self._lines.rest[:200]))
        if code not in (DONE, STOPPED) and self._failure is not None:
            details = "\n".join(filter(None, (self._failure.details, log)))
            return Outcome(ending=Ending.FAILED, reason=self._failure.reason, details=details)
        return outcome_of_exit(code, log)

    def _close(self, outcome: Outcome) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        self.finished.emit(outcome)
