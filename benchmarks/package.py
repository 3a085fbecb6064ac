"""Size of a package, its largest parts, and its start-up times next to the unfrozen program's.

    python -m benchmarks.package DIST [--archive FILE] [--runs 7] [--cold-runs 3]

DIST is the program's folder. Without --archive it is compressed, which takes minutes. The times are
from the program's own log; the two programs are started alternately.
"""

import argparse
import os
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from benchmarks.common import machine, photo, virtual_display
from benchmarks.package_parts import COMPRESSOR, compressed_size, folder_size, largest_parts
from benchmarks.program_starts import (
    FIRST_STEP,
    MARKS,
    Program,
    drop_files,
    packaged,
    start,
    train,
    unfrozen,
)

MB = 1e6
FOLDER, COMPRESSED = 640, 185
"""Targets for the CPU package, in MB."""

WARM = {MARKS[0]: 0.5, MARKS[2]: 2.0}
"""Targets for warm starts, in seconds."""

TRAININGS = 3
COLD = (
    "cold: the program's files (for the unfrozen one, those of its Python and all packages) were "
    "dropped from the page cache first; system libraries, and what this script uses, stayed there"
)
Times = list[dict[str, float]]
Measure = Callable[[Program], dict[str, float]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dist", type=Path)
    parser.add_argument("--archive", type=Path, help="the package's archive")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--cold-runs", type=int, default=3)
    options = parser.parse_args()
    folder = options.dist.resolve()
    if not folder.is_dir():
        parser.error(f"“{folder}” is not a folder")
    print(machine())
    _print_sizes(folder, options.archive)
    with tempfile.TemporaryDirectory() as work, virtual_display() as (display, title):
        print(f"\nSeconds from the start of the process, drawing to {title}{_load()}", flush=True)
        _print_times(_programs(folder, Path(work)), display, options)


def _load() -> str:
    """The machine's load, which decides how reliable the times are."""
    return f"; load before: {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""


def _programs(folder: Path, work: Path) -> list[Program]:
    return [packaged(folder, work / "packaged"), unfrozen(work / "unfrozen")]


def _print_sizes(folder: Path, archive: Path | None) -> None:
    apparent, on_disk = folder_size(folder)
    disk = f", {on_disk / MB:.1f} MB on disk" if on_disk else ""
    print(f"folder      {apparent / MB:7.1f} MB{_against(apparent / MB, FOLDER, 'MB')}{disk}")
    how = archive.name if archive else " ".join(COMPRESSOR[:4])
    packed = (archive.stat().st_size if archive else compressed_size(folder)) / MB
    print(f"compressed  {packed:7.1f} MB{_against(packed, COMPRESSED, 'MB')}, {how}", end="\n\n")
    for part, size in largest_parts(folder):
        print(f"{size / MB:9.1f} MB  {part}")


def _print_times(
    programs: list[Program], display: dict[str, str], options: argparse.Namespace
) -> None:
    work = programs[0].home.parent
    picture, data = photo(work), _dataset(work / "data")

    def look(program: Program) -> dict[str, float]:
        return start(program, display, picture)

    def look_cold(program: Program) -> dict[str, float]:
        drop_files(program)
        return look(program)

    _by_turns(programs, look, 1)  # to fill the page cache
    _print_table("warm", programs, _by_turns(programs, look, options.runs), WARM)
    trained = _by_turns(programs, lambda program: train(program, display, data), TRAININGS)
    _print_table("warm", programs, trained, {})
    if hasattr(os, "posix_fadvise"):
        _print_table("cold", programs, _by_turns(programs, look_cold, options.cold_runs), {})
        print(COLD)


def _by_turns(programs: list[Program], measure: Measure, runs: int) -> dict[str, Times]:
    times: dict[str, Times] = {program.name: [] for program in programs}
    for _ in range(runs):
        for program in programs:
            times[program.name].append(measure(program))
    return times


def _print_table(
    state: str, programs: list[Program], times: dict[str, Times], targets: dict[str, float]
) -> None:
    runs = len(times[programs[0].name])
    if not runs:
        return
    heads = "".join(f"{program.name:>10}   worst" for program in programs)
    print(f"\n{f'{state}, median of {runs}':28}{heads}")
    for mark in (mark for mark in (*MARKS, FIRST_STEP) if mark in times[programs[0].name][0]):
        cells, medians = "", []
        for program in programs:
            seconds = [each[mark] for each in times[program.name]]
            medians.append(statistics.median(seconds))
            cells += f"{medians[-1]:10.2f}{max(seconds):8.2f}"
        target = _against(medians[0], targets[mark], "s") if mark in targets else ""
        print(f"{mark:28}{cells}{target}")


def _against(value: float, target: float, unit: str) -> str:
    return f" (target {target:g} {unit}: {'reached' if value <= target else 'MISSED'})"


def _dataset(folder: Path) -> Path:
    """Two classes of single-color pictures."""
    for name, color in {"red": (200, 30, 30), "blue": (30, 30, 200)}.items():
        (folder / name).mkdir(parents=True)
        for index in range(50):
            shade = tuple(value + index for value in color)
            Image.new("RGB", (32, 32), shade).save(folder / name / f"{index}.png")
    return folder


if __name__ == "__main__":
    main()
