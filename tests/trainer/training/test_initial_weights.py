"""Runs that start from the weights of another network."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from msgspec import structs

from tests.trainer.small_runs import run
from tests.trainer.tiny import CLASSES, tiny_config, tiny_dataset
from trainer.data.dataset import Dataset, Split
from trainer.data.normalization import normalize
from trainer.devices.discovery import find_device
from trainer.errors import CheckpointError, ConfigError, ModelFileError
from trainer.events.run_events import Message
from trainer.models.ensemble import Ensemble
from trainer.models.model_file import load_model, save_model
from trainer.models.network import Network
from trainer.models.starting_point import starting_from
from trainer.runs.run_folder import RunFolder
from trainer.training.initial_weights import load_initial_weights
from trainer.training.run import TrainingRun


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run."""
    folder = tmp_path_factory.mktemp("runs") / "first"
    run(folder, tiny_config(epochs=4))
    return folder


def started(dataset: Dataset, name: str) -> tuple[TrainingRun, str]:
    new = TrainingRun(starting_from(tiny_config(seed=5), name), dataset, find_device("cpu"))
    return new, load_initial_weights(new)


def logits(network: Network, images: torch.Tensor, run: TrainingRun) -> torch.Tensor:
    with torch.inference_mode():
        result: torch.Tensor = network.eval()(normalize(images, run.mean, run.std))
    return result


def brighter(dataset: Dataset) -> Dataset:
    """The same classes in images of other brightness, and so with other channel statistics."""
    train = Split(images=dataset.train.images // 2 + 90, labels=dataset.train.labels)
    return replace(dataset, train=train)


def test_the_first_prediction_is_that_of_the_other_network(trained: Path) -> None:
    dataset = brighter(tiny_dataset())
    new, sentence = started(dataset, str(trained))
    old, card = load_model(trained / "model.safetensors")
    images = dataset.test.images
    with torch.inference_mode():
        expected = old(normalize(images, card.mean, card.std))
    assert card.mean != new.mean
    assert torch.allclose(logits(new.network, images, new), expected, atol=1e-3)
    assert sentence == "Training starts from the weights of model.safetensors."


def test_the_last_layer_is_sorted_by_the_classes_of_the_run(trained: Path) -> None:
    dataset = tiny_dataset()
    turned = replace(
        dataset,
        classes=CLASSES[::-1],
        train=replace(dataset.train, labels=2 - dataset.train.labels),
        test=replace(dataset.test, labels=2 - dataset.test.labels),
    )
    new, _ = started(turned, str(trained))
    right = logits(new.network, turned.test.images, new).argmax(1) == turned.test.labels
    assert right.double().mean() > 0.8


def test_other_classes_get_a_new_last_layer(trained: Path) -> None:
    dataset = replace(tiny_dataset(), classes=("ant", "bee", "fly"))
    new, sentence = started(dataset, str(trained))
    old, _ = load_model(trained / "model.safetensors")
    weights, own = old.state_dict(), new.network.state_dict()
    assert not torch.equal(weights["head.weight"], own["head.weight"])
    assert torch.equal(weights["groups.0.conv1.weight"], own["groups.0.conv1.weight"])
    assert "its last layer is new" in sentence


def test_more_classes_fit_as_well(trained: Path) -> None:
    labels = torch.arange(120) % 5
    dataset = tiny_dataset()
    train = Split(images=dataset.train.images, labels=labels)
    test = Split(images=dataset.test.images, labels=labels[:30])
    new, _ = started(replace(dataset, train=train, test=test, classes=tuple("abcde")), str(trained))
    assert logits(new.network, dataset.test.images, new).shape == (30, 5)


def test_of_an_ensemble_the_first_member_is_taken(trained: Path, tmp_path: Path) -> None:
    single, card = load_model(trained / "model.safetensors")
    other = TrainingRun(tiny_config(seed=9), tiny_dataset(), find_device("cpu")).network
    path = tmp_path / "pair.safetensors"
    save_model(path, Ensemble([single, other]), structs.replace(card, members=2))
    new, sentence = started(tiny_dataset(), str(path))
    weights = new.network.state_dict()
    assert torch.equal(weights["head.weight"], single.state_dict()["head.weight"])
    assert "the first of its 2 members" in sentence


def test_training_goes_on_from_there(trained: Path, tmp_path: Path) -> None:
    config = starting_from(tiny_config(epochs=1, learning_rate=0.01), str(trained))
    events = run(tmp_path / "second", config)
    assert isinstance(events[0], Message)
    finished = RunFolder(tmp_path / "second").model
    assert load_model(finished)[1].figures["accuracy"] > 0.8


def test_a_resumed_run_no_longer_needs_the_other_network(trained: Path, tmp_path: Path) -> None:
    network, card = load_model(trained / "model.safetensors")
    path = tmp_path / "start.safetensors"
    save_model(path, network, card)
    new, _ = started(tiny_dataset(), str(path))
    state = new.state_dict()
    path.unlink()
    again = TrainingRun(new.config, tiny_dataset(), find_device("cpu"))
    again.load_state_dict(state)
    assert torch.equal(again.network.state_dict()["head.weight"], state.network["head.weight"])


def test_another_architecture_is_refused(trained: Path) -> None:
    config = structs.replace(
        tiny_config(), init=str(trained / "model.safetensors"), widths=(4, 4, 4)
    )
    new = TrainingRun(config, tiny_dataset(), find_device("cpu"))
    with pytest.raises(ConfigError, match="cannot start from it"):
        load_initial_weights(new)


def test_its_architecture_is_taken_over(trained: Path) -> None:
    config = starting_from(structs.replace(tiny_config(), widths=(64, 256, 256)), str(trained))
    assert (config.architecture, config.widths) == ("sprint-net", (8, 8, 8))
    assert Path(config.init).is_absolute()
    assert starting_from(config, "").init == ""


def test_what_is_no_network_is_said_before_anything_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError):
        starting_from(tiny_config(), str(tmp_path / "missing.safetensors"))
    RunFolder(tmp_path / "run").create(tiny_config(), ("tiny",))
    with pytest.raises(CheckpointError, match="not finished"):
        starting_from(tiny_config(), str(tmp_path / "run"))
    with pytest.raises(CheckpointError):
        starting_from(tiny_config(), str(tmp_path))
