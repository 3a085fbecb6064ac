"""Seconds from process start to window, network and first prediction, next to a bare program.

    python -m benchmarks.startup [--runs 7]

The reference, in the same run, is a lower bound for any program of this kind: starting Python,
importing PySide6's widgets, then torch.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.common import machine, photo, use_some_display

MARKS = ("window shown", "torch and network ready", "first prediction")
STALL = "longest stall"
REFERENCES = {
    "Python alone": "pass",
    "+ PySide6.QtWidgets": "import PySide6.QtWidgets",
    "+ torch": "import PySide6.QtWidgets, torch",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--child", nargs=2, metavar=("START", "PICTURE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _child(float(options.child[0]), options.child[1])
        return
    display = use_some_display()
    print(machine(), f"drawing to {display}, median of {options.runs} warm starts", sep="\n")
    with tempfile.TemporaryDirectory() as folder:
        _measure(photo(Path(folder)), options.runs)


def _measure(picture: Path, runs: int) -> None:
    _start(picture)  # to fill the page cache
    starts = [_start(picture) for _ in range(runs)]
    for mark in MARKS:
        times = [start[mark] for start in starts]
        print(f"{mark:26} {statistics.median(times):6.2f} s   (worst {max(times):.2f} s)")
    stalls = [start[STALL] for start in starts]
    print(
        f"longest stall from window shown to first prediction, including loading torch: median "
        f"{statistics.median(stalls) * 1e3:.0f} ms, worst {max(stalls) * 1e3:.0f} ms"
    )
    for name, code in REFERENCES.items():
        times = [_run(code) for _ in range(runs)]
        print(f"{'reference: ' + name:32} {statistics.median(times):.2f} s")


def _start(picture: Path) -> dict[str, float]:
    child = [sys.executable, "-m", "benchmarks.startup", "--child"]
    command = [*child, repr(time.time()), str(picture)]
    output = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    marks: dict[str, float] = json.loads(output)
    return marks


def _run(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120, env=os.environ)
    return time.perf_counter() - start


def _child(start: float, picture: str) -> None:
    """Run the program through its own entry point, and print when each mark was reached."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    from benchmarks.heartbeat import Heartbeat
    from cifar_desktop import __main__, app

    marks: dict[str, float] = {}

    class Watched(app.App):
        def show(self) -> None:
            self.window.installEventFilter(self)
            self.worker.network_ready.connect(lambda _: self.mark(MARKS[1]))
            self.tab.predictions.prediction_changed.connect(self.on_answer)
            super().show()

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if watched is self.window and event.type() == QEvent.Type.Paint:
                # After painting, not before.
                QTimer.singleShot(0, lambda: self.mark(MARKS[0]))
            return super().eventFilter(watched, event)

        def on_answer(self) -> None:
            if self.tab.predictions.classification is not None:
                self.mark(MARKS[2])
                marks.setdefault(STALL, self.heartbeat.stall())
                QTimer.singleShot(0, self.window.close)

        def mark(self, name: str) -> None:
            if name == MARKS[0] and name not in marks:
                self.heartbeat = Heartbeat()
                self.heartbeat.start()
            marks.setdefault(name, time.time() - start)

    app.App = Watched  # type: ignore[misc]
    __main__.main([picture])
    print(json.dumps(marks))


if __name__ == "__main__":
    main()
