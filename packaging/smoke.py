"""The smoke test of a package: drives the built program as a user would.

    python packaging/smoke.py dist/cifar-desktop/cifar-desktop

On a virtual screen it starts the program, drops a photo on it, copies the prediction, starts a
short training run, stops and resumes it, watches the curves grow until it has finished, uses its
network, and quits. The program contains no code for this. Needs the project installed with its
`dev` extra, and xvfb, openbox, xdotool, xclip and x11-utils from Debian or Ubuntu. Exit code 0:
everything worked; 1: something failed, and the artifacts folder shows what it looked like; 2: wrong
usage.
"""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import FrameType

from smoke_home import Home
from smoke_program import LaunchConfig
from smoke_screen import Screen, missing_tools
from smoke_steps import Driver
from smoke_waiting import Failed

PARTS = ("window", "answer", "training", "diagnostics")
USUAL = PARTS[:3]


@dataclass(frozen=True, kw_only=True)
class SmokeConfig:
    """What to test, and how.

    Attributes:
        parts: Which of `PARTS` to run.
        timeout: Limit for the whole test, in seconds.
        artifacts: Folder for screenshot and logs of a failure.
        screenshots: Where to save a screenshot, by step.
    """

    parts: tuple[str, ...] = USUAL
    timeout: float = 300
    artifacts: Path = Path("smoke-failure")
    screenshots: dict[str, Path] = field(default_factory=dict)


@dataclass
class Report:
    """The result of a smoke test.

    Attributes:
        seconds: Duration of each step, in order.
        failure: What failed; empty if nothing did.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    failure: str = ""


def run_smoke_test(launch: LaunchConfig, config: SmokeConfig) -> Report:
    """Run the steps until one fails."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="smoke-") as name, Screen(Path(name)) as screen:
        launch.home.prepare(launch.user)
        driver = Driver(screen, launch, Path(name), config.timeout / 3)
        try:
            with _time_limit(config.timeout):
                _run_steps(driver, report, config)
        except Exception as error:  # noqa: BLE001 (artifacts help, whatever it was)
            report.failure = str(error) if isinstance(error, Failed) else repr(error)
            _save_artifacts(driver, launch.home, config.artifacts, report)
        finally:
            driver.program.kill()
    return report


def _steps(driver: Driver, parts: tuple[str, ...]) -> Iterator[tuple[str, Callable[[], None]]]:
    yield "window", driver.open_window
    if "answer" in parts:
        yield "drop", driver.drop_photo
        yield "answer", driver.read_prediction
    if "training" in parts:
        yield "training", driver.start_training
        yield "stop", driver.stop_training
        yield "resume", driver.resume_training
        yield "curves", driver.watch_curves
        yield "end", driver.wait_for_end
        yield "export", driver.export_curves
    if {"answer", "training"} <= {*parts}:
        yield "use", driver.use_network
    if "diagnostics" in parts:
        yield "diagnostics", driver.open_diagnostics
        yield "close", driver.close_diagnostics
    yield "quit", driver.quit


def _run_steps(driver: Driver, report: Report, config: SmokeConfig) -> None:
    for name, step in _steps(driver, config.parts):
        began = time.monotonic()
        try:
            step()
        except Exception:
            print(f"  {name:10} failed", flush=True)
            raise
        report.seconds[name] = time.monotonic() - began
        print(f"  {name:10} {report.seconds[name]:6.1f} s", flush=True)
        if name in config.screenshots:
            driver.screen.picture().save(config.screenshots[name])


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Abort after a time limit, even if a tool hangs."""

    def abort(_signal: int, _frame: FrameType | None) -> None:
        raise Failed(f"The test took longer than {seconds:g} s.")

    before = signal.signal(signal.SIGALRM, abort)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _save_artifacts(driver: Driver, home: Home, folder: Path, report: Report) -> None:
    """Save screenshot, output, logs and the run's events."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    driver.screen.picture().save(folder / "screen.png")
    (folder / "failure.txt").write_text(f"{report.failure}\n", encoding="utf-8")
    kept = [driver.program.output("err"), driver.program.output("out"), home.log, home.crash_log]
    if driver.run_log is not None:
        run = driver.run_log.folder
        kept += [run.log, run.events, run.config]
    for file in kept:
        if file.exists():
            shutil.copy(file, folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Drive a built program as a user would.")
    add = parser.add_argument
    add("program", nargs="+", help="the program, and its arguments (after --)")
    add("--wrap", default="", metavar="COMMAND", help="command prefix, such as chroot TREE")
    add("--home", type=Path, help="home folder; a temporary one by default")
    add("--home-seen-as", metavar="PATH", help="the same folder as the program sees it")
    add("--user", help="the user to run the program as")
    add("--no-home", action="store_true", help="leave the variable HOME unset")
    add("--bare", action="store_true", help="no variables but DISPLAY, as under env -i")
    add("--environment", action="append", default=[], metavar="NAME=VALUE")
    add("--epochs", type=int, default=20, help="length of the training run (%(default)s)")
    parts = f"some of {', '.join(PARTS)} (%(default)s)"
    add("--only", metavar="PARTS", default=",".join(USUAL), help=parts)
    add("--timeout", type=float, default=200, metavar="SECONDS")
    add("--artifacts", type=Path, default=Path("smoke-failure"), metavar="FOLDER")
    add("--screenshot", action="append", default=[], metavar="STEP=PATH")
    arguments = parser.parse_args()
    if unknown := {*arguments.only.split(",")} - {*PARTS}:
        parser.error(f"unknown part: {', '.join(unknown)}")
    return arguments


def exit_on_sigterm() -> None:
    """Turn SIGTERM into SystemExit, so that child processes are cleaned up."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)


def main() -> int:
    """Run the test and print its report."""
    arguments = _arguments()
    exit_on_sigterm()
    if missing := missing_tools():
        print("Missing here: apt-get install", *missing, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="smoke-home-") as name:
        path = (arguments.home or Path(name)).resolve()
        Path(name).chmod(0o755)
        seen_as = PurePosixPath(arguments.home_seen_as or path)
        home = Home(path=path, seen_as=seen_as, epochs=arguments.epochs)
        report = run_smoke_test(_launch(arguments, home), _config(arguments))
    print_report(report, arguments.artifacts)
    return 1 if report.failure else 0


def print_report(report: Report, artifacts: Path) -> None:
    """Print the seconds of each step, and the failure if there is one."""
    print("| " + " | ".join(report.seconds) + " |")
    print("|" + "---|" * len(report.seconds))
    print("| " + " | ".join(f"{value:.1f} s" for value in report.seconds.values()) + " |")
    if report.failure:
        print(f"\nFAILED: {report.failure}\n\nSee {artifacts.resolve()}.")
    else:
        print("\nEverything worked.")


def _launch(arguments: argparse.Namespace, home: Home) -> LaunchConfig:
    return LaunchConfig(
        command=(*arguments.wrap.split(), *arguments.program),
        home=home,
        user=arguments.user,
        environment=dict(pair.split("=", 1) for pair in arguments.environment),
        has_home=not arguments.no_home,
        bare=arguments.bare,
    )


def _config(arguments: argparse.Namespace) -> SmokeConfig:
    pairs = (pair.split("=", 1) for pair in arguments.screenshot)
    return SmokeConfig(
        parts=tuple(arguments.only.split(",")),
        timeout=arguments.timeout,
        artifacts=arguments.artifacts,
        screenshots={step: Path(path) for step, path in pairs},
    )


if __name__ == "__main__":
    sys.exit(main())
