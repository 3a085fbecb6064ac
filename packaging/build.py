"""Builds the package of CIFAR Desktop in a clean environment, and archives it.

    python packaging/build.py --variant cpu --out dist

A clean environment keeps tests and tools that are installed here out of the package. On Linux the
shared libraries of this machine are bundled, so build on the oldest system that the package should
support. docs/packaging.md lists requirements and results.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGING = ROOT / "packaging"
NAME = "cifar-desktop"
# Bundled, because the user's system may not have them.
LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0", "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0", "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0", "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0", "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0", "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}  # fmt: skip


def main() -> None:
    """Build, collect the licenses and archive."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="cifar-desktop-build-") as temporary:
        work = Path(temporary)
        python = _environment(options.environment or work / "environment", options, work)
        dist: Path = options.out.resolve()
        _freeze(python, dist, work, debug=options.debug)
        folder = dist / NAME
        _require_libraries(folder)
        _run(python, PACKAGING / "licenses.py", folder)
        command = [python, PACKAGING / "archive.py", folder, dist, "--variant", options.variant]
        command += ["--level", options.level]
        _run(*command, *([] if options.archive else ["--only-furnish"]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--variant", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR")
    parser.add_argument(
        "--torch", metavar="REQUIREMENT", help="e.g. torch==2.13.0 (default: from constraints.txt)"
    )
    parser.add_argument("--index-url", metavar="URL", help="package index for torch")
    parser.add_argument(
        "--environment", type=Path, metavar="DIR", help="keep and reuse this environment"
    )
    parser.add_argument("--debug", action="store_true", help="console and bootloader messages")
    parser.add_argument("--no-archive", dest="archive", action="store_false")
    parser.add_argument(
        "--level", default="19", help="zstd level: 9 is fast, 19 (default) is small"
    )
    return parser.parse_args()


def _environment(place: Path, options: argparse.Namespace, work: Path) -> Path:
    """Create an environment with the program's dependencies and PyInstaller only."""
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    python = place.resolve() / folder / name
    if not python.exists():
        _run(sys.executable, "-m", "venv", place)
    constraints, torch = _constraints(options.torch, work)
    pip = [python, "-m", "pip", "install", "--quiet", "--no-input", "--constraint", constraints]
    index = ["--index-url", options.index_url] if options.index_url else []
    _run(*pip, *index, torch)
    _require_variant(python, options.variant)
    # For its metadata; the code comes from the checkout.
    _run(*pip, "--force-reinstall", "--no-deps", ROOT)
    _run(*pip, *_requirements())
    return python


def _constraints(torch: str | None, work: Path) -> tuple[Path, str]:
    """The tested versions, with the requested torch in place of the tested one."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    tested = next(line for line in lines if line.startswith("torch=="))
    kept = [line for line in lines if not line.startswith(("torch==", "torchvision=="))]
    requested = torch or tested
    path = work / "constraints.txt"
    path.write_text("\n".join([*kept, requested, ""]), encoding="utf-8")
    return path, requested


def _requirements() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["package"]]


def _require_variant(python: Path, variant: str) -> None:
    command = [python, PACKAGING / "variant.py"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = done.stdout.strip()
    if found != variant:
        raise SystemExit(
            f"The installed torch is a {found} build, but the package is for {variant}. "
            "Choose another one with --torch and --index-url."
        )


def _freeze(python: Path, dist: Path, work: Path, *, debug: bool) -> None:
    command = [python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    folders = ["--distpath", dist, "--workpath", work / "pyinstaller"]
    _run(*command, *folders, ROOT / "build.spec", *(["--", "--debug"] if debug else []))


def _require_libraries(folder: Path) -> None:
    if sys.platform != "linux":
        return
    missing = [
        package for name, package in LIBRARIES.items() if not (folder / "_internal" / name).exists()
    ]
    if missing:
        shutil.rmtree(folder)
        raise SystemExit(
            "The package would need system libraries that many systems lack. Install them here, "
            f"so that they are bundled: apt-get install {' '.join(missing)}"
        )


def _run(*command: object) -> None:
    words: Sequence[str] = [str(word) for word in command]
    print("+", " ".join(words), flush=True)
    try:
        subprocess.run(words, check=True, cwd=ROOT)
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"The command failed with exit code {error.returncode}.") from error


if __name__ == "__main__":
    main()
