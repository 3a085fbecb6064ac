"""`cifar-trainer recipes`: the training recipes; needs no torch."""

import argparse
import json

import msgspec

from trainer.cancellation import CancelToken
from trainer.config.recipes import RECIPES, why_unavailable


def run(options: argparse.Namespace, _token: CancelToken) -> int:
    """List the recipes."""
    for name, make in RECIPES.items():
        config, reason = make(), why_unavailable(name)
        if options.json:
            entry = {"name": name, "description": make.__doc__, "unavailable": reason}
            print(json.dumps({**entry, **msgspec.to_builtins(config)}))
        else:
            summary = (make.__doc__ or "").rstrip(".")
            print(f"{name:10} {summary} ({config.epochs} epochs)")
            if reason:
                print(f"{'':10} Unavailable: {reason}")
    return 0
