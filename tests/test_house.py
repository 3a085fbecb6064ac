"""`.ci/house.py` finds what it is there for, and nothing in the code as it is."""

import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / ".ci" / "house.py"
HOUSE = runpy.run_path(str(SCRIPT))

Check = Callable[[list[Path]], Iterator[str]]
crowded_folders: Check = HOUSE["crowded_folders"]
repeated_classes: Check = HOUSE["repeated_classes"]
given_up_words: Check = HOUSE["given_up_words"]


def module(folder: Path, name: str, text: str = "") -> Path:
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_code_passes() -> None:
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_eighteen_modules_crowd_a_folder(tmp_path: Path) -> None:
    modules = [module(tmp_path, f"module_{number}") for number in range(18)]
    assert list(crowded_folders(modules[:17])) == []
    assert list(crowded_folders(modules)) == [f"{tmp_path}: 18 modules, more than 17"]


def test_public_class_name_may_occur_once(tmp_path: Path) -> None:
    text = "class Plan: ...\nclass _Row: ..."
    modules = [module(tmp_path, name, text) for name in ("first", "second")]
    (found,) = repeated_classes(modules)
    assert found == f"class Plan is defined in {modules[0]}, {modules[1]}"


@pytest.mark.parametrize(
    "text",
    [
        "class PictureTwin: ...",
        "class _Twin: ...",
        "def find_twins(): ...",
        "TWINS_FOUND = 1",
        "def find(*, twin_of): ...",
        "self.twins = []",
        "find(twin=1)",
        "from module import duplicates as twins",
    ],
)
def test_given_up_word_is_found_in_any_kind_of_name(tmp_path: Path, text: str) -> None:
    found = list(given_up_words([module(tmp_path, "duplicates", text)]))
    assert len(found) == 1
    assert "says “twin" in found[0]


def test_given_up_word_is_found_in_the_name_of_a_module(tmp_path: Path) -> None:
    assert "says “twins”" in next(given_up_words([module(tmp_path, "find_twins")]))


def test_part_of_a_word_and_text_are_no_names(tmp_path: Path) -> None:
    text = '"""The twins."""\nentwined = between_wings = "twin"'
    assert list(given_up_words([module(tmp_path, "module", text)])) == []
