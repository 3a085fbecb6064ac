"""Accuracy of networks on real photographs, next to the bundled network.

    python -m benchmarks.photos DIR [MODEL ...]

DIR contains photographs as `<class>/*`, and in `none/` some that show none of the classes. They are
loaded and classified as in the window.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from trainer.files.resources import bundled_model
from trainer.images.decode import decode_image
from trainer.inference.prediction import Prediction
from trainer.inference.predictor import Predictor

NONE = "none"


def main() -> None:
    """Classify and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path, metavar="DIR", help="photographs by class")
    parser.add_argument("models", type=Path, nargs="*", metavar="MODEL", help="model files")
    options = parser.parse_args()
    print(
        f"{'':28} {'top-1':>7} {'macro':>7} {'top-3':>7} {'AUROC':>7} {'none of none':>13} of ten"
    )
    for path in (bundled_model(), *options.models):
        predictor = Predictor.load(path)
        predictions = [(name, predictor.predict(decode_image(file).image))
                       for name, file in _photos(options.photos)]  # fmt: skip
        title = "bundled" if path == bundled_model() else f"{path.parent.name}/{path.name}"
        print(f"{title:28} {_row(predictions)}", flush=True)


def _photos(folder: Path) -> Iterator[tuple[str, Path]]:
    for place in sorted(each for each in folder.iterdir() if each.is_dir()):
        for file in sorted(place.iterdir()):
            yield place.name, file


def _row(predictions: Sequence[tuple[str, Prediction]]) -> str:
    known = [(name, each) for name, each in predictions if name != NONE]
    unknown = [each for name, each in predictions if name == NONE]
    figures = [_top(known, 1), _macro(known), _top(known, 3)]
    auroc = roc_auc_score(
        [name != NONE for name, _ in predictions], [each.energy_score for _, each in predictions]
    )
    return (
        " ".join(f"{figure:7.1%}" for figure in figures)
        + f" {auroc:7.3f} {_called_none(unknown):13.1%} {_called_none([e for _, e in known]):6.1%}"
    )


def _top(predictions: Sequence[tuple[str, Prediction]], count: int) -> float:
    hits = [name in [top.name for top in each.top(count)] for name, each in predictions]
    return float(np.mean(hits))


def _macro(predictions: Sequence[tuple[str, Prediction]]) -> float:
    classes = {name for name, _ in predictions}
    return float(np.mean([_top([each for each in predictions if each[0] == name], 1)
                          for name in classes]))  # fmt: skip


def _called_none(predictions: Sequence[Prediction]) -> float:
    return float(np.mean([each.verdict == "none" for each in predictions]))


if __name__ == "__main__":
    main()
