"""Remembers how fast modes are, in the cache folder, so that each is measured only once."""

import json
import logging
import os
from pathlib import Path

import torch

from trainer.config.image_size import USUAL_SIDE
from trainer.config.train_config import TrainConfig
from trainer.devices.cpu_info import processor_name, usable_cores
from trainer.devices.device import Device
from trainer.errors import StorageError
from trainer.files.atomic_write import write_atomically
from trainer.files.cache_dir import cache_folder
from trainer.files.json_decoding import decode_json

log = logging.getLogger(__name__)

BUSY_LOAD = 1.5
"""Load average per core, over a minute, that a trial alone does not reach."""

Record = dict[str, dict[str, float]]
"""Images per second by mode, by what they were measured for."""


def recall(config: TrainConfig, device: Device) -> dict[str, float] | None:
    """The speeds that were remembered; None if there are none."""
    return _read().get(_key(config, device))


def remember(config: TrainConfig, device: Device, speeds: dict[str, float]) -> None:
    """Keep speeds for the next time, unless the computer is too busy for them to be trusted."""
    if is_busy():
        return
    text = json.dumps(_read() | {_key(config, device): speeds}, indent=2)
    try:
        write_atomically(_path(), lambda file: file.write_text(text, encoding="utf-8"))
    except StorageError as error:
        log.info("%s", error)


def is_busy() -> bool:
    """Whether other programs use much of the processor; False where the system does not say."""
    if not hasattr(os, "getloadavg"):  # Windows
        return False
    return os.getloadavg()[0] > BUSY_LOAD * usable_cores()


def _key(config: TrainConfig, device: Device) -> str:
    where = (
        f"{processor_name()}, {usable_cores()} cores"
        if device.torch_device.type == "cpu"
        else device.title
    )
    widths = "-".join(map(str, config.widths))
    selects = ", hard examples" if config.hard_example_fraction < 1 else ""
    size = "" if config.image_size == USUAL_SIDE else f", {config.image_size} pixels"
    return f"{where}; torch {torch.__version__}; {config.architecture} {widths}{selects}{size}"


def _read() -> Record:
    try:
        return decode_json(_path().read_bytes(), Record)
    except (OSError, ValueError):
        return {}


def _path() -> Path:
    return cache_folder() / "compute-modes.json"
