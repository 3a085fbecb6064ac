"""`cifar-trainer`: train, evaluate, predict, recipes.

Exit codes: 0 done, 1 failed with a one-line reason on stderr, 2 wrong usage, 130 stopped by the
person. Torch is imported by the commands that need it, so that `--help` is quick.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module, metadata
from types import FrameType
from typing import get_args

from trainer.cancel import CancelToken
from trainer.config import RECIPES, DeviceName
from trainer.errors import Cancelled, ConfigError, TrainerError

DONE, FAILED, WRONG_USAGE, STOPPED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as stop:
        return WRONG_USAGE if stop.code else DONE
    # Threads that spin while they wait cost a busy machine half of its speed, and an idle one
    # gains nothing by them. OpenMP reads this when torch is imported.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    token = CancelToken()
    _stop_on_signals(token)
    try:
        return _command(options)(options, token)
    except BrokenPipeError:
        # The reader had enough; Python must not complain about it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except ConfigError as error:
        return _say(error, WRONG_USAGE)
    except (Cancelled, KeyboardInterrupt) as error:
        return _say(error, STOPPED)
    except TrainerError as error:
        return _say(error, FAILED)


def _command(options: argparse.Namespace) -> Callable[[argparse.Namespace, CancelToken], int]:
    module = import_module(f"trainer.commands.{options.command}")
    run: Callable[[argparse.Namespace, CancelToken], int] = module.run
    return run


def _say(error: BaseException, code: int) -> int:
    print(f"cifar-trainer: {str(error) or 'Stopped.'}", file=sys.stderr)
    return code


def _stop_on_signals(token: CancelToken) -> None:
    def stop(number: int, _frame: FrameType | None) -> None:
        # The second time nothing is worth waiting for.
        signal.signal(number, signal.SIG_DFL)
        token.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cifar-trainer", description="Train image classifiers, judge them, and ask them."
    )
    version = metadata.version("cifar-desktop")
    parser.add_argument("--version", action="version", version=f"%(prog)s {version}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_train(commands.add_parser("train", help="train a network"))
    _add_evaluate(commands.add_parser("evaluate", help="judge a network on test images"))
    _add_predict(commands.add_parser("predict", help="ask a network what pictures show"))
    recipes = commands.add_parser("recipes", help="list the recipes")
    recipes.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _add_train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recipe", choices=RECIPES, help="what to train (default: sprint)")
    parser.add_argument("--data", metavar="DIR|cifar10", help="what on (default: cifar10)")
    parser.add_argument("--out", metavar="RUN_DIR", help="folder for the run; must hold none yet")
    parser.add_argument("--resume", metavar="RUN_DIR", help="go on with a run that was stopped")
    parser.add_argument("--epochs", type=int, metavar="N", help="passes over the training images")
    parser.add_argument("--batch-size", type=int, metavar="N", help="images a step")
    parser.add_argument("--learning-rate", type=float, metavar="X", help="of the main optimiser")
    parser.add_argument("--label-smoothing", type=float, metavar="X", help="from 0 to below 1")
    parser.add_argument(
        "--validation-images", type=int, metavar="N", help="images put aside to watch the run"
    )
    parser.add_argument("--seed", type=int, metavar="N", help="repeats a run exactly")
    parser.add_argument("--device", choices=get_args(DeviceName), help="where (default: auto)")
    parser.add_argument("--events", action="store_true", help="print events as lines of JSON")


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL|default", help="a model file of this program")
    parser.add_argument("--data", metavar="DIR|cifar10", default="cifar10", help="test images")
    parser.add_argument("--device", choices=get_args(DeviceName), default="auto", help="where")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _add_predict(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL|default", help="a model file of this program")
    parser.add_argument("images", metavar="IMAGE|URL|FOLDER", nargs="+", help="pictures")
    parser.add_argument(
        "--top-k", type=_positive, default=3, metavar="N", help="classes to show (3)"
    )
    parser.add_argument("--json", action="store_true", help="print a line of JSON for each picture")
