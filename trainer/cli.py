"""`cifar-trainer`: train, evaluate, predict, export and more.

Exit codes: 0 success, 1 failure with a one-line reason on stderr, 2 wrong usage, 130 stopped by the
user. Torch is imported only by the commands that need it, so that `--help` is fast.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from types import FrameType

from trainer.cancellation import CancelToken
from trainer.commands.arguments import build_parser
from trainer.devices.malloc_tuning import keep_freed_memory
from trainer.errors import Cancelled, ConfigError, TrainerError
from trainer.files.cache_dir import keep_compiled_kernels

DONE, FAILED, WRONG_USAGE, STOPPED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        options = build_parser().parse_args(arguments)
    except SystemExit as stop:
        return WRONG_USAGE if stop.code else DONE
    _print_undecodable_names()
    # Threads that spin while they wait halve the speed of a busy machine and gain nothing on an
    # idle one. OpenMP reads this when torch is imported.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    keep_compiled_kernels()
    keep_freed_memory()
    token = CancelToken()
    _stop_on_signals(token)
    try:
        return _command(options)(options, token)
    except BrokenPipeError:
        # The reader closed the pipe; Python must not report it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except ConfigError as error:
        return _print_error(error, WRONG_USAGE)
    except (Cancelled, KeyboardInterrupt) as error:
        return _print_error(error, STOPPED)
    except TrainerError as error:
        return _print_error(error, FAILED)


def _print_undecodable_names() -> None:
    # Names of files and classes may be invalid Unicode, or not printable on this terminal.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _command(options: argparse.Namespace) -> Callable[[argparse.Namespace, CancelToken], int]:
    module = import_module(f"trainer.commands.{options.command}")
    run: Callable[[argparse.Namespace, CancelToken], int] = module.run
    return run


def _print_error(error: BaseException, code: int) -> int:
    print(f"cifar-trainer: {str(error) or 'Stopped.'}", file=sys.stderr)
    return code


def _stop_on_signals(token: CancelToken) -> None:
    def stop(number: int, _frame: FrameType | None) -> None:
        # A second signal ends the process at once.
        signal.signal(number, signal.SIG_DFL)
        token.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
