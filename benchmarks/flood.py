"""A stand-in for the trainer that writes progress events into a run's log at a given rate.

    python -m benchmarks.flood RUN_DIR EVENTS_PER_SECOND SECONDS

Started by `benchmarks.monitor`, which measures the window meanwhile.
"""

import math
import sys
import time
from pathlib import Path

from trainer.events.codec import to_line
from trainer.events.run_events import EpochStarted, Progress, RunFailed, RunStarted
from trainer.runs.run_folder import RunFolder

STEPS = 10_000_000
INTERVAL = 0.01
"""Seconds between two writes."""


def main() -> None:
    """Write events."""
    folder, rate, seconds = RunFolder(Path(sys.argv[1])), float(sys.argv[2]), float(sys.argv[3])
    head, middle, tail = _template()
    with folder.held(), folder.events.open("a", encoding="utf-8") as log:
        log.write("\n".join((to_line(_started()), to_line(EpochStarted(epoch=1)))) + "\n")
        start, written = time.perf_counter(), 0
        while (now := time.perf_counter() - start) < seconds:
            due = int(now * rate)
            log.write(
                "".join(
                    f"{head}{step}{middle}{_loss(step):.6f}{tail}\n"
                    for step in range(written + 1, due + 1)
                )
            )
            log.flush()
            written = due
            time.sleep(INTERVAL)
        failed = RunFailed(reason="Stopped.", stopped=True, resumable=False)
        log.write(to_line(failed) + "\n")
    print(written)


def _loss(step: int) -> float:
    return 2.2 * math.exp(-step / 40_000) + 0.3 + 0.1 * math.sin(step * 12.9898)


def _template() -> tuple[str, str, str]:
    """A progress line, cut at its step and its loss: encoding every line is too slow."""
    line = to_line(
        Progress(
            time=1_700_000_000.0, epoch=1, step=111_111, steps=STEPS, loss=222.222, accuracy=0.5,
            images_per_second=1000.0, learning_rate=0.1, seconds_left=60.0, memory=1_000_000_000,
        )
    )  # fmt: skip
    head, rest = line.split("111111")
    middle, tail = rest.split("222.222")
    return head, middle, tail


def _started() -> RunStarted:
    return RunStarted(
        recipe="flood", data="none", device="none", train_images=1, validation_images=1,
        test_images=1, classes=("a", "b"), parameters=1, epochs=100, steps=STEPS, first_step=0,
        batch_size=1, memory=None,
    )  # fmt: skip


if __name__ == "__main__":
    main()
