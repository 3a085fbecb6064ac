"""Logs uncaught exceptions of all threads and messages of Qt, and posts them on the notice board.

`app` installs this before anything can go wrong.
"""

import contextlib
import faulthandler
import logging
import platform
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from cifar_desktop.common.notices import Notice, NoticeBoard, Severity, Topic
from trainer.files.resources import is_packaged, version_of

log = logging.getLogger("cifar_desktop")

_LOGGERS = (log, logging.getLogger("trainer"))
_LOG_BYTES = 500_000
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class _LogFile(RotatingFileHandler):
    """A log that never gets in the way: neither a full disk nor a locked file prevents a start."""

    def doRollover(self) -> None:  # noqa: N802 (logging's name)
        """Start a new file; if another program has an old one open, truncate this one instead."""
        try:
            super().doRollover()
        except OSError:
            self.stream = self._open()
            self.stream.truncate(0)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Drop a line that cannot be written."""

    def close(self) -> None:
        """Close, and drop what a full disk did not take."""
        with contextlib.suppress(OSError):
            super().close()


class CrashReporter:
    """Handles uncaught exceptions from `install` to `remove`.

    Args:
        board: Where they are posted.
    """

    def __init__(self, board: NoticeBoard) -> None:
        self._board = board
        self._handlers: list[logging.Handler] = []
        self._fault_file: TextIO | None = None
        self._log_folder: Path | None = None

    def install(self, folder: Path) -> None:
        """Install the hooks, and log into a folder; if that fails, post a notice and go on."""
        for logger in _LOGGERS:
            logger.setLevel(logging.INFO)
        try:
            self._open_log(folder)
        except OSError as error:
            self._report_unwritable(folder, error)
        log.info("start of %s", _description())
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        qInstallMessageHandler(_log_qt_message)

    def remove(self) -> None:
        """Restore the hooks, and close the log."""
        qInstallMessageHandler(None)
        threading.excepthook = threading.__excepthook__
        sys.excepthook = sys.__excepthook__
        for handler in self._handlers:
            for logger in _LOGGERS:
                logger.removeHandler(handler)
            handler.close()
        self._handlers.clear()
        if self._fault_file is not None:
            faulthandler.disable()
            self._fault_file.close()
            self._fault_file = None

    @property
    def log_folder(self) -> Path | None:
        """Where the log files are, or None if they cannot be written."""
        return self._log_folder

    def _open_log(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(
            folder / "cifar-desktop.log", maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8"
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._handlers.append(handler)
        for logger in _LOGGERS:
            logger.addHandler(handler)
        self._log_folder = folder
        # A crash in native code leaves no other trace.
        self._fault_file = _truncated_if_large(folder / "crash.log")
        faulthandler.enable(self._fault_file)

    def _report_unwritable(self, folder: Path, error: OSError) -> None:
        self._board.post(
            Notice(
                sentence=f"No log can be written to “{folder}”. Everything else works; to have a "
                "log, check the permissions of this folder.",
                topic=Topic.PROGRAM,
                severity=Severity.WARNING,
                details=repr(error),
            )
        )

    def _uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._report("".join(traceback.format_exception(kind, error, trace)))

    def _uncaught_in_thread(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            self._uncaught(caught.exc_type, caught.exc_value, caught.exc_traceback)

    def _report(self, details: str) -> None:
        if sys.stderr is not None:
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.write(details)
        notice = Notice(
            sentence="Something went wrong. This is a bug in CIFAR Desktop; please report it with "
            "the details. You can continue working.",
            topic=Topic.PROGRAM,
            details=details,
        )
        try:
            self._board.post(notice)
        except RuntimeError:  # The board is gone: the program is ending.
            log.error("%s", details)


def _description() -> str:
    """What a bug report must say first."""
    kind = "packaged" if is_packaged() else "from source"
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return f"CIFAR Desktop {version_of()}, {kind}, Python {platform.python_version()}, {system}"


def _truncated_if_large(path: Path) -> TextIO:
    is_large = path.exists() and path.stat().st_size > _LOG_BYTES
    return path.open("w" if is_large else "a", encoding="utf-8")


def _log_qt_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    log.log(_QT_LEVELS[kind], "Qt: %s", text)
