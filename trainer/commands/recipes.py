"""`cifar-trainer recipes`: what can be trained; needs no torch."""

import argparse
import json
from dataclasses import asdict

from trainer.cancel import CancelToken
from trainer.config import RECIPES


def run(options: argparse.Namespace, _token: CancelToken) -> int:
    """List the recipes."""
    for name, make in RECIPES.items():
        config = make()
        if options.json:
            print(json.dumps({"name": name, "about": make.__doc__, **asdict(config)}))
        else:
            print(f"{name:10} {make.__doc__} ({config.epochs} epochs)")
    return 0
