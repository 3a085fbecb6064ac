"""How accurate recipes become in how many epochs: writes resources/reference_curves.json.

    python -m benchmarks.reference_curves --data cifar10 sprint 1 2 4
    python -m benchmarks.reference_curves --data cifar10 --model runs/best/model.safetensors

Every run is a whole one, with a schedule of its own. It is judged as the program answers, by images
put aside of the training images: what is chosen by these figures must not be chosen by the test
images. So is a network that was trained already, by its recipe as it is now. Runs that the curves
have already stay in them.
"""

import argparse
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

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
from trainer.planning.plan_text import length_in_words
from trainer.runs.run_folder import RunFolder
from trainer.training.loop import train
from trainer.training.run import TrainingRun

FILE = Path(__file__).resolve().parents[1] / "resources" / "reference_curves.json"
VALIDATION_IMAGES = 5000


def main() -> None:
    """Train, print, and write after every run."""
    parser = argparse.ArgumentParser(description="Accuracy of a recipe by its epochs.")
    parser.add_argument("recipe", nargs="?", help="what to train")
    parser.add_argument("epochs", type=int, nargs="*", help="for how long, each a run")
    parser.add_argument("--model", type=Path, metavar="FILE", help="a network trained already")
    parser.add_argument("--data", default="cifar10", metavar="DIR|cifar10", help="what on")
    parser.add_argument(
        "--device", choices=get_args(DeviceName), default="auto", help="where (auto)"
    )
    options = parser.parse_args()
    if options.model is None and not (options.recipe and options.epochs):
        parser.error("name a recipe and lengths in epochs, or --model FILE")
    dataset, device = load_dataset(options.data), find_device(options.device)
    print(f"{machine()}; {device}")
    if options.model is not None:
        _note_model(options.model, dataset, device)
        return
    # The test images are not to be looked at: ten others stand in for them.
    few = Split(images=dataset.train.images[:10], labels=dataset.train.labels[:10])
    dataset = replace(dataset, test=few, test_files=())
    for epochs in options.epochs:
        config = replace(recipe(options.recipe), epochs=epochs, validation_images=VALIDATION_IMAGES)
        with tempfile.TemporaryDirectory() as name:
            folder = RunFolder(Path(name, "run"))
            folder.create(config, dataset.name)
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
    config = replace(config, seed=card.seed)
    try:
        aside = held_out_split(dataset, config, card)
    except DataError as error:
        raise SystemExit(f"{model} was trained on other images of {dataset.name}.") from error
    judged = evaluate(network, card, aside.images, aside.labels, device=device)
    epochs = int(card.figures.get("epochs", config.epochs))
    _note(replace(config, epochs=epochs), judged.figures.accuracy, card.date)


def _note(config: TrainConfig, accuracy: float, date: str) -> None:
    print(f"{length_in_words(config.recipe, config.epochs)}: {accuracy:.2%}", flush=True)
    runs = json.loads(FILE.read_text(encoding="utf-8"))["runs"] if FILE.exists() else []
    settings = json.loads(config.to_json())
    run = {"accuracy": round(accuracy, 4), "date": date[:10], "config": settings}
    by_length = {_key(each): each for each in [*runs, run]}
    # The settings make long lines, but a line a run shows in a diff what was measured anew.
    lines = ",\n".join(json.dumps(by_length[key]) for key in sorted(by_length))
    text = f'{{"runs": [\n{lines}\n]}}\n'
    write_atomically(FILE, lambda file: file.write_text(text, encoding="utf-8"))


def _key(run: dict[str, Any]) -> tuple[str, int]:
    return run["config"]["recipe"], run["config"]["epochs"]


def _ignore(_event: Event) -> None:
    """What happens within a run is not of interest here."""


if __name__ == "__main__":
    main()
