"""The arguments of every command, for `trainer.cli`."""

import argparse
import shlex
import sys
from typing import get_args

from trainer.commands.option_groups import (
    DATA,
    add_augmentation,
    add_data,
    add_device,
    add_events,
    add_image_size,
    add_precision,
    add_settings,
    integer,
)
from trainer.config.image_size import USUAL_SIDE
from trainer.config.recipes import RECIPES
from trainer.files.resources import version_of
from trainer.models.model_file import Weights


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; `command` names the module to run."""
    parser = argparse.ArgumentParser(
        prog="cifar-trainer",
        description="Train and evaluate image classifiers, and classify images.",
        epilog="'%(prog)s COMMAND --help' shows the options of a command.",
    )
    version = f"%(prog)s {version_of()}"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_train(_add_command(commands, "train", "train a network"))
    _add_evaluate(_add_command(commands, "evaluate", "evaluate a network"))
    _add_predict(_add_command(commands, "predict", "classify images"))
    _add_export(_add_command(commands, "export", "export the network or curves of a run"))
    _add_combine(_add_command(commands, "combine", "build an ensemble from several runs"))
    _add_devices(_add_command(commands, "devices", "test which devices networks can run on"))
    _add_inspect(_add_command(commands, "inspect", "show the contents of a dataset"))
    _add_probe(_add_command(commands, "probe", "measure training speed"))
    _add_forecast(_add_command(commands, "forecast", "show what can be trained in a given time"))
    recipes = _add_command(commands, "recipes", "list the training recipes")
    recipes.add_argument("--json", action="store_true", help="print one JSON object per recipe")
    return parser


def given_data(options: argparse.Namespace) -> tuple[str, ...] | None:
    """The datasets that were given with `--data`; None if there were none."""
    return tuple(options.data) if options.data else None


def command_line() -> str:
    """The command line of this process, as recorded in model files."""
    return shlex.join(["cifar-trainer", *sys.argv[1:]])


def _add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str
) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=summary, description=f"{summary.capitalize()}.")


def _minutes(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e6:
        raise argparse.ArgumentTypeError("must be a positive number below 1,000,000")
    return number


def _add_train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recipe", choices=RECIPES, help="training recipe (default: sprint)")
    add_data(
        parser,
        "folder of the dataset, or cifar10 (default: cifar10)",
    )
    parser.add_argument("--out", metavar="RUN_DIR", help="folder for the new run")
    parser.add_argument("--resume", metavar="RUN_DIR", help="resume a stopped run")
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--epochs", type=int, metavar="N", help="number of epochs (default: from the recipe)"
    )
    length.add_argument(
        "--minutes",
        type=_minutes,
        metavar="M",
        help="train the most accurate network that fits into M minutes, not counting the time to "
        "load the dataset",
    )
    add_device(parser, None)
    parser.add_argument("--queue", action="store_true", help="wait until the device is free")
    add_events(parser)
    add_settings(parser)
    add_augmentation(parser)


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model",
        metavar="MODEL|RUN_DIR|default",
        help="model file, folder of a run, or default for the bundled network",
    )
    add_data(parser, "dataset (default: those of the run, otherwise cifar10)")
    add_device(parser, "auto")
    parser.add_argument(
        "--report", metavar="FILE", help="save all predictions and images for the desktop program"
    )
    parser.add_argument(
        "--tta",
        action="store_true",
        help="also with six views per image, as the speed records are measured; takes about three "
        "times as long",
    )
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="print the metrics as JSON")
    add_events(output)


def _add_predict(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model",
        metavar="MODEL|RUN_DIR|default",
        help="model file, folder of a run, or default for the bundled network",
    )
    parser.add_argument(
        "images",
        metavar="IMAGE|URL|FOLDER|@LIST|-",
        nargs="+",
        help="images to classify; @LIST is a file with one of them per line, - standard input",
    )
    add_data(parser, "dataset of an unfinished run, if it was moved")
    parser.add_argument(
        "--top-k",
        type=integer(1),
        default=3,
        metavar="N",
        help="number of classes to show (default: 3)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object per image")
    parser.add_argument("--csv", metavar="FILE", help="also write a table, one line per image")


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "run",
        metavar="RUN_DIR|MODEL|default",
        help="a run, finished or not, a model file, or default for the bundled network",
    )
    parser.add_argument(
        "--format",
        choices=("safetensors", "tensorboard"),
        default="safetensors",
        help="the network as a model file, or the curves for TensorBoard (default: safetensors)",
    )
    parser.add_argument("--out", metavar="FILE|DIR", required=True, help="where to write it")
    parser.add_argument(
        "--weights",
        choices=get_args(Weights),
        help="number format of the weights in a model file; int8 is half as large "
        "(default: as they are, float16 for a run)",
    )
    add_data(parser, "dataset of the run, if it was moved")
    add_device(parser, "cpu")
    add_events(parser)


def _add_combine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", metavar="RUN_DIR", nargs="+", help="finished runs, at least two")
    parser.add_argument("--out", metavar="FILE", required=True, help="model file to write")
    add_data(parser, "dataset of the runs, if it was moved")
    add_device(parser, "auto")
    add_events(parser)


def _add_inspect(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "data",
        metavar=DATA,
        nargs="+",
        help="folder of the dataset, or cifar10; several, to see what training on them would use",
    )
    parser.add_argument("--download", action="store_true", help="download cifar10 if necessary")
    parser.add_argument(
        "--samples",
        type=integer(1),
        default=10,
        metavar="N",
        help="sample images per class in the events (default: 10)",
    )
    parser.add_argument(
        "--seed",
        type=integer(0, 2**63 - 1),
        default=0,
        metavar="N",
        help="seed for choosing the samples (default: 0)",
    )
    add_image_size(parser, USUAL_SIDE)
    add_events(parser)


def _add_probe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recipe", choices=RECIPES, help="training recipe (default: sprint)")
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="settings instead of a recipe: the config.json of a run, or - for standard input",
    )
    parser.add_argument(
        "--classes",
        type=integer(1),
        default=10,
        metavar="N",
        help="number of classes (default: 10)",
    )
    parser.add_argument("--batch-size", type=int, metavar="N", help="images per optimizer step")
    add_image_size(parser, None)
    add_device(parser, None)
    add_precision(parser)
    add_events(parser)


def _add_forecast(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--train-images",
        type=integer(1),
        metavar="N",
        help="training images of your own dataset (default: CIFAR-10)",
    )
    parser.add_argument(
        "--test-images", type=integer(0), metavar="N", help="number of test images (default: 0)"
    )
    parser.add_argument(
        "--validation-images",
        type=integer(1),
        metavar="N",
        help="validation images of its own (default: some training images are held out)",
    )
    parser.add_argument(
        "--none-images",
        type=integer(0),
        metavar="N",
        help="pictures of other things to train on (default: 0)",
    )
    parser.add_argument(
        "--classes", type=integer(1), metavar="N", help="number of classes (default: 10)"
    )
    add_image_size(parser, USUAL_SIDE)
    add_device(parser, "auto")
    add_events(parser)


def _add_devices(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--speeds", action="store_true", help="measure which precision is fastest in training"
    )
    add_events(parser)
