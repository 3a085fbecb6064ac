import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from cifar_desktop import paths
from cifar_desktop.common.child_environment import child_environment
from cifar_desktop.common.open_externally import open_folder
from cifar_desktop.networks.services import torch_preload


def test_child_inherits_what_the_user_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "Zoë")
    assert child_environment()["CUDA_VISIBLE_DEVICES"] == "Zoë"


def test_child_does_not_inherit_how_torch_is_imported_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    with torch_preload._passive_threads():
        assert "OMP_WAIT_POLICY" not in child_environment()


@pytest.mark.parametrize("original", ["/opt/lib", None])
def test_programs_of_the_system_find_its_own_libraries(
    monkeypatch: pytest.MonkeyPatch, original: str | None
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/cifar-desktop/_internal")
    monkeypatch.setenv("QT_PLUGIN_PATH", "/opt/cifar-desktop/_internal/PySide6/Qt/plugins")
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    if original is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", original)

    environment = child_environment()
    assert environment.get("LD_LIBRARY_PATH") == original
    assert "QT_PLUGIN_PATH" not in environment


@pytest.mark.skipif(sys.platform != "linux", reason="others have no xdg-open")
def test_packaged_program_opens_folders_with_the_systems_libraries(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    folder, reported = tmp_path / "Zoë 图片", tmp_path / "reported"
    folder.mkdir()
    script = tmp_path / "bin" / "xdg-open"
    script.parent.mkdir()
    script.write_text(
        f'#!/bin/sh\necho "$1 ${{LD_LIBRARY_PATH-none}}" >"{reported}.new"\n'
        f'mv "{reported}.new" "{reported}"\n'
    )
    script.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("PATH", f"{script.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/cifar-desktop/_internal")

    assert open_folder(folder)
    qtbot.waitUntil(reported.exists)
    address, libraries = reported.read_text(encoding="utf-8").split()
    assert QUrl(address).toLocalFile() == str(folder)
    assert libraries == "none"

    assert not open_folder(tmp_path / "not there")


def test_trainer_is_this_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whatever lies in the folder that the person happens to be in.
    (tmp_path / "random.py").write_text("raise RuntimeError")
    (tmp_path / "trainer.py").write_text("raise RuntimeError")
    monkeypatch.chdir(tmp_path)
    answer = subprocess.run(
        [*paths.trainer_program(), "recipes"],
        env=child_environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    assert "sprint" in answer.stdout


def test_packaged_program_is_its_own_trainer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert paths.trainer_program() == [sys.executable, "--trainer"]


def test_runs_and_networks_have_folders_of_their_own() -> None:
    assert paths.runs_folder().name == "runs"
    assert paths.networks_folder().parent == paths.runs_folder().parent
