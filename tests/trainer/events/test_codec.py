"""Events as lines: every kind survives encoding, and anything else is an error."""

import json

import pytest

from trainer.events.base import PROTOCOL_VERSION, EventError
from trainer.events.codec import EVENTS, from_line, to_line
from trainer.events.run_events import CheckpointSaved, Message

EXAMPLES: dict[str, dict[str, object]] = {
    "preparing": {"what": "Reading images", "done": 3, "total": None},
    "run_started": {
        "recipe": "sprint", "data": "Zoë", "device": "CPU", "train_images": 1,
        "validation_images": 1, "test_images": 1, "classes": ["a", "b"], "parameters": 1,
        "epochs": 1, "steps": 1, "first_step": 0, "batch_size": 2, "memory": None,
        "sources": [{"name": "Zoë", "place": "/Zoë", "train_images": 1, "none_images": 3}],
        "none_counts": [3, 2, 1],
    },
    "waiting": {"device": "CPU (bfloat16)"},
    "epoch_started": {"epoch": 1},
    "progress": {
        "epoch": 1, "step": 1, "steps": 2, "loss": 0.5, "accuracy": 0.5,
        "images_per_second": 10.0, "learning_rate": 0.1, "seconds_left": 2.0,
        "memory": 1_000_000,
    },
    "epoch_finished": {
        "epoch": 1, "train_loss": 0.5, "train_accuracy": 0.5, "validation_loss": 0.5,
        "validation_accuracy": 0.5, "learning_rate": 0.1, "seconds": 1.0,
        "images_per_second": 10.0,
    },
    "checkpoint_saved": {"step": 1, "path": "x/checkpoint.pt"},
    "message": {"level": "warning", "text": "Zwölf\nZeilen"},
    "run_finished": {"model": "x/model.safetensors", "figures": {"accuracy": 0.9}, "seconds": 1.0},
    "run_failed": {"reason": "Stopped.", "stopped": True, "resumable": True},
    "device_tested": {
        "device": "cuda", "title": "A GPU", "precision": "", "works": False,
        "reason": "It has no kernel.", "memory": 8_000_000_000, "automatic": False,
        "speeds": {"float32, NCHW": 300.5, "bfloat16, channels last": 800.0},
    },
    "dataset_inspected": {
        "data": "pets", "classes": ["cat", "dog"], "train_counts": [3, 4], "test_counts": [1, 2],
        "unreadable": ["cat/x.png: damaged"], "unreadable_count": 1, "image_size": 32,
        "sampled_classes": 2, "samples_per_class": 10, "samples": "AAAA", "seed": 1,
        "smallest": [32, 24], "largest": [4032, 3024], "means": "AAAA",
        "duplicates": ["test/cat/1.png is identical to train/cat/3.png"],
        "duplicate_count": 1, "validation_counts": [1, 0],
        "notes": [
            {"severity": "warning", "text": "Not used.", "names": ["extra/x.png"], "more": 2},
        ],
        "sources": [
            {"name": "pets", "place": "/pets", "train_images": 7, "none_images": 0},
            {"name": "more", "place": "/more", "train_images": 0, "none_images": 3},
        ],
        "none_counts": [3, 0, 1], "none_samples": "AAAA", "none_mean": "AAAA",
    },
    "dataset_not_downloaded": {"data": "cifar10", "size": 170_052_171},
    "speed_measured": {
        "device": "CPU (bfloat16)", "image_seconds": 0.001, "step_seconds": 0.1,
        "forward_seconds": 0.0003,
    },
    "forecast": {
        "device": "CPU (bfloat16)",
        "minutes": [1, 60],
        "recipes": ["sprint", "best"],
        "epochs": [1, 12],
        "seconds": [50.5, 3300.0],
        "accuracies": [0.8, None],
        "speeds": {
            "sprint": {
                "event": "speed_measured", "version": PROTOCOL_VERSION, "time": 1.0,
                "device": "CPU (bfloat16)", "image_seconds": 0.001, "step_seconds": 0.1,
                "forward_seconds": 0.0003,
            },
        },
    },
    "evaluated": {"report": "x/report.safetensors"},
    "exported": {"path": "x/model.safetensors", "epoch": 2.5, "content": "network"},
    "command_failed": {"reason": "There is no such folder.", "details": ""},
}  # fmt: skip


def test_there_is_an_example_of_every_event() -> None:
    assert EXAMPLES.keys() == EVENTS.keys()


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_survives_encoding(name: str) -> None:
    line = json.dumps({"event": name, "version": PROTOCOL_VERSION, "time": 1.5, **EXAMPLES[name]})
    event = from_line(line)
    assert type(event) is EVENTS[name]
    again = to_line(event)
    assert "\n" not in again
    assert from_line(again) == event
    assert json.loads(again) == json.loads(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Loading images...",
        "[]",
        "3",
        '{"event": "dance", "version": 3}',
        '{"event": "epoch_started", "version": 3, "time": 1}',
        '{"event": "epoch_started", "version": 3, "time": 1, "epoch": 1, "more": 2}',
        '{"event": "epoch_started", "time": 1, "epoch": 1}',
        '{"event": ["x"], "version": 3}',
        '{"event": "epoch_started", "version": 3, "epoch": 1}',
        '{"event": "epoch_started", "version": 3, "time": 1, "epoch": true}',
        '{"event": "epoch_started", "version": 3, "time": 1, "epoch": 1.5}',
        '{"event": "epoch_started", "version": 3, "time": "noon", "epoch": 1}',
        '{"event": "message", "version": 3, "time": 1, "level": "loud", "text": ""}',
        '{"event": "epoch_started", "version": 3, "time": 1, "epoch": ' + "[" * 900,
        to_line(CheckpointSaved(time=1.0, step=1, path="x"))[:-5],
    ],
)
def test_any_other_line_is_an_error_with_the_line_as_details(line: str) -> None:
    with pytest.raises(EventError) as caught:
        from_line(line)
    assert caught.value.details == line


def test_another_version_is_named() -> None:
    line = to_line(Message(level="info", text="hello")).replace('"version": 3', '"version": 1')
    with pytest.raises(EventError, match="version 1"):
        from_line(line)
