"""The program works without the parts of torch that packages leave out."""

import subprocess
import sys
from pathlib import Path

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
ABSENT = ("torch._dynamo.", "torch._inductor", "torch.onnx", "sympy", "mpmath", "jinja2")

PROGRAM = f"""
import runpy, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.startswith({ABSENT!r}):
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Absent())
runpy.run_path({str(PACKAGING / "without_compiler.py")!r})

from msgspec.structs import replace
import torch
from tests.trainer.tiny import tiny_config, tiny_dataset
from trainer.config.train_config import AdamSettings
from trainer.devices.discovery import find_device
from trainer.training.run import TrainingRun
from trainer.training.step import take_step

for config in (tiny_config(), replace(tiny_config(), optimizer=AdamSettings())):
    run = TrainingRun(config, tiny_dataset(), find_device("cpu"))
    take_step(run, *next(iter(run.batches.epoch(0))))
    run.require_finite()
    assert run.step == 1

store = torch.distributed.HashStore()
torch.distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
torch.distributed.destroy_process_group()

from tensorboardX import SummaryWriter
SummaryWriter(sys.argv[1]).close()
"""


def test_training_needs_no_compiler(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "board")]
    done = subprocess.run(
        command, cwd=PACKAGING.parent, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "board").is_dir()
