"""Fixtures of the commands' tests."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def call(
    tmp_path: Path, trainer_command: list[str]
) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Runs the command line in the test's folder, where a warning is an error."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment |= {"PYTHONWARNINGS": "error"}

    def run(*arguments: object, cwd: Path = tmp_path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*trainer_command, *map(str, arguments)],
            env=environment, capture_output=True, text=True, timeout=300, check=False, cwd=cwd,
        )  # fmt: skip

    return run
