"""The files that `packaging/archive.py` adds to a package, and the archive it writes."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.packaging.support import PACKAGING, copy_package, make_package, run, script

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the Linux archive")
needs_zstd = pytest.mark.skipif(shutil.which("zstd") is None, reason="needs zstd")


def packed(package: Path, out: Path, variant: str = "cpu") -> Path:
    done = script("archive", package, out, "--variant", variant, "--level", 1)
    assert (done.returncode, done.stderr) == (0, "")
    (archive,) = out.glob(f"cifar-desktop-*-linux-*-{variant}.tar.zst")
    return archive


def unpacked(archive: Path, folder: Path) -> Path:
    subprocess.run(["zstd", "-q", "-d", archive, "-o", folder / "a.tar"], check=True)
    with tarfile.open(folder / "a.tar") as tar:
        assert {(each.uid, each.gid, each.mtime) for each in tar} == {(0, 0, 1_000_000_000)}
        assert tar.getnames() == in_order(tar.getnames())
        tar.extractall(folder, filter="data")
    return folder / "cifar-desktop"


def in_order(names: list[str]) -> list[str]:
    """A folder is followed by what is in it, then by what is in the folders in it."""
    contents = {
        parent: [name for name in sorted(names) if name.rpartition("/")[0] == parent]
        for parent in names
    }

    def below(parent: str) -> list[str]:
        return contents[parent] + [each for name in contents[parent] for each in below(name)]

    return ["cifar-desktop", *below("cifar-desktop")]


def test_package_gets_scripts_and_a_description(package: Path) -> None:
    for name in ("install", "uninstall", "cifar-trainer"):
        assert os.access(package / name, os.X_OK)
    description = ET.parse(package / "share/io.github.cifar_desktop.metainfo.xml")
    release = description.find("releases/release")
    assert release is not None
    assert release.attrib == {"version": "0.1.0", "date": "2001-09-09"}


@needs_zstd
def test_archive_contains_the_package_unchanged(package: Path, tmp_path: Path) -> None:
    copy = unpacked(packed(package, tmp_path), tmp_path)
    assert (copy / "_internal/link.so").readlink() == Path("library.so")
    assert os.access(copy / "cifar-desktop", os.X_OK)
    assert not os.access(copy / "_internal/library.so", os.X_OK)
    names = {path.relative_to(package) for path in package.rglob("*")}
    assert {path.relative_to(copy) for path in copy.rglob("*")} == names


@needs_zstd
def test_same_package_gives_the_same_archive(package: Path, tmp_path: Path) -> None:
    first = packed(package, tmp_path / "out").read_bytes()
    second = copy_package(package, tmp_path / "elsewhere" / "cifar-desktop")
    (second / "_internal/library.so").chmod(0o600)
    assert packed(second, tmp_path / "out").read_bytes() == first


@needs_zstd
def test_checksums_are_those_of_all_archives(package: Path, tmp_path: Path) -> None:
    names = {packed(package, tmp_path, variant).name for variant in ("cpu", "cuda")}
    answer = subprocess.check_output(
        ["sha256sum", "--check", "SHA256SUMS"], cwd=tmp_path, text=True
    )
    assert set(answer.splitlines()) == {f"{name}: OK" for name in names}
    assert {path.name for path in tmp_path.iterdir()} == {*names, "SHA256SUMS"}


def test_package_without_licenses_is_not_archived(tmp_path: Path) -> None:
    folder = make_package(tmp_path / "cifar-desktop")
    (folder / "LICENSES.txt").unlink()
    done = script("archive", folder, tmp_path, "--variant", "cpu")
    assert done.returncode == 1
    assert "licenses.py" in done.stderr


@needs_zstd
def test_archive_that_cannot_be_written_says_why_and_leaves_nothing(
    package: Path, tmp_path: Path
) -> None:
    large = copy_package(package, tmp_path / "cifar-desktop")
    (large / "_internal/noise").write_bytes(os.urandom(3_000_000))
    out = tmp_path / "out"
    words: list[str | Path] = [
        sys.executable,
        PACKAGING / "archive.py",
        large,
        out,
        "--variant",
        "cpu",
        "--level=1",
    ]
    # No file may grow beyond a megabyte here, which ends zstd as a full disk would.
    done = run(["bash", "-c", 'ulimit -f 1000; exec "$@"', "bash", *words])
    assert done.returncode == 1
    assert "Could not write the archive: zstd" in done.stderr
    assert list(out.iterdir()) == []
