"""`cifar-trainer recipes`: what can be trained; needs no torch."""

import argparse
import json
from dataclasses import asdict

from trainer.cancellation import CancelToken
from trainer.config.recipes import RECIPES, why_unavailable


def run(options: argparse.Namespace, _token: CancelToken) -> int:
    """List the recipes."""
    for name, make in RECIPES.items():
        config, reason = make(), why_unavailable(name)
        if options.json:
            told = {"name": name, "about": make.__doc__, "unavailable": reason}
            print(json.dumps({**told, **asdict(config)}))
        else:
            print(f"{name:10} {make.__doc__} ({config.epochs} epochs)")
            if reason:
                print(f"{'':10} Cannot be used: {reason}")
    return 0
