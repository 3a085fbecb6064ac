"""Fixtures of the packaging tests."""

from pathlib import Path

import pytest

from tests.packaging.support import make_package, script


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fake package with its desktop files; copy it before changing it."""
    folder = make_package(tmp_path_factory.mktemp("package") / "cifar-desktop")
    done = script("archive", folder, folder.parent, "--variant", "cpu", "--only-furnish")
    assert done.returncode == 0, done.stderr
    return folder
