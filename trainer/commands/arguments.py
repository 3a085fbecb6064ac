"""The arguments of every command; built by `cli`."""

import argparse
from collections.abc import Callable
from typing import get_args

from trainer.config.recipes import RECIPES
from trainer.config.train_config import DeviceName, Flip
from trainer.files.resources import version_of


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; `command` names the module to run."""
    parser = argparse.ArgumentParser(
        prog="cifar-trainer", description="Train image classifiers, judge them, and ask them."
    )
    version = f"%(prog)s {version_of()}"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_train(_command_parser(commands, "train", "train a network"))
    _add_evaluate(_command_parser(commands, "evaluate", "judge a network, or that of a run"))
    _add_predict(_command_parser(commands, "predict", "ask a network what pictures show"))
    _add_export(_command_parser(commands, "export", "write the network or the curves of a run"))
    _add_combine(_command_parser(commands, "combine", "let the networks of runs answer together"))
    _add_devices(_command_parser(commands, "devices", "try out which devices can train"))
    _add_inspect(_command_parser(commands, "inspect", "tell what a dataset holds"))
    _add_probe(_command_parser(commands, "probe", "time how fast a recipe trains"))
    _add_forecast(_command_parser(commands, "forecast", "tell what can be trained in which time"))
    recipes = _command_parser(commands, "recipes", "list the recipes")
    recipes.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _command_parser(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, about: str
) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=about, description=f"{about.capitalize()}.")


def _at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        found = int(text)
        if found < least:
            raise argparse.ArgumentTypeError(f"must be at least {least}")
        return found

    return number


def _minutes(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e6:
        raise argparse.ArgumentTypeError("must be a number above 0 and below a million")
    return number


def _seed(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**63:
        raise argparse.ArgumentTypeError("must be from 0 to 2**63 - 1")
    return number


def _add_train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recipe", choices=RECIPES, help="what to train (default: sprint)")
    parser.add_argument("--data", metavar="DIR|cifar10", help="what on (default: cifar10)")
    parser.add_argument("--out", metavar="RUN_DIR", help="folder for the run; must hold none yet")
    parser.add_argument("--resume", metavar="RUN_DIR", help="go on with a run that was stopped")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--epochs", type=int, metavar="N", help="passes over the training images")
    length.add_argument(
        "--minutes",
        type=_minutes,
        metavar="M",
        help="train the best that fits into M minutes, once the data are read",
    )
    parser.add_argument("--batch-size", type=int, metavar="N", help="images a step")
    parser.add_argument(
        "--hard-example-fraction",
        type=float,
        metavar="X",
        help="train on this share of each batch, the hardest images, as 0.5",
    )
    parser.add_argument("--learning-rate", type=float, metavar="X", help="of the main optimiser")
    parser.add_argument("--label-smoothing", type=float, metavar="X", help="from 0 to below 1")
    parser.add_argument(
        "--validation-images", type=int, metavar="N", help="images put aside to watch the run"
    )
    parser.add_argument("--seed", type=int, metavar="N", help="repeats a run exactly")
    parser.add_argument("--device", choices=get_args(DeviceName), help="where (default: auto)")
    parser.add_argument("--queue", action="store_true", help="wait for other runs on the device")
    parser.add_argument("--events", action="store_true", help="print events as lines of JSON")
    _add_augmentation(parser)
    _add_patience(parser)


def _add_augmentation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--flip", choices=get_args(Flip), help="mirror training images")
    parser.add_argument("--translate", type=int, metavar="N", help="shift them by up to N pixels")
    parser.add_argument("--cutout", type=int, metavar="N", help="blank out N by N pixels of them")
    parser.add_argument(
        "--zoom", type=float, metavar="X", help="change their size by up to X, as 0.2"
    )
    parser.add_argument(
        "--color-jitter", type=float, metavar="X", help="change their colours by up to X, as 0.2"
    )


def _add_patience(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--early-stopping",
        type=int,
        metavar="N",
        help="end after N epochs without a smaller validation loss; keep the best network",
    )
    parser.add_argument(
        "--plateau",
        type=int,
        metavar="N",
        help="lower the learning rates after N such epochs (to half, unless the recipe says "
        "otherwise), instead of evenly",
    )


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "model", metavar="MODEL|default|RUN_DIR", help="a model file, or the folder of a run"
    )
    parser.add_argument(
        "--data", metavar="DIR|cifar10", help="test images (default: cifar10, or the run's own)"
    )
    parser.add_argument("--device", choices=get_args(DeviceName), default="auto", help="where")
    parser.add_argument(
        "--report", metavar="FILE", help="write every answer beside its image, for the window"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--events", action="store_true", help="print events as lines of JSON")


def _add_predict(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL|default", help="a model file of this program")
    parser.add_argument("images", metavar="IMAGE|URL|FOLDER", nargs="+", help="pictures")
    parser.add_argument(
        "--top-k", type=_at_least(1), default=3, metavar="N", help="classes to show (3)"
    )
    parser.add_argument("--json", action="store_true", help="print a line of JSON for each picture")


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN_DIR|MODEL", help="a run, finished or not")
    parser.add_argument(
        "--format",
        choices=("safetensors", "tensorboard"),
        default="safetensors",
        help="the network as a model file (default), or the curves of a run for TensorBoard",
    )
    parser.add_argument("--out", metavar="FILE|DIR", required=True, help="what to write")
    parser.add_argument("--data", metavar="DIR|cifar10", help="the run's data, if they moved")
    parser.add_argument("--device", choices=get_args(DeviceName), default="cpu", help="where (cpu)")
    _add_events(parser)


def _add_combine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", metavar="RUN_DIR", nargs="+", help="finished runs, two or more")
    parser.add_argument("--out", metavar="FILE", required=True, help="the model file to write")
    parser.add_argument("--data", metavar="DIR|cifar10", help="the runs' data, if they moved")
    parser.add_argument("--device", choices=get_args(DeviceName), default="auto", help="where")
    _add_events(parser)


def _add_devices(parser: argparse.ArgumentParser) -> None:
    _add_events(parser)


def _add_inspect(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", metavar="DIR|cifar10", help="any form that `train` takes")
    parser.add_argument("--download", action="store_true", help="fetch cifar10 if it is not here")
    parser.add_argument(
        "--samples",
        type=_at_least(1),
        default=10,
        metavar="N",
        help="of each class, as events (10)",
    )
    parser.add_argument(
        "--seed", type=_seed, default=0, metavar="N", help="another one draws other samples (0)"
    )
    _add_events(parser)


def _add_probe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recipe", choices=RECIPES, help="what to time (default: sprint)")
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="settings: the config.json of a run, or what is inside; - reads them",
    )
    parser.add_argument(
        "--classes", type=_at_least(1), default=10, metavar="N", help="to tell apart"
    )
    parser.add_argument("--batch-size", type=int, metavar="N", help="images a step")
    parser.add_argument("--device", choices=get_args(DeviceName), help="where (default: auto)")
    _add_events(parser)


def _add_forecast(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--train-images",
        type=_at_least(1),
        metavar="N",
        help="of your own data (default: CIFAR-10)",
    )
    parser.add_argument("--test-images", type=_at_least(0), metavar="N", help="of them (0)")
    parser.add_argument("--classes", type=_at_least(1), metavar="N", help="of them (10)")
    parser.add_argument("--device", choices=get_args(DeviceName), default="auto", help="where")
    _add_events(parser)


def _add_events(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--events", action="store_true", help="print events as lines of JSON")
