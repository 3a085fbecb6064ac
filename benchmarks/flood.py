"""A trainer that only talks: writes progress into the record of a run at a given rate.

    python -m benchmarks.flood RUN_DIR EVENTS_PER_SECOND SECONDS

Started by `benchmarks.monitor`, which watches the window take it.
"""

import math
import sys
import time
from pathlib import Path

from trainer.events.codec import to_line
from trainer.events.run_events import EpochStarted, Progress, RunFailed, RunStarted
from trainer.runs.run_folder import RunFolder

STEPS = 10_000_000
PIECE = 0.01
"""Seconds between two pieces of the record."""


def main() -> None:
    """Write."""
    folder, rate, seconds = RunFolder(Path(sys.argv[1])), float(sys.argv[2]), float(sys.argv[3])
    head, middle, tail = _template()
    with folder.held(), folder.events.open("a", encoding="utf-8") as record:
        record.write("\n".join((to_line(_started()), to_line(EpochStarted(epoch=1)))) + "\n")
        start, written = time.perf_counter(), 0
        while (now := time.perf_counter() - start) < seconds:
            due = int(now * rate)
            record.write(
                "".join(
                    f"{head}{step}{middle}{_loss(step):.6f}{tail}\n"
                    for step in range(written + 1, due + 1)
                )
            )
            record.flush()
            written = due
            time.sleep(PIECE)
        over = RunFailed(reason="Stopped.", stopped=True, resumable=False)
        record.write(to_line(over) + "\n")
    print(written)


def _loss(step: int) -> float:
    return 2.2 * math.exp(-step / 40_000) + 0.3 + 0.1 * math.sin(step * 12.9898)


def _template() -> tuple[str, str, str]:
    """A line of progress, cut where its step and its loss are: making each anew is too slow."""
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
