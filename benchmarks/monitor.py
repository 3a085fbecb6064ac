"""The load that the Training tab can take, and what it costs.

    python -m benchmarks.monitor [--pairs 15]

First a child process writes progress into a run's event log, faster and faster: what is the longest
stall of the window, how far is it behind, and how much CPU time does it take? Then a network is
trained, with the window asleep in every second epoch, which is as good as no window: how much
slower are the other epochs, also while photos are classified?
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace
from PIL import Image

from benchmarks.common import machine, photo, use_some_display
from trainer.config.recipes import recipe
from trainer.config.train_config import TrainConfig
from trainer.runs.run_folder import RunFolder

if TYPE_CHECKING:
    from benchmarks.latency import Window

RATES = (100, 1_000, 3_000, 10_000, 30_000)
FLOOD_SECONDS = 5.0
IMAGES = 3_000
NAME = "measured"
STALL = 0.05
"""Longest acceptable stall of the window in seconds."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=15)
    options = parser.parse_args()
    display = use_some_display()
    print(machine(), f"drawing to {display}", sep="\n")
    with tempfile.TemporaryDirectory() as name:
        # The image cache goes there too, and is deleted with the rest.
        os.environ["XDG_CACHE_HOME"] = str(Path(name) / "cache")
        _measure(Path(name), options.pairs)


def _measure(folder: Path, pairs: int) -> None:
    from benchmarks.latency import Window

    window = Window()
    window.rest(1500)
    start = time.perf_counter()
    window.app.window.tabs.setCurrentWidget(window.app.training)
    print(f"\nfirst opening of the tab: {1e3 * (time.perf_counter() - start):.0f} ms")
    _until(window, lambda: not window.app.commands.busy)
    window.stall()
    _floods(window, folder / "floods")
    _stalls(window, folder)
    _slowdown(window, folder, pairs)
    window.close()


def _floods(window: "Window", folder: Path) -> None:
    print(
        f"\nevents written for {FLOOD_SECONDS:.0f} s each, to the log of a run that the tab shows"
    )
    print("  target/s  written/s  longest stall  seconds behind  CPU seconds of the window")
    best = 0.0
    for rate in RATES:
        cpu = time.process_time()
        written, stall, behind = _flood(window, folder / str(rate), rate)
        cpu = time.process_time() - cpu
        print(f"  {rate:8,}  {written:9,.0f}  {1e3 * stall:10.1f} ms  {behind:14.2f}  {cpu:11.2f}")
        if stall < STALL and behind < 1.0:
            best = max(best, written)
    print(f"most events a second with stalls below {1e3 * STALL:.0f} ms: {best:,.0f}")


def _flood(window: "Window", path: Path, rate: float) -> tuple[float, float, float]:
    """Events written per second, the longest stall, and the seconds that the window was behind."""
    run_manager = window.app.run_manager
    store = run_manager._store  # noqa: SLF001
    run = store.reserve("sprint")
    store.fill(run, recipe("sprint"), ("none",), path.name)
    command = [sys.executable, "-m", "benchmarks.flood", str(run.path), str(rate)]
    writer = subprocess.Popen([*command, str(FLOOD_SECONDS)], stdout=subprocess.PIPE, text=True)
    _until(window, lambda: run.is_held)
    run_manager.adopt()
    _until(window, lambda: run.path in run_manager.active)
    window.app.window.show_run(run.path)
    window.stall()
    _until(window, lambda: writer.poll() is not None)
    end = time.perf_counter()
    written = int(writer.communicate()[0])
    history = run_manager.follow(run.path).history
    _until(window, lambda: len(history.step_curves.x) >= written)
    behind = time.perf_counter() - end
    stall = window.stall()
    _until(window, lambda: run.path not in run_manager.active)
    run_manager.delete(run.path)
    _until(window, lambda: run_manager.runs.summary(run.path) is None)
    return written / FLOOD_SECONDS, stall, behind


def _stalls(window: "Window", folder: Path) -> None:
    """Print the longest stall from Start to Stop of a real run while photos are classified."""
    latencies: list[float] = []
    meanwhile = _Classifying(window, photo(folder), latencies)
    run_manager = window.app.run_manager
    path = run_manager.start(_config(epochs=1000), (str(_images(folder / "images")),), "stalls")
    window.app.window.show_run(path)
    history = run_manager.follow(path).history
    _until(window, lambda: history.epochs_done >= 1)
    window.stall()
    while history.epochs_done < 8:
        meanwhile()
        window.rest()
    run_manager.stop(path)
    _until(window, lambda: path not in run_manager.active)
    print(
        f"\nlongest stall during a real run with a photo every 2 s: {1e3 * window.stall():.0f} ms; "
        f"photo to prediction {1e3 * statistics.median(latencies):.0f} ms "
        f"(median of {len(latencies)})"
    )


