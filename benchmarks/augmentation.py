"""Speed of each kind of augmentation, and of torchvision's where that is installed.

    python -m benchmarks.augmentation [--batch 600] [--batches 20]

One thread, batches of 32 x 32 pixels, and the median of the processor time of a batch, which other
programs disturb less than the time on the clock. torchvision's `transforms.v2` draw once per call,
so each image is a call of its own.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import torch
from torch import Tensor

from benchmarks.common import machine
from trainer.config.augmentation import Augmentation
from trainer.data.augmentation import Batches

SIDE, BATCHES_STORED = 32, 5
CROPS: dict[str, Any] = {"crop_scale": 0.35, "crop_aspect": 4 / 3}
EFFECTS: dict[str, Any] = {"grayscale": 0.1, "blur": 1.0, "noise": 0.05, "jpeg": 0.5}
OLDER: dict[str, Any] = {"flip": "random", "translate": 2, "color_jitter": 0.3, "cutout": 8}
KINDS: dict[str, tuple[int, dict[str, Any]]] = {
    "none, only gathering": (SIDE, {}),
    "flip and translation": (SIDE, {"flip": "random", "translate": 2}),
    "zoom": (SIDE, {"zoom": 0.2}),
    "color jitter": (SIDE, {"color_jitter": 0.3}),
    "cutout": (SIDE, {"cutout": 8}),
    "crops": (SIDE, CROPS),
    "crops of 64 pixels": (2 * SIDE, CROPS),
    "grayscale, 10 %": (SIDE, {"grayscale": 0.1}),
    "blur": (SIDE, {"blur": 1.0}),
    "noise": (SIDE, {"noise": 0.05}),
    "JPEG, 50 %": (SIDE, {"jpeg": 0.5}),
    "crops and effects": (SIDE, {**CROPS, **EFFECTS}),
    "all but zoom": (SIDE, {**CROPS, **EFFECTS, **OLDER}),
    "all but zoom, 64 pixels": (2 * SIDE, {**CROPS, **EFFECTS, **OLDER}),
    "all": (SIDE, {**CROPS, **EFFECTS, **OLDER, "zoom": 0.2}),
}


def drawn(count: int, side: int) -> Tensor:
    """Random pixels, uint8 [count, 3, side, side]."""
    return torch.randint(0, 256, (count, 3, side, side), dtype=torch.uint8)


def seconds(work: Callable[[], object], repetitions: int) -> float:
    """Median processor time, after one repetition that does not count."""
    times = []
    for _ in range(repetitions + 1):
        start = time.thread_time()
        work()
        times.append(time.thread_time() - start)
    return statistics.median(times[1:])


def ours(side: int, settings: dict[str, Any], batch: int, repetitions: int) -> float:
    """Seconds per image of `Batches`."""
    count = BATCHES_STORED * batch
    batches = Batches(
        drawn(count, side), torch.zeros(count, dtype=torch.int64),
        Augmentation(**{"flip": "none", "translate": 0, **settings}),
        batch_size=batch, seed=0, device=torch.device("cpu"), output_size=SIDE,
    )  # fmt: skip
    endless = (each for epoch in range(repetitions) for each in batches.epoch(epoch))
    return seconds(lambda: next(endless), repetitions) / batch


def torchvisions() -> dict[str, Callable[[Tensor], Tensor]]:
    """The transforms of torchvision that come closest, by the name of ours."""
    if find_spec("torchvision") is None:
        return {}
    from torchvision.transforms import v2

    as_float = v2.ToDtype(torch.float32, scale=True)
    return {
        "color jitter": v2.ColorJitter(0.3, 0.3, 0.3),
        "crops": v2.RandomResizedCrop(SIDE, (0.35, 1), antialias=True),
        "grayscale, 10 %": v2.RandomGrayscale(0.1),
        "blur": v2.GaussianBlur(7, (0.05, 1.0)),
        "noise": v2.Compose([as_float, v2.GaussianNoise(sigma=0.025)]),
        "JPEG, 50 %": v2.RandomApply([v2.JPEG((30, 95))], 0.5),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=600, help="images per batch")
    parser.add_argument("--batches", type=int, default=20, help="batches to time")
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(machine())
    theirs, images = torchvisions(), drawn(options.batch, SIDE)
    for name, (side, settings) in KINDS.items():
        mine = ours(side, settings, options.batch, options.batches)
        line = f"{name:26} {mine * 1e6:7.1f} us an image {1 / mine:9,.0f} images/s"
        if name in theirs:
            transform = theirs[name]
            work = lambda transform=transform: [transform(image) for image in images]  # noqa: E731
            other = seconds(work, options.batches // 4) / options.batch
            line += f"   torchvision {other * 1e6:7.1f} us {1 / other:9,.0f} images/s"
        print(line, flush=True)


if __name__ == "__main__":
    main()
