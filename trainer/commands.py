"""What the commands of `cifar-trainer` do; each takes parsed options and returns an exit code.

This module imports torch; `trainer.cli` does not.
"""

import argparse
import json
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from trainer.cancel import CancelToken
from trainer.config import RECIPES, TrainConfig, recipe
from trainer.data import load_dataset
from trainer.data.scan import NO_PICTURES
from trainer.device import find_device
from trainer.errors import (
    Cancelled,
    CheckpointError,
    ConfigError,
    FetchError,
    ImageError,
    TrainerError,
)
from trainer.evaluation import evaluate as evaluate_network
from trainer.events import Event, Preparing, RunFailed, to_line
from trainer.fetch import fetch, read_data_uri
from trainer.figures import Figures
from trainer.images import decode_image
from trainer.model_file import load_model
from trainer.predictor import Predictor
from trainer.reporting import LiveTable
from trainer.resources import bundled_model
from trainer.run_folder import RunFolder
from trainer.training import train as train_network

SETTINGS = (
    "epochs",
    "batch_size",
    "learning_rate",
    "label_smoothing",
    "validation_images",
    "seed",
    "device",
)


def recipes(options: argparse.Namespace, _token: CancelToken) -> int:
    """List the recipes."""
    for name, make in RECIPES.items():
        config = make()
        if options.json:
            print(json.dumps({"name": name, "about": make.__doc__, **asdict(config)}))
        else:
            print(f"{name:10} {make.__doc__} ({config.epochs} epochs)")
    return 0


def train(options: argparse.Namespace, token: CancelToken) -> int:
    """Train a network, or go on training one."""
    folder, config, data = _planned(options)
    report: Callable[[Event], None] = _print_event if options.events else LiveTable()
    try:
        _train(options, token, folder, config, data, report)
    except TrainerError as error:
        _record_failure(folder, report, error)
        raise
    finally:
        if isinstance(report, LiveTable):
            report.close()
    return 0


def _planned(options: argparse.Namespace) -> tuple[RunFolder, TrainConfig, str]:
    changes = {name: value for name in SETTINGS if (value := getattr(options, name)) is not None}
    if options.resume is None:
        if options.out is None:
            raise ConfigError("Name a folder for the run: --out RUN_DIR.")
        config = recipe(options.recipe or "sprint").with_changes(changes)
        return RunFolder(Path(options.out)), config, options.data or "cifar10"
    folder = RunFolder(Path(options.resume))
    if options.recipe or options.out or changes.keys() - {"device"}:
        raise ConfigError("A resumed run keeps its settings; only --data and --device may change.")
    config, data = folder.read()
    if folder.model.exists():
        raise CheckpointError(f"The run in “{folder.path}” is finished already.")
    return folder, config.with_changes(changes), options.data or data


def _train(
    options: argparse.Namespace,
    token: CancelToken,
    folder: RunFolder,
    config: TrainConfig,
    data: str,
    report: Callable[[Event], None],
) -> None:
    device = find_device(config.device)
    dataset = load_dataset(data, token=token, on_progress=_preparing(report))
    if options.resume is None:
        folder.create(config, data)

    def emit(event: Event) -> None:
        # On disk before anyone hears of it: who reads the folder never knows less.
        folder.append(event)
        report(event)

    train_network(
        config,
        dataset,
        device,
        folder,
        emit=emit,
        token=token,
        resume=options.resume is not None and folder.checkpoint.exists(),
        command=shlex.join(["cifar-trainer", *sys.argv[1:]]),
    )


def _record_failure(
    folder: RunFolder, report: Callable[[Event], None], error: TrainerError
) -> None:
    event = RunFailed(
        reason=error.message,
        stopped=isinstance(error, Cancelled),
        resumable=folder.checkpoint.exists() and not folder.model.exists(),
    )
    report(event)
    if folder.config.exists():
        folder.append(event)


def _print_event(event: Event) -> None:
    print(to_line(event), flush=True)


def _preparing(report: Callable[[Event], None]) -> Callable[[str, int, int | None], None]:
    return lambda what, done, total: report(Preparing(what=what, done=done, total=total))


def _model_path(name: str) -> Path:
    return bundled_model() if name == "default" else Path(name)


def evaluate(options: argparse.Namespace, token: CancelToken) -> int:
    """Judge a network on the test images of a dataset."""
    network, card = load_model(_model_path(options.model))
    table = LiveTable()
    try:
        on_progress = _preparing(table)
        dataset = load_dataset(
            options.data, image_size=card.input_size, token=token, on_progress=on_progress
        )
        _require_same_classes(card.classes, dataset.classes)
        figures = evaluate_network(
            network,
            card,
            dataset.test.images,
            dataset.test.labels,
            device=find_device(options.device).torch_device,
            token=token,
            on_progress=lambda done, total: on_progress("Evaluating", done, total),
        )
    finally:
        table.close()
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


def predict(options: argparse.Namespace, token: CancelToken) -> int:
    """Say what pictures show; 1 if any of them could not be read."""
    if options.top_k < 1:
        raise ConfigError("--top-k must be at least 1.")
    predictor = Predictor.load(_model_path(options.model))
    failed = False
    for source in _sources(options.images):
        token.check()
        answer = _ask(predictor, source, options.top_k, token)
        failed |= "error" in answer
        print(json.dumps(answer, ensure_ascii=False) if options.json else _text(answer), flush=True)
    return int(failed)


def _sources(names: list[str]) -> Iterator[str]:
    for name in names:
        if _is_url(name) or not Path(name).is_dir():
            yield name
        else:
            yield from _images_below(Path(name))


def _is_url(name: str) -> bool:
    return name.lower().startswith(("http://", "https://", "data:"))


def _images_below(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.suffix.lower() not in NO_PICTURES:
            yield str(path)


def _ask(predictor: Predictor, source: str, top_k: int, token: CancelToken) -> dict[str, Any]:
    try:
        image = decode_image(_bytes_or_path(source, token)).image
    except (ImageError, FetchError) as error:
        return {"image": source, "error": error.message}
    prediction = predictor.predict(image)
    return {
        "image": source,
        "top": [
            {"class": each.name, "probability": round(each.probability, 6)}
            for each in prediction.top(top_k)
        ],
        "verdict": prediction.verdict,
        "known_score": round(prediction.known_score, 6),
        "seconds": round(prediction.seconds, 6),
    }


def _bytes_or_path(source: str, token: CancelToken) -> bytes | Path:
    if source.startswith("data:"):
        return read_data_uri(source)
    return fetch(source, token=token) if _is_url(source) else Path(source)


def _text(answer: dict[str, Any]) -> str:
    if "error" in answer:
        return f"{answer['image']}: {answer['error']}"
    top = ", ".join(f"{each['class']} {each['probability']:.1%}" for each in answer["top"])
    remark = {"sure": "", "unsure": " (unsure)", "none": " (probably none of these)"}
    return f"{answer['image']}: {top}{remark[answer['verdict']]}"
