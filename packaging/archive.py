"""Adds the desktop files to a built package and archives it.

    python packaging/archive.py dist/cifar-desktop dist --variant cpu

`packaging/build.py` calls it after `licenses`. On Linux the folder gets icons, a menu entry, the
scripts that install it, and the command `cifar-trainer`. The archive is reproducible: order, owners
and dates do not depend on this computer. Its checksum is written to SHA256SUMS next to it.
"""

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import icons
import tarball

ROOT = Path(__file__).resolve().parents[1]
LINUX = ROOT / "packaging" / "linux"
NAME = "cifar-desktop"
_SCRIPTS = ("install", "uninstall", "cifar-trainer")
_DESCRIPTION = "io.github.cifar_desktop.metainfo.xml"
_SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
_MAX_RATIO = 0.75
"""Bound on the ratio of archive to folder size: measured 28 % for CPU, 60 % for CUDA."""


def main() -> None:
    """Add the desktop files and write the archive."""
    options = _options()
    folder: Path = options.folder
    _require(folder)
    furnish(folder)
    if options.only_furnish:
        return
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    _require_space(folder, out)
    try:
        archive = pack(folder, out, options.variant, options.level)
    except OSError as error:
        raise SystemExit(f"Could not write the archive: {error.strerror or error}.") from error
    write_checksums(out)
    print(f"{archive} ({archive.stat().st_size / 1e6:.1f} MB)")


def furnish(folder: Path) -> None:
    """Add icons, menu entry and scripts to a Linux package; other systems need none."""
    if sys.platform != "linux":
        return
    share = folder / "share"
    shutil.rmtree(share, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        icons.render_all(Path(temporary))
        shutil.copytree(Path(temporary) / "hicolor", share / "icons" / "hicolor")
    shutil.copyfile(LINUX / f"{NAME}.desktop.in", share / f"{NAME}.desktop.in")
    template = (LINUX / f"{_DESCRIPTION}.in").read_text(encoding="utf-8")
    date = time.strftime("%Y-%m-%d", time.gmtime(_epoch()))
    filled = template.replace("@VERSION@", version()).replace("@DATE@", date)
    (share / _DESCRIPTION).write_text(filled, encoding="utf-8")
    for script in _SCRIPTS:
        shutil.copyfile(LINUX / script, folder / script)
        (folder / script).chmod(0o755)


def pack(folder: Path, out: Path, variant: str, level: int) -> Path:
    """Write the archive; an incomplete one is removed.

    Raises:
        OSError: If it cannot be written.
    """
    suffix = "tar.zst" if sys.platform == "linux" else "zip"
    archive = out / f"{_stem(variant)}.{suffix}"
    part = archive.with_name(f"{archive.name}.part")
    try:
        if sys.platform == "linux":
            tarball.write(folder, part, date=_epoch(), level=level)
        elif sys.platform == "darwin":
            _write_mac_zip(folder, part)
        else:
            _write_zip(folder, part)
        return part.replace(archive)
    finally:
        part.unlink(missing_ok=True)


def write_checksums(out: Path) -> None:
    """List the checksums of all archives in a folder, in the format of `sha256sum --check`."""
    archives = sorted(path for path in out.glob(f"{NAME}-*") if path.suffix in {".zst", ".zip"})
    lines = [f"{_sha256(path)}  {path.name}\n" for path in archives]
    (out / "SHA256SUMS").write_text("".join(lines), encoding="utf-8", newline="\n")


def version() -> str:
    """The version of the program."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the folder that PyInstaller made")
    parser.add_argument("out", type=Path, help="where the archive goes")
    parser.add_argument("--variant", choices=("cpu", "cuda"), required=True)
    parser.add_argument("--only-furnish", action="store_true", help="write no archive")
    parser.add_argument("--level", type=int, default=19, help="zstd level: 9 is fast, 19 is small")
    return parser.parse_args()


def _require(folder: Path) -> None:
    if not (folder / "_internal").is_dir():
        raise SystemExit(f"“{folder}” is not a package: it has no folder _internal.")
    if not (folder / "LICENSES.txt").exists():
        raise SystemExit(f"“{folder}” lacks LICENSES.txt. Run packaging/licenses.py first.")


def _require_space(folder: Path, out: Path) -> None:
    size = sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())
    needed, free = int(size * _MAX_RATIO), shutil.disk_usage(out).free
    if free < needed:
        raise SystemExit(
            f"The archive may need {needed / 1e6:.0f} MB, but the disk of “{out}” has only "
            f"{free / 1e6:.0f} MB left. Free some space, or choose a folder on another disk."
        )


def _stem(variant: str) -> str:
    machine = platform.machine().lower().replace("amd64", "x86_64")
    return f"{NAME}-{version()}-{_SYSTEMS[sys.platform]}-{machine}-{variant}"


def _epoch() -> int:
    """The modification time of everything in the archive."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    try:
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return int((ROOT / "pyproject.toml").stat().st_mtime)


def _write_zip(folder: Path, path: Path) -> None:
    date = max(time.gmtime(_epoch())[:6], (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in _files(folder):
            place = Path(folder.name) / file.relative_to(folder)
            entry = zipfile.ZipInfo(place.as_posix(), date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = file.stat().st_mode << 16
            with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, 1 << 20)


def _write_mac_zip(folder: Path, path: Path) -> None:
    """The .app with the licenses next to it: a file inside would break its signature."""
    with tempfile.TemporaryDirectory(dir=path.parent) as temporary:
        staging = Path(temporary) / "CIFAR Desktop"
        app = folder.parent / "CIFAR Desktop.app"
        subprocess.run(["ditto", app, staging / app.name], check=True)
        shutil.copyfile(folder / "LICENSES.txt", staging / "LICENSES.txt")
        subprocess.run(["ditto", "-c", "-k", "--keepParent", staging, path], check=True)


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    main()
