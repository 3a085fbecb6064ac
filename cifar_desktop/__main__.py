"""The only entry point of the program: the window, or with `--trainer` the command line.

So the program is its own command line, also where it is packaged without a Python interpreter.
"""

import os
import sys
from collections.abc import Sequence
from multiprocessing import freeze_support
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    # In a packaged program this must come first, or child processes open windows.
    freeze_support()
    _open_missing_streams()
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["--trainer"]:
        from trainer import cli

        return cli.main(arguments[1:])
    from cifar_desktop.command_line import parse

    options = parse(arguments)
    if sys.platform == "win32":
        import torch  # noqa: F401 (its c10.dll cannot be loaded after Qt)
    from cifar_desktop.shell.second_launch import claim_window

    instance = claim_window(options)
    if instance is None:
        return 0
    from cifar_desktop.app import run

    return run(options, instance)


def _open_missing_streams() -> None:
    """A windowed program on Windows has none, and printing would end it."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (open until exit)
            setattr(sys, name, stream)


if __name__ == "__main__":
    sys.exit(main())
