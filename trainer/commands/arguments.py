"""The arguments of every command, for `trainer.cli`."""

import argparse
import shlex
import sys
from collections.abc import Callable
from typing import get_args

from trainer.commands.augmentation_arguments import add_augmentation
from trainer.config.image_size import LARGEST_SIDE, SMALLEST_SIDE, USUAL_SIDE
from trainer.config.recipes import RECIPES
from trainer.config.train_config import DeviceName, PrecisionName
from trainer.files.resources import version_of
from trainer.models.model_file import Weights

DATA = "DIR|cifar10"


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


def _integer(least: int, most: int | None = None) -> Callable[[str], int]:
    def integer(text: str) -> int:
        number = int(text)
        if number < least:
            raise argparse.ArgumentTypeError(f"must be at least {least}")
        if most is not None and number > most:
            raise argparse.ArgumentTypeError(f"must be at most {most}")
        return number

    return integer


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
    _add_data(
        parser,
        "folder of the dataset, or cifar10 (default: cifar10); more than once, to train on the "
        "pictures of several with the classes of the first",
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
    _add_device(parser, None)
    parser.add_argument("--queue", action="store_true", help="wait until the device is free")
    _add_events(parser)
    _add_settings(parser)
    add_augmentation(parser)


def _add_settings(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("settings", "The default is the value in the recipe.")
    _add_image_size(group, None)
    group.add_argument("--batch-size", type=int, metavar="N", help="images per optimizer step")
    group.add_argument(
        "--learning-rate", type=float, metavar="X", help="learning rate of the main optimizer"
    )
    group.add_argument(
        "--label-smoothing", type=float, metavar="X", help="label smoothing, at least 0 and below 1"
    )
    group.add_argument(
        "--hard-example-fraction",
        type=float,
        metavar="X",
        help="train only on the hardest examples, this fraction of each batch, 0.1 to 1",
    )
    group.add_argument(
        "--validation-images", type=int, metavar="N", help="images held out for validation"
    )
    group.add_argument(
        "--init",
        metavar="NETWORK",
        help="start from the weights of a model file, a finished run or the bundled network "
        "(default), and with its architecture",
    )
    group.add_argument(
        "--balance",
        type=float,
        metavar="X",
        help="show rare classes and sources more often, from 0 (all images alike) to 1 (all "
        "classes of all sources alike)",
    )
    group.add_argument(
        "--none-fraction",
        type=float,
        metavar="X",
        help="share of each batch that are pictures of other things, from folders named none",
    )
    group.add_argument(
        "--none-weight", type=float, metavar="X", help="weight of the loss of such a picture"
    )
    group.add_argument(
        "--early-stopping",
        type=int,
        metavar="N",
        help="stop after N epochs without a lower validation loss, and keep the best network",
    )
    group.add_argument(
        "--reduce-on-plateau",
        type=int,
        metavar="N",
        help="reduce the learning rate after N epochs without a lower validation loss, instead of "
        "decaying it linearly",
    )
    _add_precision(group)
    group.add_argument(
        "--seed",
        type=int,
        metavar="N",
        help="seed for all random numbers; the same seed reproduces the run",
    )


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model",
        metavar="MODEL|RUN_DIR|default",
        help="model file, folder of a run, or default for the bundled network",
    )
    _add_data(parser, "dataset (default: those of the run, otherwise cifar10)")
    _add_device(parser, "auto")
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
    _add_events(output)


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
    _add_data(parser, "dataset of an unfinished run, if it was moved")
    parser.add_argument(
        "--top-k",
        type=_integer(1),
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
    _add_data(parser, "dataset of the run, if it was moved")
    _add_device(parser, "cpu")
    _add_events(parser)


def _add_combine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", metavar="RUN_DIR", nargs="+", help="finished runs, at least two")
    parser.add_argument("--out", metavar="FILE", required=True, help="model file to write")
    _add_data(parser, "dataset of the runs, if it was moved")
    _add_device(parser, "auto")
    _add_events(parser)


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
        type=_integer(1),
        default=10,
        metavar="N",
        help="sample images per class in the events (default: 10)",
    )
    parser.add_argument(
        "--seed",
        type=_integer(0, 2**63 - 1),
        default=0,
        metavar="N",
        help="seed for choosing the samples (default: 0)",
    )
    _add_image_size(parser, USUAL_SIDE)
    _add_events(parser)


def _add_probe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recipe", choices=RECIPES, help="training recipe (default: sprint)")
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="settings instead of a recipe: the config.json of a run, or - for standard input",
    )
    parser.add_argument(
        "--classes",
        type=_integer(1),
        default=10,
        metavar="N",
        help="number of classes (default: 10)",
    )
    parser.add_argument("--batch-size", type=int, metavar="N", help="images per optimizer step")
    _add_image_size(parser, None)
    _add_device(parser, None)
    _add_precision(parser)
    _add_events(parser)


def _add_forecast(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--train-images",
        type=_integer(1),
        metavar="N",
        help="training images of your own dataset (default: CIFAR-10)",
    )
    parser.add_argument(
        "--test-images", type=_integer(0), metavar="N", help="number of test images (default: 0)"
    )
    parser.add_argument(
        "--none", action="store_true", help="there are pictures of other things to train on, too"
    )
    parser.add_argument(
        "--validation-images",
        type=_integer(1),
        metavar="N",
        help="validation images of its own (default: some training images are held out)",
    )
    parser.add_argument(
        "--classes", type=_integer(1), metavar="N", help="number of classes (default: 10)"
    )
    _add_image_size(parser, USUAL_SIDE)
    _add_device(parser, "auto")
    _add_events(parser)


def _add_devices(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--speeds", action="store_true", help="measure which precision is fastest in training"
    )
    _add_events(parser)


def _add_data(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--data", metavar=DATA, action="append", help=text)


def _add_device(parser: argparse.ArgumentParser, default: DeviceName | None) -> None:
    parser.add_argument(
        "--device",
        choices=get_args(DeviceName),
        default=default,
        help=f"device to use (default: {default or 'auto'})",
    )


def _add_image_size(parser: argparse._ActionsContainer, default: int | None) -> None:
    parser.add_argument(
        "--image-size",
        type=int,
        default=default,
        metavar="N",
        help=f"resize images to N x N pixels, {SMALLEST_SIDE} to {LARGEST_SIDE} "
        f"(default: {USUAL_SIDE})",
    )


def _add_precision(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--precision",
        choices=get_args(PrecisionName),
        help="number format of convolutions (default: auto, whichever is fastest here)",
    )


def _add_events(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--events", action="store_true", help="print events as JSON lines")
