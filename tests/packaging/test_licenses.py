"""`packaging/licenses.py` on files with known and unknown owners."""

import json
import shutil
import sys
from importlib.metadata import files
from pathlib import Path

import pytest

from tests.packaging.support import make_package, script


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A package with a file of a distribution, of Python and of the program."""
    folder = make_package(tmp_path / "cifar-desktop")
    inside = folder / "_internal"
    (inside / "library.so").unlink()
    module = next(file for file in files("tqdm") or [] if file.name == "std.py")
    names = [module.as_posix(), "trainer/resources/fonts/font.ttf", "base_library.zip"]
    for name in names:
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).write_bytes(b"")
    return folder


def test_licenses_of_everything_inside_are_written(folder: Path) -> None:
    done = script("licenses", folder)
    assert (done.returncode, done.stderr) == (0, "")
    path = folder / "_internal/trainer/resources/licenses.json"
    found = {each["name"]: each for each in json.loads(path.read_text(encoding="utf-8"))}
    assert next(iter(found)) == "cifar-desktop"
    assert {"The built-in network", "Python", "DejaVu fonts", "tqdm"} <= set(found)
    assert "requests" not in found
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in found["Python"]["text"]
    page = (folder / "LICENSES.txt").read_text(encoding="utf-8")
    assert all(each["text"] in page for each in found.values())
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in page


@pytest.mark.parametrize("name", ["library.so", "libz.so.1", "strange/module.py"])
def test_file_of_unknown_origin_is_refused(folder: Path, name: str) -> None:
    stranger = folder / "_internal" / name
    stranger.parent.mkdir(exist_ok=True)
    stranger.write_bytes(b"not the system's")
    done = script("licenses", folder)
    assert done.returncode == 1
    assert f"\n  {name}\n" in done.stderr
    assert "owners.py" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="about libraries of Debian")
@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="about libraries of Debian")
def test_system_library_has_the_license_of_its_package(folder: Path) -> None:
    library = next(Path("/lib").glob("*/libz.so.1"), None)
    if library is None:
        pytest.skip("zlib is not here")
    shutil.copy(library, folder / "_internal" / "libz.so.1")
    done = script("licenses", folder)
    assert (done.returncode, done.stderr) == (0, "")
    page = (folder / "LICENSES.txt").read_text(encoding="utf-8")
    assert "zlib1g" in page
    assert "Jean-loup Gailly" in page
