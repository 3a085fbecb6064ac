"""Runs the smoke test in environments where packages tend to fail, and prints a table.

    python packaging/try_everywhere.py dist/cifar-desktop-0.1.0-linux-x86_64-cpu.tar.zst

Each row is a complete smoke test (`smoke.py`). Must be run as root, because it creates users and
mounts; both are removed at the end. Needs debootstrap in addition to the tools of the smoke test.
Exit code 0: the package worked everywhere; 1: it did not, and the artifacts folder has a folder for
each failure; 2: wrong usage.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from smoke import Report, SmokeConfig, exit_on_sigterm, run_smoke_test
from smoke_debian import MIRROR
from smoke_scenarios import Scenario, scenarios
from smoke_screen import missing_tools

_OWN_MOUNTS = "CIFAR_DESKTOP_OWN_MOUNTS"


def main() -> int:
    """Run the smoke test in all chosen scenarios."""
    arguments = _arguments()
    if problem := _problem():
        print(problem, file=sys.stderr)
        return 2
    _enter_mount_namespace()
    exit_on_sigterm()
    with tempfile.TemporaryDirectory(prefix="try-everywhere-") as name:
        work = Path(name)
        work.chmod(0o755)
        package = _package(arguments.package.resolve(), work / "package")
        tree = (arguments.tree or work / "tree").resolve()
        chosen = scenarios(tree, arguments.mirror)
        reports = {
            name: _try(name, chosen[name], package, work, arguments)
            for name in arguments.only.split(",")
        }
    print_table({chosen[name].title: report for name, report in reports.items()})
    return 1 if any(report.failure for report in reports.values()) else 0


def print_table(reports: dict[str, Report]) -> None:
    """Print the reports as a Markdown table."""
    steps = list(dict.fromkeys(step for report in reports.values() for step in report.seconds))
    print(f"\n| Seconds for | {' | '.join(steps)} | result |")
    print(f"|---|{'---:|' * len(steps)}---|")
    for title, report in reports.items():
        cells = [f"{report.seconds[step]:.1f}" if step in report.seconds else "" for step in steps]
        print(f"| {title} | {' | '.join(cells)} | {'FAILED' if report.failure else 'works'} |")
    for title, report in reports.items():
        if report.failure:
            print(f"\n{title}: {report.failure}")


def _try(
    name: str, scenario: Scenario, package: Path, work: Path, arguments: argparse.Namespace
) -> Report:
    print(scenario.title, flush=True)
    config = SmokeConfig(timeout=arguments.timeout, artifacts=arguments.artifacts / name)
    folder = work / name
    folder.mkdir()
    with scenario.make(package, folder) as launch:
        report = run_smoke_test(launch, config)
    shutil.rmtree(folder)
    return report


def _package(given: Path, folder: Path) -> Path:
    """The folder of the executable, unpacked if necessary."""
    if given.is_file():
        folder.mkdir()
        subprocess.run(["tar", "--extract", "--file", given, "--directory", folder], check=True)
        given = folder
    found = [path.parent for path in given.rglob("_internal") if path.is_dir()]
    if not found:
        raise SystemExit(f"There is no packaged program in {given}.")
    return found[0]


def _problem() -> str:
    """A sentence about a missing requirement; empty if there is none."""
    missing = missing_tools()
    if shutil.which("debootstrap") is None:
        missing.append("debootstrap")
    if missing:
        return f"Missing here: apt-get install {' '.join(missing)}"
    return "" if os.geteuid() == 0 else "This creates users and mounts, so it must be run as root."


def _enter_mount_namespace() -> None:
    """Re-execute in a new mount namespace, whose mounts vanish with its last process."""
    if _OWN_MOUNTS not in os.environ:
        os.environ[_OWN_MOUNTS] = "yes"
        sys.stdout.flush()
        command = ["unshare", "--mount", sys.executable, *sys.argv]
        os.execvp(command[0], command)  # noqa: S606 - no shell needed


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the smoke test in difficult environments.")
    add = parser.add_argument
    add("package", type=Path, help="the archive, or the folder in it")
    names = list(scenarios(Path(), MIRROR))
    add("--only", metavar="NAMES", default=",".join(names), help="some of %(default)s")
    add("--tree", type=Path, help="keep the bare Debian here, for reuse")
    add("--mirror", default=MIRROR, help="Debian mirror (%(default)s)")
    add("--timeout", type=float, default=300, metavar="SECONDS", help="limit for each of them")
    add("--artifacts", type=Path, default=Path("smoke-failure"), metavar="FOLDER")
    arguments = parser.parse_args()
    if unknown := {*arguments.only.split(",")} - {*names}:
        parser.error(f"unknown environment: {', '.join(unknown)}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
