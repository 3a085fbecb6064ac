"""Real training runs on a few generated images, optionally stopped at a given point."""

from pathlib import Path

from tests.trainer.tiny import tiny_dataset
from trainer.cancellation import CancelToken
from trainer.config.train_config import TrainConfig
from trainer.devices.device import Device
from trainer.devices.discovery import find_device
from trainer.errors import Cancelled
from trainer.events.base import Event
from trainer.runs.run_folder import RunFolder
from trainer.training.loop import train
from trainer.training.run import TrainingRun


class StopAfter(CancelToken):
    """Cancels after a number of checks; there is one before every micro-batch."""

    def __init__(self, checks: int) -> None:
        super().__init__()
        self._left = checks

    def check(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Cancelled


def run(
    folder: Path,
    config: TrainConfig,
    token: CancelToken | None = None,
    *,
    resume: bool = False,
    device: Device | None = None,
) -> list[Event]:
    events: list[Event] = []
    place = RunFolder(folder)
    if not resume:
        place.create(config, ("tiny",))
    train(
        TrainingRun(config, tiny_dataset(), device or find_device("cpu")),
        place,
        emit=events.append,
        token=token or CancelToken(),
        resume=resume,
        command="cifar-trainer train",
    )
    return events


def ignore(_event: Event) -> None:
    """Drop an event."""
