"""Decodes many pictures at once; used by the forms of dataset that hold image files.

Whole batches go to a few threads: decoders let go of the interpreter lock, which pays with
photographs and with a slow disk, and costs nothing with thumbnails.
"""

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from trainer.data.dataset import UnreadableFile
from trainer.data.scan import FileStamp
from trainer.errors import ImageError
from trainer.images.decode import decode_image
from trainer.images.preprocess import resize
from trainer.progress import ProgressReporter

Pixels = npt.NDArray[np.uint8]
Sizes = npt.NDArray[np.int64]

READING = "Reading images"
FILES_PER_JOB = 32


@dataclass(frozen=True, slots=True)
class Decoded:
    """What became of a list of files.

    Attributes:
        pixels: uint8 of shape [M, 3, S, S], the readable ones in the order of the files.
        readable: bool of shape [N], which of the files those are.
        unreadable: The others, with reasons.
        sizes: int64 of shape [M, 2], width and height of the readable ones as they lie on disk.
    """

    pixels: Pixels
    readable: npt.NDArray[np.bool_]
    unreadable: tuple[UnreadableFile, ...]
    sizes: Sizes

    @property
    def extremes(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The sizes with the fewest and with the most pixels; there must be any."""
        width, height = self.sizes.T
        # Of as many pixels, the narrower is the smaller: the same answer in whatever order.
        order = np.lexsort((width, width * height))
        first, last = self.sizes[order[[0, -1]]].tolist()
        return (first[0], first[1]), (last[0], last[1])


class _Batch:
    """The arrays that the threads fill, each its own rows."""

    def __init__(self, files: Sequence[FileStamp], size: int, progress: ProgressReporter) -> None:
        self.files = files
        self.pixels = np.empty((len(files), 3, size, size), np.uint8)
        self.sizes = np.zeros((len(files), 2), np.int64)
        self.progress = progress

    def decode(self, start: int) -> dict[int, str]:
        """Decode the files from `start` on that make up a job; why some could not be, by index."""
        reasons: dict[int, str] = {}
        for index in range(start, min(start + FILES_PER_JOB, len(self.files))):
            self.progress.check()
            try:
                self._decode(index)
            except ImageError as error:
                reasons[index] = error.message
        return reasons

    def _decode(self, index: int) -> None:
        decoded = decode_image(Path(self.files[index].path))
        self.pixels[index] = resize(decoded.image, self.pixels.shape[-1]).transpose(2, 0, 1)
        self.sizes[index] = decoded.width, decoded.height

    def without_unreadable(self, reasons: dict[int, str]) -> Decoded:
        """What came of it when all jobs are done."""
        readable = np.ones(len(self.files), np.bool_)
        readable[list(reasons)] = False
        named = tuple(
            UnreadableFile(path=Path(self.files[i].path), reason=reasons[i])
            for i in sorted(reasons)
        )
        pixels = self.pixels[readable] if reasons else self.pixels
        return Decoded(pixels, readable, named, self.sizes[readable])


def decode_files(files: Sequence[FileStamp], size: int, progress: ProgressReporter) -> Decoded:
    """Decode files to squares of `size` pixels; what cannot be read is left out and named.

    Raises:
        Cancelled: If the person asked to stop.
    """
    batch = _Batch(files, size, progress)
    reasons: dict[int, str] = {}
    starts = range(0, len(files), FILES_PER_JOB)
    workers = min(8, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers, thread_name_prefix="decode") as pool:
        jobs = [pool.submit(batch.decode, start) for start in starts]
        try:
            _collect(jobs, reasons, progress, len(files))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return batch.without_unreadable(reasons)


def resize_all(pixels: Pixels, size: int, progress: ProgressReporter) -> Pixels:
    """Bring arrays of shape [N, 3, S, S] to another size, as image files of that size would be."""
    if pixels.shape[-1] == size:
        return pixels
    resized = np.empty((len(pixels), 3, size, size), np.uint8)
    for index, picture in enumerate(pixels):
        image = Image.fromarray(picture.transpose(1, 2, 0))
        resized[index] = resize(image, size).transpose(2, 0, 1)
        progress.report("Resizing images", index + 1, len(pixels))
    return resized


def _collect(
    jobs: list[Future[dict[int, str]]],
    reasons: dict[int, str],
    progress: ProgressReporter,
    total: int,
) -> None:
    for finished, job in enumerate(as_completed(jobs), start=1):
        reasons.update(job.result())
        progress.report(READING, min(finished * FILES_PER_JOB, total), total)
