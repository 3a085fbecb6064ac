"""Accuracy of recipes by number of epochs: writes resources/reference_curves.json.

    python -m benchmarks.reference_curves --data cifar10 sprint 1 2 4
    python -m benchmarks.reference_curves --data cifar10 --model runs/best/model.safetensors

Every run is a complete one, with its own learning-rate schedule. It is evaluated as the program
predicts, on held-out training images: these figures are used for choosing, and the test images must
not be. The same goes for a network that is already trained with the recipe's current architecture.
Runs that are already in the file stay there.
"""

import argparse
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from msgspec import structs

from benchmarks.common import machine
from trainer.cancellation import CancelToken
from trainer.config.recipes import recipe
from trainer.config.train_config import DeviceName, TrainConfig
from trainer.data.dataset import Dataset, Split
from trainer.data.loading import load_dataset
from trainer.devices.device import Device
from trainer.devices.discovery import find_device
from trainer.errors import DataError
from trainer.evaluation.calibration import held_out_split
from trainer.evaluation.evaluate import evaluate
from trainer.events.base import Event
from trainer.files.atomic_write import write_atomically
from trainer.models.model_file import load_model, read_card
from trainer.planning.plan_text import describe_length
from trainer.runs.run_folder import RunFolder
from trainer.training.loop import train
from trainer.training.run import TrainingRun

FILE = Path(__file__).resolve().parents[1] / "resources" / "reference_curves.json"
VALIDATION_IMAGES = 5000


def main() -> None:
    """Train, print, and write after every run."""
    parser = argparse.ArgumentParser(description="Accuracy of a recipe by number of epochs.")
    parser.add_argument("recipe", nargs="?", help="recipe to train")
    parser.add_argument("epochs", type=int, nargs="*", help="numbers of epochs, one run each")
    parser.add_argument("--model", type=Path, metavar="FILE", help="an already trained network")
    parser.add_argument("--data", default="cifar10", metavar="DIR|cifar10", help="dataset")
    parser.add_argument(
        "--device", choices=get_args(DeviceName), default="auto", help="device (auto)"
    )
    options = parser.parse_args()
    if options.model is None and not (options.recipe and options.epochs):
        parser.error("give a recipe and numbers of epochs, or --model FILE")
    dataset, device = load_dataset(options.data), find_device(options.device)
    print(f"{machine()}; {device}")
    if options.model is not None:
        _note_model(options.model, dataset, device)
        return
    # The test images must not be used: ten training images replace them.
    few = Split(images=dataset.train.images[:10], labels=dataset.train.labels[:10])
    dataset = replace(dataset, test=few, test_files=())
    for epochs in options.epochs:
        config = structs.replace(
            recipe(options.recipe), epochs=epochs, validation_images=VALIDATION_IMAGES
        )
        with tempfile.TemporaryDirectory() as name:
            folder = RunFolder(Path(name, "run"))
            folder.create(config, (dataset.name,))
            run = TrainingRun(config, dataset, device)
            train(run, folder, emit=_ignore, token=CancelToken())
            card = read_card(folder.model)
        _note(config, card.figures["validation_accuracy"], card.date)
        print(f"{run.seconds:.0f} s of training", flush=True)


def _note_model(model: Path, dataset: Dataset, device: Device) -> None:
    network, card = load_model(model)
    if card.members > 1:
        raise SystemExit(f"{model} is an ensemble; recipes train one network.")
    config = recipe(card.recipe)
    if (card.architecture, card.widths) != (config.architecture, config.widths):
        raise SystemExit(f"{model} is not the network that {card.recipe} trains now.")
    config = structs.replace(config, seed=card.seed)
    try:
        held_out = held_out_split(dataset, config, card)
    except DataError as error:
        raise SystemExit(f"{model} was trained on other images of {dataset.name}.") from error
    result = evaluate(network, card, held_out.images, held_out.labels, device=device)
    epochs = int(card.figures.get("epochs", config.epochs))
    _note(structs.replace(config, epochs=epochs), result.figures.accuracy, card.date)


def _note(config: TrainConfig, accuracy: float, date: str) -> None:
    print(f"{describe_length(config.recipe, config.epochs)}: {accuracy:.2%}", flush=True)
    runs = json.loads(FILE.read_text(encoding="utf-8"))["runs"] if FILE.exists() else []
    settings = json.loads(config.to_json())
    run = {"accuracy": round(accuracy, 4), "date": date[:10], "config": settings}
    by_length = {_key(each): each for each in [*runs, run]}
    # Long lines, but with one line per run a diff shows which run was measured again.
    lines = ",\n".join(json.dumps(by_length[key]) for key in sorted(by_length))
    text = f'{{"runs": [\n{lines}\n]}}\n'
    write_atomically(FILE, lambda file: file.write_text(text, encoding="utf-8"))


def _key(run: dict[str, Any]) -> tuple[str, int]:
    return run["config"]["recipe"], run["config"]["epochs"]


def _ignore(_event: Event) -> None:
    """Discard the events of a run."""


if __name__ == "__main__":
    main()
