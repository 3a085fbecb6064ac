"""Evaluates the bundled network on the CIFAR-10 test images, and keeps its figures for the window.

    python packaging/default_figures.py [--data DIR|cifar10]

Run it whenever `resources/default.safetensors` changes, and commit the result: the Evaluation tab
shows it before anybody has downloaded the images. Takes a few minutes.
"""

import argparse
import sys

from trainer.cancellation import CancelToken
from trainer.evaluation.shipped_figures import FILE, save_figures
from trainer.files.dataset_place import CIFAR10
from trainer.files.resources import bundled_model
from trainer.workflows.evaluate import EvaluateRequest


def main() -> None:
    """Write the file beside the network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=CIFAR10, help="CIFAR-10 as a folder; default: cifar10")
    network, data = bundled_model(), parser.parse_args().data
    request = EvaluateRequest(
        name=str(network), data=(data,), out=None, device="cpu", command=" ".join(sys.argv)
    )
    report = request.run(CancelToken(), _show)
    path = network.with_name(FILE)
    save_figures(path, network, report)
    print(f"\n{path}: {report.figures.accuracy:.2%} of {report.figures.images:,} images")


def _show(what: str, done: int, total: int | None) -> None:
    print(f"\r{what}: {done:,} of {total or 0:,}", end="", flush=True)


if __name__ == "__main__":
    main()
