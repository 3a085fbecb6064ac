"""The tests from one end to the other use the fixtures of the window tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cifar_desktop.runs.services import run_launcher
from tests.desktop.conftest import (
    app,
    application,
    pytest_runtest_makereport,
    quick_trainer,
    start,
    tiny_network,
)
from tests.trainer.tiny import draw, write_folder

__all__ = [
    "app",
    "application",
    "pytest_runtest_makereport",
    "quick_trainer",
    "start",
    "tiny_network",
]


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep cached images and locks of devices to this test, and end what it left training."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield
    for process in run_launcher._left:
        process.kill()
        process.wait()
    run_launcher.reap()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A few hundred pictures of three classes."""
    folder = tmp_path_factory.mktemp("data") / "Zoë 图片"
    write_folder(folder / "train", draw(300, 1))
    write_folder(folder / "test", draw(60, 2))
    return str(folder)