def _config(*, epochs: int) -> TrainConfig:
    return replace(recipe("sprint"), epochs=epochs, batch_size=600, validation_images=IMAGES // 10)


def _slowdown(window: "Window", folder: Path, pairs: int) -> None:
    data, picture = folder / "images", photo(folder)
    print(
        f"\ntraining speed in images/s, {pairs} pairs of alternating epochs: window asleep, awake"
    )
    window.classify(picture)
    modes: list[tuple[str, Callable[[], None]]] = [
        ("awake, curves shown", lambda: None),
        ("the same, and a photo every 2 s", _Classifying(window, picture, [])),
    ]
    for words, meanwhile in modes:
        # It would cost as much as the window does.
        window.heartbeat.stop()
        used = _train_by_turns(window, data, pairs, meanwhile)
        asleep, awake = _speeds(window, pairs)
        slower = [100 * (1 - after / before) for before, after in zip(asleep, awake, strict=True)]
        spread = statistics.stdev(slower) / len(slower) ** 0.5
        print(
            f"  {words:32} {statistics.median(asleep):5.0f} -> {statistics.median(awake):5.0f}   "
            f"{statistics.median(slower):+.1f} % slower (standard error {spread:.1f})   "
            f"window {100 * used:.1f} % of a core"
        )
    window.heartbeat.start()


def _train_by_turns(
    window: "Window", data: Path, pairs: int, meanwhile: Callable[[], None]
) -> float:
    """Train with the window asleep in every second epoch.

    On a shared computer, speeds drift by more than the effect to measure; neighboring epochs share
    the drift.

    Returns:
        The fraction of a core that the window used while awake.
    """
    run_manager = window.app.run_manager
    path = run_manager.start(_config(epochs=2 * pairs + 1), (str(data),), NAME)
    window.app.window.show_run(path)
    history = run_manager.follow(path).history
    _until(window, lambda: history.epochs_done >= 1)
    used = awake = 0.0
    for pair in range(pairs):
        _sleep_until(RunFolder(path), 2 * pair + 2)
        cpu, start = time.process_time(), time.perf_counter()
        while history.epochs_done < 2 * pair + 3:
            meanwhile()
            window.rest(100)
        used, awake = used + time.process_time() - cpu, awake + time.perf_counter() - start
    _until(window, lambda: path not in run_manager.active)
    return used / awake


def _sleep_until(folder: RunFolder, epochs: int) -> None:
    """Do nothing until this many epochs are finished."""
    while _finished_epochs(folder) < epochs:
        time.sleep(0.05)


def _finished_epochs(folder: RunFolder) -> int:
    return folder.events.read_bytes().count(b'"epoch_finished"')


def _speeds(window: "Window", pairs: int) -> tuple[list[float], list[float]]:
    """Images per second of the epochs with the window asleep, and of those with it awake."""
    from trainer.events.codec import from_line
    from trainer.events.run_events import EpochFinished

    newest = next(run for run in window.app.run_manager.runs.summaries if run.name == NAME)
    lines = RunFolder(newest.path).events.read_text(encoding="utf-8").splitlines()
    epochs = [each for each in map(from_line, lines) if isinstance(each, EpochFinished)]
    speeds = [each.images_per_second for each in epochs[1:]]
    return speeds[0 : 2 * pairs : 2], speeds[1 : 2 * pairs : 2]


class _Classifying:
    """Opens a photo every two seconds, and records the latencies."""

    def __init__(self, window: "Window", picture: Path, latencies: list[float]) -> None:
        self._window, self._picture, self._latencies = window, picture, latencies
        self._last = 0.0

    def __call__(self) -> None:
        if time.perf_counter() - self._last > 2:
            self._last = time.perf_counter()
            self._latencies.append(self._window.classify(self._picture)[0])


def _images(folder: Path) -> Path:
    """Noise in two colors; the content does not change the training speed."""
    random = np.random.default_rng(0)
    for split, count in (("train", IMAGES), ("test", 100)):
        for number in range(count):
            path = folder / split / ("warm", "cold")[number % 2] / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            pixels = random.integers(0, 200, (32, 32, 3), dtype=np.uint8)
            pixels[..., 2 * (number % 2)] += 50
            Image.fromarray(pixels).save(path)
    return folder


def _until(window: "Window", condition: Callable[[], bool]) -> None:
    while not condition():
        window.rest()


if __name__ == "__main__":
    main()
