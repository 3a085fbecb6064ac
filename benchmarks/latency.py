"""Latency from a file to the prediction in the window: p50 and p95, and the longest stall.

    python -m benchmarks.latency [--runs 50]

The reference, in the same run, is what people write without this program: `Image.open`, resize,
network, with the picture decoded at full size.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.common import machine, photo, summary, thumbnail, use_some_display


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=50)
    options = parser.parse_args()
    display = use_some_display()
    print(machine(), f"drawing to {display}, {options.runs} runs each, warm", sep="\n")
    with tempfile.TemporaryDirectory() as folder:
        large = photo(Path(folder))
        _measure([large, thumbnail(Path(folder), large)], options.runs)


def _measure(pictures: list[Path], runs: int) -> None:
    window = Window()
    print(f"longest stall while torch loads beside the window   {window.stall() * 1e3:6.1f} ms")
    window.classify(pictures[0])
    for picture in pictures:
        window.classify(picture)
        window.stall()
        times = [window.classify(picture) for _ in range(runs)]
        print(f"\n{picture.name}, {picture.stat().st_size:,} bytes")
        print(f"  file to prediction in the window {summary([total for total, _ in times])}")
        print(f"    of which the network           {summary([network for _, network in times])}")
        print(f"  decoding alone                   {summary(_decoding(picture, runs))}")
        print(f"  reference: open, resize, network {summary(_reference(picture, runs))}")
        print(f"  longest stall of the window      {window.stall() * 1e3:6.1f} ms")
    window.close()


class Window:
    """The real window with the bundled network, and a heartbeat in its event loop."""

    def __init__(self) -> None:
        from benchmarks.heartbeat import Heartbeat
        from cifar_desktop.app import App
        from cifar_desktop.command_line import parse
        from cifar_desktop.common.notices import NoticeBoard
        from cifar_desktop.common.settings import Settings
        from cifar_desktop.shell.qt_application import make_application
        from cifar_desktop.shell.second_launch import SecondLaunchHandler
        from cifar_desktop.shell.services.single_instance import SingleInstance
        from cifar_desktop.shell.services.single_instance_paths import instance_paths
        from trainer.files.resources import bundled_model

        self._application = make_application()
        self._folder = tempfile.TemporaryDirectory()
        file = Path(self._folder.name) / "settings.ini"
        settings = Settings(file)
        self.app = App(parse([]), settings, NoticeBoard(), built_in_network=bundled_model())
        self.heartbeat = Heartbeat()
        self.app.show()
        # As the program does; loading the library for it can collide with loading torch.
        instance = SingleInstance(instance_paths(file, file.parent / "cache"))
        instance.hand_over([], None)
        SecondLaunchHandler(instance, self.app.window, self.app.tab)
        self.heartbeat.start()
        self._wait_for(self.app.worker.network_ready)

    def classify(self, picture: Path) -> tuple[float, float]:
        """Open a file like an argument or a drop; seconds to the prediction, and in the network."""
        predictions = self.app.tab.predictions
        before = predictions.picture
        start = time.perf_counter()
        self.app.tab.open_arguments([str(picture)])
        while (answer := predictions.classification) is None or predictions.picture is before:
            self._wait_for(predictions.prediction_changed)
        return time.perf_counter() - start, answer.prediction.seconds

    def stall(self) -> float:
        """The longest stall since the last call, in seconds."""
        return self.heartbeat.stall()

    def rest(self, milliseconds: int = 20) -> None:
        """Let the event loop run for a while."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def close(self) -> None:
        """Close the window and wait for its threads."""
        self.heartbeat.stop()
        self.app.window.close()
        self.app.shutdown()
        self._folder.cleanup()

    def _wait_for(self, signal: object) -> None:
        from PySide6.QtCore import QEventLoop

        loop = QEventLoop()
        signal.connect(loop.quit)  # type: ignore[attr-defined]
        loop.exec()


def _decoding(picture: Path, runs: int) -> list[float]:
    from trainer.images.decode import decode_image

    return _timed(lambda: decode_image(picture), runs)


def _reference(picture: Path, runs: int) -> list[float]:
    from PIL import Image

    from trainer.files.resources import bundled_model
    from trainer.inference.predictor import Predictor

    predictor = Predictor.load(bundled_model())

    def plain() -> object:
        with Image.open(picture) as image:
            return predictor.predict(image.convert("RGB"))

    return _timed(plain, runs)


def _timed(action: Callable[[], object], runs: int) -> list[float]:
    action()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return seconds


if __name__ == "__main__":
    main()
