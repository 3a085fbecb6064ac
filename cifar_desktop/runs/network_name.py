"""The name of the network that a run started from."""

from pathlib import Path

from trainer.models.starting_point import BUNDLED
from trainer.runs.run_folder import RunFolder


def network_name(init: str) -> str:
    """What `TrainConfig.init` means, in words; empty for random weights."""
    if init in ("", BUNDLED):
        return "Built-in network" if init else ""
    path = Path(init)
    folder = RunFolder(path.parent)
    return folder.name if path == folder.model else path.stem
