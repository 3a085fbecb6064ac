import subprocess
import sys
from pathlib import Path

import pytest

from cifar_desktop import paths
from cifar_desktop.services import torch_libraries
from cifar_desktop.services.child_environment import child_environment


def test_child_inherits_what_the_person_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "Zoë")
    assert child_environment()["CUDA_VISIBLE_DEVICES"] == "Zoë"


def test_child_does_not_inherit_how_torch_is_imported_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    with torch_libraries._passive_threads():
        assert "OMP_WAIT_POLICY" not in child_environment()


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
