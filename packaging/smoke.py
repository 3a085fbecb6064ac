"""Uses a built program as a person would, and says whether it works: the smoke test of a package.

    python packaging/smoke.py dist/cifar-desktop/cifar-desktop

On a screen of its own it starts the program, drops a photo on it, copies the answer, starts a short
training, stops it, resumes it, sees the curves grow, sees its end, uses its network, and quits.
Nothing inside the program knows of this. Needs the project installed with its `dev` extra, and from
Debian or Ubuntu xvfb, openbox, xdotool, xclip and x11-utils. Exit code 0: everything worked; 1:
something did not, and the artifacts folder says what it looked like; 2: wrong usage.
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
from smoke_program import Surroundings
from smoke_screen import Screen, missing_tools
from smoke_steps import Person
from smoke_waiting import Failed

PARTS = ("window", "answer", "training", "diagnostics")
USUAL = PARTS[:3]


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What is to be tried, and what is wanted of it.

    Attributes:
        parts: Which of `PARTS`.
        timeout: Seconds for all of it.
        artifacts: Where a failure leaves what helps to understand it.
        screenshots: Where to save the screen, by step.
    """

    parts: tuple[str, ...] = USUAL
    timeout: float = 300
    artifacts: Path = Path("smoke-failure")
    screenshots: dict[str, Path] = field(default_factory=dict)


@dataclass
class Report:
    """What came of it.

    Attributes:
        seconds: How long each step took, in their order.
        complaint: What did not work; empty if everything did.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    complaint: str = ""


def try_out(surroundings: Surroundings, wishes: Wishes) -> Report:
    """Take the steps until one fails."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="smoke-") as name, Screen(Path(name)) as screen:
        surroundings.home.prepare(surroundings.user)
        person = Person(screen, surroundings, Path(name), wishes.timeout / 3)
        try:
            with _at_most(wishes.timeout):
                _take_steps(person, report, wishes)
        except Exception as error:  # noqa: BLE001 (whatever it was, traces help)
            report.complaint = str(error) if isinstance(error, Failed) else repr(error)
            _keep_traces(person, surroundings.home, wishes.artifacts, report)
        finally:
            person.program.kill()
    return report


def _steps(person: Person, parts: tuple[str, ...]) -> Iterator[tuple[str, Callable[[], None]]]:
    yield "window", person.open_window
    if "answer" in parts:
        yield "drop", person.drop_photo
        yield "answer", person.read_answer
    if "training" in parts:
        yield "training", person.start_training
        yield "stop", person.stop_training
        yield "resume", person.resume_training
        yield "curves", person.watch_curves
        yield "end", person.see_the_end
        yield "export", person.export_curves
    if {"answer", "training"} <= {*parts}:
        yield "use", person.use_network
    if "diagnostics" in parts:
        yield "diagnostics", person.open_diagnostics
        yield "close", person.close_diagnostics
    yield "quit", person.quit


def _take_steps(person: Person, report: Report, wishes: Wishes) -> None:
    for name, step in _steps(person, wishes.parts):
        began = time.monotonic()
        try:
            step()
        except Exception:
            print(f"  {name:10} failed", flush=True)
            raise
        report.seconds[name] = time.monotonic() - began
        print(f"  {name:10} {report.seconds[name]:6.1f} s", flush=True)
        if name in wishes.screenshots:
            person.screen.picture().save(wishes.screenshots[name])


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Break off whatever goes on, a tool that hangs included."""

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise Failed(f"All of it took longer than {seconds:g} s.")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _keep_traces(person: Person, home: Home, folder: Path, report: Report) -> None:
    """Screenshot, output, logs, the run's record."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    person.screen.picture().save(folder / "screen.png")
    (folder / "complaint.txt").write_text(f"{report.complaint}\n", encoding="utf-8")
    kept = [person.program.output("err"), person.program.output("out"), home.log, home.crash_log]
    if person.record is not None:
        run = person.record.folder
        kept += [run.log, run.events, run.config]
    for file in kept:
        if file.exists():
            shutil.copy(file, folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Try out a built program as a person would.")
    add = parser.add_argument
    add("program", nargs="+", help="the program, and arguments for it (after --)")
    add("--wrap", default="", metavar="COMMAND", help="put before the program, such as chroot TREE")
    add("--home", type=Path, help="home folder; a temporary one by default")
    add("--home-seen-as", metavar="PATH", help="the same folder as the program sees it")
    add("--user", help="whom the program belongs to")
    add("--no-home", action="store_true", help="without the variable HOME")
    add("--bare", action="store_true", help="no variables but DISPLAY, as under env -i")
    add("--environment", action="append", default=[], metavar="NAME=VALUE")
    add("--epochs", type=int, default=20, help="length of the training (%(default)s)")
    parts = f"of {', '.join(PARTS)} (%(default)s)"
    add("--only", metavar="PARTS", default=",".join(USUAL), help=parts)
    add("--timeout", type=float, default=200, metavar="SECONDS")
    add("--artifacts", type=Path, default=Path("smoke-failure"), metavar="FOLDER")
    add("--screenshot", action="append", default=[], metavar="STEP=PATH")
    arguments = parser.parse_args()
    if unknown := {*arguments.only.split(",")} - {*PARTS}:
        parser.error(f"there is no part {', '.join(unknown)}")
    return arguments


def end_orderly() -> None:
    """Have a signal that ends this program end what it has started, too."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)


def main() -> int:
    """Try it out and print what came of it."""
    arguments = _arguments()
    end_orderly()
    if missing := missing_tools():
        print("Missing here: apt-get install", *missing, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="smoke-home-") as name:
        path = (arguments.home or Path(name)).resolve()
        Path(name).chmod(0o755)
        seen_as = PurePosixPath(arguments.home_seen_as or path)
        home = Home(path=path, seen_as=seen_as, epochs=arguments.epochs)
        report = try_out(_surroundings(arguments, home), _wishes(arguments))
    print_report(report, arguments.artifacts)
    return 1 if report.complaint else 0


def print_report(report: Report, artifacts: Path) -> None:
    """Say what worked and what did not."""
    print("| " + " | ".join(report.seconds) + " |")
    print("|" + "---|" * len(report.seconds))
    print("| " + " | ".join(f"{value:.1f} s" for value in report.seconds.values()) + " |")
    if report.complaint:
        print(f"\nFAILED: {report.complaint}\n\nSee {artifacts.resolve()}.")
    else:
        print("\nEverything worked.")


def _surroundings(arguments: argparse.Namespace, home: Home) -> Surroundings:
    return Surroundings(
        command=(*arguments.wrap.split(), *arguments.program),
        home=home,
        user=arguments.user,
        environment=dict(pair.split("=", 1) for pair in arguments.environment),
        has_home=not arguments.no_home,
        bare=arguments.bare,
    )


def _wishes(arguments: argparse.Namespace) -> Wishes:
    pairs = (pair.split("=", 1) for pair in arguments.screenshot)
    return Wishes(
        parts=tuple(arguments.only.split(",")),
        timeout=arguments.timeout,
        artifacts=arguments.artifacts,
        screenshots={step: Path(path) for step, path in pairs},
    )


if __name__ == "__main__":
    sys.exit(main())
