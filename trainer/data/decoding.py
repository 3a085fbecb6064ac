"""Decodes many image files in parallel; used by `folders`.

Batches of files go to a few threads: decoders release the interpreter lock, which pays off with
photographs and slow disks, and costs nothing with thumbnails.
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
from trainer.images.preprocess import Pixels, resize
from trainer.progress import ProgressReporter

Sizes = npt.NDArray[np.int64]

READING = "Reading images"
FILES_PER_JOB = 32


@dataclass(frozen=True, slots=True)
class Decoded:
    """The result of decoding a list of files.

    Attributes:
        pixels: uint8 array of shape [M, 3, S, S], the readable files in order.
        readable: bool array of shape [N], whether each file is readable.
        unreadable: The other files, with reasons.
        sizes: int64 array of shape [M, 2], original width and height of the readable files.
        notes: What was assumed about a file or is missing in it, by its relative path.
    """

    pixels: Pixels
    readable: npt.NDArray[np.bool_]
    unreadable: tuple[UnreadableFile, ...]
    sizes: Sizes
    notes: dict[str, tuple[str, ...]]

    @property
    def size_range(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The sizes with the fewest and the most pixels; at least one file must be readable."""
        width, height = self.sizes.T
        # Ties go to the narrower size, so that the result does not depend on the order of files.
        order = np.lexsort((width, width * height))
        first, last = self.sizes[order[[0, -1]]].tolist()
        return (first[0], first[1]), (last[0], last[1])


class _BatchDecoder:
    """Decodes files into arrays shared by the threads, each of which fills its own rows."""

    def __init__(self, files: Sequence[FileStamp], size: int, progress: ProgressReporter) -> None:
        self.files = files
        self.pixels = np.empty((len(files), 3, size, size), np.uint8)
        self.sizes = np.zeros((len(files), 2), np.int64)
        self.notes: dict[int, tuple[str, ...]] = {}
        self.progress = progress

    def decode(self, start: int) -> dict[int, str]:
        """Decode the job that starts at a file; returns why files could not be read, by index."""
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
        if decoded.notes:
            self.notes[index] = decoded.notes

    def result(self, reasons: dict[int, str]) -> Decoded:
        """The result, once all jobs are done."""
        readable = np.ones(len(self.files), np.bool_)
        readable[list(reasons)] = False
        named = tuple(
            UnreadableFile(path=Path(self.files[i].path), reason=reasons[i])
            for i in sorted(reasons)
        )
        pixels = self.pixels[readable] if reasons else self.pixels
        notes = {self.files[index].relative: self.notes[index] for index in sorted(self.notes)}
        return Decoded(pixels, readable, named, self.sizes[readable], notes)


def decode_files(files: Sequence[FileStamp], size: int, progress: ProgressReporter) -> Decoded:
    """Decode files to squares of `size` pixels; unreadable files are left out and reported.

    Raises:
        Cancelled: If the user stopped it.
    """
    batch = _BatchDecoder(files, size, progress)
    reasons: dict[int, str] = {}
    starts = range(0, len(files), FILES_PER_JOB)
    workers = min(8, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers, thread_name_prefix="decode") as pool:
        jobs = [pool.submit(batch.decode, start) for start in starts]
        try:
            _collect(jobs, reasons, progress, len(files))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return batch.result(reasons)


def resize_all(pixels: Pixels, size: int, progress: ProgressReporter) -> Pixels:
    """Resize images of shape [N, 3, S, S] in the same way as image files."""
    if pixels.shape[-1] == size:
        return pixels
    resized = np.empty((len(pixels), 3, size, size), np.uint8)
    for index, values in enumerate(pixels):
        image = Image.fromarray(values.transpose(1, 2, 0))
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
