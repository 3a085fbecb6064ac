"""How the loader of pictures copes with files: read or refused, how fast, with how much memory.

    python -m benchmarks.corpus DIR [--memory MB]

Every file below DIR is decoded in a child process with a limit of memory, which is started again
if a file ends it. Printed are a table of all files, then the number of each outcome, the slowest
and the largest.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.common import machine
from trainer.errors import ImageError
from trainer.images.decode import decode_image


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a file.

    Attributes:
        path: The file.
        text: Format, size and notes of a picture; why a file was refused; or that the child ended.
        was_read: Whether it is a picture.
        seconds: Time of decoding.
        peak: Most memory that the child took, in bytes; 0 if unknown.
    """

    path: Path
    text: str
    was_read: bool
    seconds: float
    peak: int


class Child:
    """A process that decodes files one after another.

    Args:
        memory: Limit of its address space in megabytes.
    """

    def __init__(self, memory: int) -> None:
        self._command = [sys.executable, "-m", "benchmarks.corpus", "--child", str(memory)]
        self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen(self._command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8")

    def decode(self, path: Path) -> Outcome:
        """Decode a file, and start again if that ended the process."""
        start = time.perf_counter()
        answer = self._answer(path)
        if answer is None:
            self.close()
            self._process = self._start()
            seconds = time.perf_counter() - start
            return Outcome(path=path, text="CRASHED", was_read=False, seconds=seconds, peak=0)
        return Outcome(path=path, **answer)

    def _answer(self, path: Path) -> dict[str, Any] | None:
        assert self._process.stdin is not None  # noqa: S101  # for mypy; both are pipes
        assert self._process.stdout is not None  # noqa: S101
        with suppress(BrokenPipeError, json.JSONDecodeError):
            print(json.dumps(str(path)), file=self._process.stdin, flush=True)
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())
            return answer
        return None

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def serve(memory: int) -> None:
    """In the child: decode the files that come in, and print what became of each."""
    with suppress(ImportError):  # not on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory * 1024**2, memory * 1024**2))
    for line in sys.stdin:
        _forget_peak()
        start = time.perf_counter()
        was_read, text = _decode(Path(json.loads(line)))
        seconds = time.perf_counter() - start
        answer = {"text": text, "was_read": was_read, "seconds": seconds, "peak": _peak()}
        print(json.dumps(answer), flush=True)


def _decode(path: Path) -> tuple[bool, str]:
    try:
        picture = decode_image(path)
    except ImageError as error:
        return False, error.message
    return True, "; ".join((f"{picture.format} {picture.width}x{picture.height}", *picture.notes))


def _forget_peak() -> None:
    with suppress(OSError):  # only Linux has it
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> int:
    with suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("VmHWM:")[2].split(maxsplit=1)[0]) * 1024
    return 0


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _row(outcome: Outcome, folder: Path) -> str:
    figures = f"{outcome.seconds:8.3f} s {outcome.peak / 1024**2:7.0f} MB"
    state = "read   " if outcome.was_read else "REFUSED"
    return f"{figures}  {state}  {outcome.path.relative_to(folder)}: {outcome.text}"


def _summarize(outcomes: list[Outcome], folder: Path) -> None:
    read = sum(each.was_read for each in outcomes)
    print(f"\n{len(outcomes)} files, {read} read, {len(outcomes) - read} refused:")
    for text, count in Counter(each.text for each in outcomes if not each.was_read).most_common():
        print(f"{count:6}  {text}")
    for title, key in (("Slowest", "seconds"), ("Most memory", "peak")):
        most = max(outcomes, key=lambda each: getattr(each, key))
        print(f"{title}: {_row(most, folder)}")


def main() -> None:
    """Decode every file and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="files of any kind")
    parser.add_argument("--memory", type=int, default=4096, metavar="MB", help="limit of the child")
    parser.add_argument("--child", type=int, metavar="MB", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        serve(options.child)
        return
    print(machine())
    child = Child(options.memory)
    outcomes = []
    for path in _files(options.folder):
        outcomes.append(child.decode(path))
        print(_row(outcomes[-1], options.folder), flush=True)
    child.close()
    if outcomes:
        _summarize(outcomes, options.folder)


if __name__ == "__main__":
    main()
