"""How right networks are about real photographs, and about pictures of other things.

    python -m benchmarks.photos DIR [MODEL ...] [--json FILE] [--views]

DIR contains photographs as `<class>/*`, and in `none/` pictures that show none of the classes; file
names may begin with the source, as in `herene-00017.webp`. MODEL is `default`, a model file or the
folder of a run. Pictures are read as in the window. The network gets them in batches; the program
answers a sample one by one, which is timed and must agree.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from benchmarks.common import machine
from benchmarks.photo_figures import NONE, Answers, figures
from benchmarks.photo_views import WAYS, Way, cropped, view_logits
from trainer.cancellation import CancelToken
from trainer.images.decode import decode_image
from trainer.inference.energy_score import energy_score
from trainer.inference.predictor import Predictor
from trainer.models.model_file import ModelCard
from trainer.models.network import Network
from trainer.workflows.load_network import load_network

SAMPLE, TOLERANCE = 100, 0.01
"""How many pictures the program answers one by one, and by how much a probability may differ."""
SHIPPED = "whole + mirrored"
FORMATS = {"pictures": "{:,}", "AUROC": "{:.3f}", "ECE": "{:.3f}", "ms": "{:.1f}", "p95": "{:.1f}"}


def main() -> None:
    """Classify, print, and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path, metavar="DIR", help="photographs by class")
    parser.add_argument("models", nargs="*", metavar="MODEL", help="file, run folder or default")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    parser.add_argument("--views", action="store_true", help="compare ways of looking")
    options = parser.parse_args()
    files = sorted(file for file in options.photos.glob("*/*") if file.is_file())
    print(f"{len(files):,} pictures in {options.photos}; {machine()}", flush=True)
    ways = WAYS if options.views else {SHIPPED: WAYS[SHIPPED]}
    results = {
        f"{model}: {way}" if options.views else model: result
        for model in options.models or ["default"]
        for way, result in _measure(model, files, ways)
    }
    print(_table(results))
    if options.json is not None:
        document = {"pictures": str(options.photos), "machine": machine(), "networks": results}
        options.json.write_text(json.dumps(document, indent=2), encoding="utf-8")


def _measure(
    model: str, files: Sequence[Path], ways: dict[str, Way]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The figures of a network, by way of looking."""
    network, card = load_network(model, data=None, command="", token=CancelToken())
    names = [file.parent.name for file in files]
    if unknown := set(names) - {NONE, *card.classes}:
        raise SystemExit(f"{model} does not know the classes {', '.join(sorted(unknown))}.")
    sources = [file.name.split("-")[0] if "-" in file.name else "anywhere" for file in files]
    predictor = Predictor(network, card)
    most = Way(crops=max(way.crops for way in ways.values()))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        seen = list(pool.map(lambda file: _seen(file, card.input_size, most.crops), files))
    views = torch.from_numpy(np.stack(seen)).permute(0, 1, 4, 2, 3)
    logits = view_logits(network, card, views, most) / card.temperature
    sample = range(0, len(files), max(1, len(files) // SAMPLE))
    images = [decode_image(files[index]).image for index in sample]
    for name, way in ways.items():
        answers = _answers(way.of(logits), card)
        if name == SHIPPED:
            seconds = [_checked(predictor, image, answers, index)
                       for image, index in zip(images, sample, strict=True)]  # fmt: skip
        else:
            seconds = [_seconds(network, card, image, way) for image in images]
        p95 = statistics.quantiles(seconds, n=20)[-1]
        times = {"ms": 1e3 * statistics.median(seconds), "p95": 1e3 * p95}
        yield name, figures(answers, names, sources, card.classes) | times


def _seen(file: Path, side: int, crops: int) -> np.ndarray[Any, Any]:
    return cropped(decode_image(file).image, side, crops)


def _answers(logits: torch.Tensor, card: ModelCard) -> Answers:
    return Answers(
        probabilities=logits.softmax(1),
        scores=energy_score(logits),
        threshold=card.unknown_threshold,
    )


def _checked(predictor: Predictor, image: Image.Image, answers: Answers, index: int) -> float:
    """How long the program takes to answer; it must say what the batches say."""
    prediction = predictor.predict(image)
    for each in prediction.classes:
        expected = answers.probabilities[index, predictor.card.classes.index(each.name)].item()
        if abs(each.probability - expected) > TOLERANCE:
            raise SystemExit(f"The program says {each}, the benchmark {expected:.3f}.")
    return prediction.seconds


def _seconds(network: Network, card: ModelCard, image: Image.Image, way: Way) -> float:
    start = time.perf_counter()
    views = torch.from_numpy(cropped(image, card.input_size, way.crops)).permute(0, 3, 1, 2)
    _answers(way.of(view_logits(network, card, views[None], way)), card).probabilities.tolist()
    return time.perf_counter() - start


def _table(results: dict[str, dict[str, Any]]) -> str:
    """The networks side by side, a figure per line."""
    columns = {f"…{name[-39:]}" if len(name) > 40 else name: dict(_lines(result))
               for name, result in results.items()}  # fmt: skip
    rows = list(dict.fromkeys(row for lines in columns.values() for row in lines))
    table = [("", *columns)]
    table += [(row, *(lines.get(row, "-") for lines in columns.values())) for row in rows]
    widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
    return "\n".join(
        f"{first:{widths[0]}}"
        + "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True))
        for first, *cells in table
    )


def _lines(figures: dict[str, Any], title: str = "") -> Iterator[tuple[str, str]]:
    """The figures of a network as text, and below them those of its classes and sources."""
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{title}{name}, " if title else f"{name}: ")
        else:
            form = FORMATS.get(name, "{:.1%}")
            yield title + name, "-" if value is None else form.format(value)


if __name__ == "__main__":
    main()
