"""Tries a package in surroundings where packages are known to fail, and prints a table.

    python packaging/try_everywhere.py dist/cifar-desktop-0.1.0-linux-x86_64-cpu.tar.zst

Each row is a whole smoke test (`smoke.py`): window, answer, training, stop, resume, quit. Must be
run as root, because it makes users and mounts; both are gone when it ends. Beside the tools of the
smoke test it needs debootstrap. Exit code 0: the package worked everywhere; 1: it did not, and the
artifacts folder has a folder for each failure; 2: wrong usage.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from smoke import Report, Wishes, end_orderly, try_out
from smoke_debian import MIRROR
from smoke_places import Place, places
from smoke_screen import missing_tools

_OWN_MOUNTS = "CIFAR_DESKTOP_OWN_MOUNTS"


def main() -> int:
    """Try the package in all of them."""
    arguments = _arguments()
    if problem := _problem():
        print(problem, file=sys.stderr)
        return 2
    _leave_no_mounts()
    end_orderly()
    with tempfile.TemporaryDirectory(prefix="try-everywhere-") as name:
        work = Path(name)
        work.chmod(0o755)
        package = _package(arguments.package.resolve(), work / "package")
        tree = (arguments.tree or work / "tree").resolve()
        chosen = places(tree, arguments.mirror)
        reports = {
            name: _try(name, chosen[name], package, work, arguments)
            for name in arguments.only.split(",")
        }
    print_table({chosen[name].title: report for name, report in reports.items()})
    return 1 if any(report.complaint for report in reports.values()) else 0


def print_table(reports: dict[str, Report]) -> None:
    """What came of it, as a table in Markdown."""
    steps = list(dict.fromkeys(step for report in reports.values() for step in report.seconds))
    print(f"\n| Seconds for | {' | '.join(steps)} | result |")
    print(f"|---|{'---:|' * len(steps)}---|")
    for title, report in reports.items():
        cells = [f"{report.seconds[step]:.1f}" if step in report.seconds else "" for step in steps]
        print(f"| {title} | {' | '.join(cells)} | {'FAILED' if report.complaint else 'works'} |")
    for title, report in reports.items():
        if report.complaint:
            print(f"\n{title}: {report.complaint}")


def _try(
    name: str, place: Place, package: Path, work: Path, arguments: argparse.Namespace
) -> Report:
    print(place.title, flush=True)
    wishes = Wishes(timeout=arguments.timeout, artifacts=arguments.artifacts / name)
    folder = work / name
    folder.mkdir()
    with place.make(package, folder) as surroundings:
        report = try_out(surroundings, wishes)
    shutil.rmtree(folder)
    return report


def _package(given: Path, folder: Path) -> Path:
    """The folder that the executable is in, unpacked if need be."""
    if given.is_file():
        folder.mkdir()
        subprocess.run(["tar", "--extract", "--file", given, "--directory", folder], check=True)
        given = folder
    found = [path.parent for path in given.rglob("_internal") if path.is_dir()]
    if not found:
        raise SystemExit(f"There is no packaged program in {given}.")
    return found[0]


def _problem() -> str:
    """What is missing here, in words."""
    missing = missing_tools()
    if shutil.which("debootstrap") is None:
        missing.append("debootstrap")
    if missing:
        return f"Missing here: apt-get install {' '.join(missing)}"
    return "" if os.geteuid() == 0 else "It makes users and mounts, so it must be run as root."


def _leave_no_mounts() -> None:
    """Go on in a mount namespace of our own; what is mounted there ends with the last process."""
    if _OWN_MOUNTS not in os.environ:
        os.environ[_OWN_MOUNTS] = "yes"
        sys.stdout.flush()
        command = ["unshare", "--mount", sys.executable, *sys.argv]
        os.execvp(command[0], command)  # noqa: S606 - no shell is wanted


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Try a package in difficult surroundings.")
    add = parser.add_argument
    add("package", type=Path, help="the archive, or the folder that it holds")
    names = list(places(Path(), MIRROR))
    add("--only", metavar="NAMES", default=",".join(names), help="of %(default)s")
    add("--tree", type=Path, help="keep the bare Debian here, for the next time")
    add("--mirror", default=MIRROR, help="where Debian is fetched from (%(default)s)")
    add("--timeout", type=float, default=300, metavar="SECONDS", help="for each of them")
    add("--artifacts", type=Path, default=Path("smoke-failure"), metavar="FOLDER")
    arguments = parser.parse_args()
    if unknown := {*arguments.only.split(",")} - {*names}:
        parser.error(f"there are no surroundings {', '.join(unknown)}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
