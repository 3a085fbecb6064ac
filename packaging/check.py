"""Checks a package on any system, without a screen: recipes, prediction, short training, window.

    python packaging/check.py dist/cifar-desktop

Run by the workflow that builds the packages, with any Python and nothing installed. It checks that
the program is complete; `smoke.py` drives it as a user would, but only on Linux.
"""

import argparse
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

WINDOWS = sys.platform == "win32"
SIDE = 32
TIMEOUT = 180
_KINDS = ("config", "data", "state", "cache")


class Package:
    """The program in a package.

    Args:
        folder: The package.
        home: Folder for everything the program writes; Windows ignores it.
    """

    def __init__(self, folder: Path, home: Path) -> None:
        self.window = [self._find(folder, "cifar-desktop.exe" if WINDOWS else "cifar-desktop")]
        self.trainer = [*self.window, "--trainer"]
        if WINDOWS:
            # A windowed program has no standard output on Windows.
            self.trainer = [self._find(folder, "cifar-trainer.exe")]
        self.home = Path(os.environ["LOCALAPPDATA"], "cifar-desktop") if WINDOWS else home
        places = {f"XDG_{kind.upper()}_HOME": str(home / kind) for kind in _KINDS}
        self.environment = {**os.environ, "HOME": str(home)}
        if not WINDOWS:
            # On Windows this platform finds no fonts, and a window can always be opened.
            self.environment["QT_QPA_PLATFORM"] = "offscreen"
        self.environment.update(places)

    def output(self, *arguments: object) -> list[str]:
        """Run the trainer; the lines that it prints."""
        done = subprocess.run(
            [*self.trainer, *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            timeout=TIMEOUT,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"“{' '.join(map(str, arguments))}” exited with {done.returncode}.")
        return done.stdout.splitlines()

    def log(self) -> str:
        """The content of the program's log."""
        files = self.home.rglob("cifar-desktop.log")
        return "".join(file.read_text(encoding="utf-8") for file in files)

    def _find(self, folder: Path, name: str) -> str:
        found = [path for path in folder.rglob(name) if path.is_file()]
        if not found:
            raise SystemExit(f"There is no {name} in “{folder}”.")
        return str(min(found, key=lambda path: len(path.parts)).resolve())


def main() -> None:
    """Run all checks; the first failure ends the program with a message."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path)
    folder = parser.parse_args().package
    with tempfile.TemporaryDirectory(prefix="Zoë ", ignore_cleanup_errors=True) as work:
        home = Path(work, "home")
        home.mkdir()
        package = Package(folder, home)
        picture = draw(Path(work, "picture.bmp"), (30, 60, 200))
        for step in (recipes, predict, train, show):
            began = time.monotonic()
            print(f"{step.__name__:8} {step(package, picture)}", end="", flush=True)
            print(f" ({time.monotonic() - began:.1f} s)", flush=True)


def recipes(package: Package, _picture: Path) -> str:
    """The command line works."""
    names = [json.loads(line)["name"] for line in package.output("recipes", "--json")]
    _require("sprint" in names, f"The recipes are {names}.")
    return ", ".join(names)


def predict(package: Package, picture: Path, network: str = "default") -> str:
    """A network classifies a picture."""
    (line,) = package.output("predict", network, picture, "--json")
    prediction = json.loads(line)
    _require(bool(prediction.get("top")), f"The prediction is {prediction}.")
    best = prediction["top"][0]
    return f"{best['class']} {best['probability']:.0%}"


def train(package: Package, picture: Path) -> str:
    """A network is trained for a few steps, emits events, and classifies a picture."""
    data, run = picture.parent / "data", picture.parent / "run"
    for name, color in {"red": (200, 30, 30), "blue": (30, 30, 200)}.items():
        for index in range(30):
            draw(data / name / f"{index}.bmp", tuple(value + index for value in color))
    settings = ("--epochs", 2, "--batch-size", 20, "--device", "cpu")
    lines = package.output("train", "--data", data, "--out", run, *settings, "--events")
    events = [json.loads(line)["event"] for line in lines]
    _require("progress" in events, f"The events are {events}.")
    _require(events[-1] == "run_finished", f"The last event is {events[-1]}.")
    prediction = predict(package, picture, str(run / "model.safetensors"))
    return f"{len(events)} events; then: {prediction}"


def show(package: Package, picture: Path) -> str:
    """The window opens and shows a prediction, and its log has no problems."""
    before = len(package.log())
    with subprocess.Popen([*package.window, str(picture)], env=package.environment) as process:
        try:
            _wait(process, lambda: package.log()[before:])
        finally:
            process.terminate()
    log = package.log()[before:]
    wrong = [word for word in (" WARNING ", " ERROR ", " CRITICAL ") if word in log]
    _require(not wrong, f"The log says:\n{log}")
    return "a prediction in the window"


def draw(path: Path, color: Sequence[int]) -> Path:
    """Write a picture of one color as BMP, which needs no library."""
    red, green, blue = color
    pixels = bytes((blue, green, red)) * SIDE * SIDE
    head = struct.pack("<2sIHHI", b"BM", 54 + len(pixels), 0, 0, 54)
    info = struct.pack("<IiiHHIIiiII", 40, SIDE, SIDE, 1, 24, 0, len(pixels), 0, 0, 0, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(head + info + pixels)
    return path


def _wait(process: "subprocess.Popen[bytes]", log: Callable[[], str]) -> None:
    end = time.monotonic() + TIMEOUT
    while ": first prediction" not in log():
        code = process.poll()
        _require(code is None, f"The window exited with {code}; its log says:\n{log()}")
        late = time.monotonic() > end
        _require(not late, f"No prediction in {TIMEOUT} seconds; the log says:\n{log()}")
        time.sleep(0.1)


def _require(good: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as an assertion
    if not good:
        raise SystemExit(otherwise)


if __name__ == "__main__":
    main()
