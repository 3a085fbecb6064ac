"""`cifar-trainer evaluate`: judge a network on the test images of a dataset."""

import argparse
import json
from dataclasses import asdict

from trainer.bundle import model_path
from trainer.cancel import CancelToken
from trainer.data import load_dataset
from trainer.device import find_device
from trainer.errors import TrainerError
from trainer.evaluation import evaluate
from trainer.model_file import load_model
from trainer.progress import Progress, preparing
from trainer.reporting import LiveTable
from trainer.scores import Figures


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Judge a network on the test images of a dataset."""
    network, card = load_model(model_path(options.model))
    table = LiveTable()
    try:
        on_progress = preparing(table)
        dataset = load_dataset(
            options.data, image_size=card.input_size, token=token, on_progress=on_progress
        )
        _require_same_classes(card.classes, dataset.classes)
        judged = evaluate(
            network,
            card,
            dataset.test.images,
            dataset.test.labels,
            device=find_device(options.device).torch_device,
            progress=Progress(on_progress, token),
        )
    finally:
        table.close()
    figures = judged.figures
    print(json.dumps(asdict(figures)) if options.json else _figures_text(figures))
    return 0


def _require_same_classes(network: tuple[str, ...], data: tuple[str, ...]) -> None:
    if network != data:
        raise TrainerError(
            f"The network knows other classes ({', '.join(network)}) than the data have "
            f"({', '.join(data)})."
        )


def _figures_text(figures: Figures) -> str:
    lines = [
        f"accuracy              {figures.accuracy:7.2%}   as the program answers",
        f"accuracy, one pass    {figures.accuracy_single:7.2%}",
        f"accuracy, six views   {figures.accuracy_tta:7.2%}",
        f"calibration error     {figures.ece:7.4f}",
        f"images                {figures.images:7,}   in {figures.seconds:.1f} s",
        "",
    ]
    shares = figures.per_class.items()
    lines += [f"{name:20}  {'—' if share is None else f'{share:7.2%}'}" for name, share in shares]
    width = max(5, len(str(figures.images)))
    lines += ["", "confusion: rows are what is shown, columns what was answered"]
    lines += ["".join(f"{count:{width}}" for count in row) for row in figures.confusion]
    return "\n".join(lines)
