"""The training table: a row per epoch, and no progress bar without a terminal."""

import pytest

from trainer.commands.console import TrainingTable
from trainer.events.run_events import (
    EpochFinished,
    Message,
    Preparing,
    Progress,
    RunFinished,
    RunStarted,
)

STARTED = RunStarted(
    recipe="sprint", data="cifar10", device="CPU (bfloat16)", train_images=48_000,
    validation_images=2_000, test_images=10_000, classes=("cat", "dog"), parameters=1_972_792,
    epochs=2, steps=48, first_step=24, batch_size=2_000, memory=None,
)  # fmt: skip
EPOCH = EpochFinished(
    epoch=2, train_loss=1.25, train_accuracy=0.5, validation_loss=0.75, validation_accuracy=0.625,
    learning_rate=0.1, seconds=12.5, images_per_second=850.4,
)  # fmt: skip
FINISHED = RunFinished(
    model="run/model.safetensors", seconds=442,
    figures={"accuracy": 0.9366, "accuracy_single": 0.9296, "accuracy_tta": 0.9387, "ece": 0.008},
)  # fmt: skip


def test_a_run_is_shown_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    table = TrainingTable()
    table(Preparing(what="Reading images", done=10, total=100))
    table(STARTED)
    table(
        Progress(
            epoch=2, step=30, steps=48, loss=1.2, accuracy=0.5, images_per_second=800.0,
            learning_rate=0.1, seconds_left=20.0, memory=None,
        )
    )  # fmt: skip
    table(EPOCH)
    table(Message(level="warning", text="The batch was halved."))
    table(FINISHED)
    output = capsys.readouterr()
    lines = output.out.splitlines()
    assert "48,000 training" in lines[0]
    assert lines[1] == "Resuming at step 24 of 48."
    assert lines[3].split() == ["2/2", "1.2500", "50.00%", "0.7500", "62.50%", "850", "12.5"]
    assert lines[4] == "The batch was halved."
    assert "93.66%" in lines[5]
    assert lines[6].endswith("run/model.safetensors")
    assert output.err == ""
