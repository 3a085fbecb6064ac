"""The classic networks: built as described, trained, stopped, resumed and saved."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from msgspec.structs import replace
from safetensors.torch import load_file
from torch import Tensor, nn

from tests.trainer.small_runs import StopAfter, run
from tests.trainer.tiny import draw, same, tiny_card, tiny_dataset
from trainer.config.augmentation import Augmentation
from trainer.config.recipes import recipe
from trainer.config.train_config import AdamSettings, TrainConfig
from trainer.devices.discovery import find_device
from trainer.errors import Cancelled
from trainer.evaluation.evaluate import evaluate
from trainer.events.run_events import EpochFinished, RunFinished
from trainer.models.model_file import load_model, save_model
from trainer.models.network import Network
from trainer.models.registry import build
from trainer.training.run import TrainingRun
from trainer.training.step import take_step

NARROW = {
    "simple-cnn": (4, 8, 8),
    "keras-cnn": (4, 8, 8, 8),
    "vgg-bn": (4, 8, 8),
    "deep-cnn": (4, 8, 8, 8),
}
"""Widths that train quickly."""

LAYERS = {
    # Three times convolution, pooling, dropout; a dense layer, dropout; one output per class.
    "simple-cnn": """
        conv 3 48, relu, pool, dropout 0.2, conv 48 96, relu, pool, dropout 0.2,
        conv 96 192, relu, pool, dropout 0.2,
        flatten, dense 3072 128, relu, dropout 0.5, dense 128 10
    """,
    # Four times convolution, pooling, dropout, batch norm; three dense layers, each with dropout
    # and batch norm; one output per class.
    "keras-cnn": """
        conv 3 32, relu, pool, dropout 0.2, norm 32, conv 32 64, relu, pool, dropout 0.2, norm 64,
        conv 64 128, relu, pool, dropout 0.2, norm 128,
        conv 128 256, relu, pool, dropout 0.2, norm 256,
        flatten, dense 1024 256, relu, dropout 0.3, norm 256, dense 256 128, relu, dropout 0.3,
        norm 128, dense 128 64, relu, dropout 0.3, norm 64, dense 64 10
    """,
    # Stages of one, two and two convolutions, each with batch norm; pooling and dropout per stage.
    "vgg-bn": """
        conv 3 64, pool, norm 64, relu, dropout 0.1,
        conv 64 128, norm 128, relu, conv 128 128, pool, norm 128, relu, dropout 0.2,
        conv 128 256, norm 256, relu, conv 256 256, pool, norm 256, relu, dropout 0.3,
        flatten, dense 4096 10
    """,
    # The same with a fourth stage of three convolutions, and a dense layer before the last.
    "deep-cnn": """
        conv 3 64, pool, norm 64, relu, dropout 0.1,
        conv 64 128, norm 128, relu, conv 128 128, pool, norm 128, relu, dropout 0.2,
        conv 128 256, norm 256, relu, conv 256 256, pool, norm 256, relu, dropout 0.2,
        conv 256 256, norm 256, relu, conv 256 256, norm 256, relu,
        conv 256 256, pool, norm 256, relu, dropout 0.3,
        flatten, dense 1024 256, norm 256, relu, dropout 0.3, dense 256 10
    """,
}

PARAMETERS = {
    # Weights and one bias per output: first 3x3 filters, then dense layers.
    "simple-cnn": (3 * 9 + 1) * 48 + (48 * 9 + 1) * 96 + (96 * 9 + 1) * 192
    + (192 * 4 * 4 + 1) * 128 + (128 + 1) * 10,
    # Likewise, plus scale and bias for each channel or output with batch norm.
    "keras-cnn": (3 * 9 + 1 + 2) * 32 + (32 * 9 + 1 + 2) * 64 + (64 * 9 + 1 + 2) * 128
    + (128 * 9 + 1 + 2) * 256
    + (256 * 2 * 2 + 1 + 2) * 256 + (256 + 1 + 2) * 128 + (128 + 1 + 2) * 64 + (64 + 1) * 10,
    # Layers followed by batch norm need no bias.
    "vgg-bn": (3 * 9 + 2) * 64 + (64 * 9 + 2) * 128 + (128 * 9 + 2) * 128
    + (128 * 9 + 2) * 256 + (256 * 9 + 2) * 256
    + (256 * 4 * 4 + 1) * 10,
    "deep-cnn": (3 * 9 + 2) * 64 + (64 * 9 + 2) * 128 + (128 * 9 + 2) * 128
    + (128 * 9 + 2) * 256 + 4 * (256 * 9 + 2) * 256
    + (256 * 2 * 2 + 2) * 256 + (256 + 1) * 10,
}  # fmt: skip

WORDS: dict[type[nn.Module], Callable[..., str]] = {
    nn.Conv2d: lambda each: f"conv {each.in_channels} {each.out_channels}",
    nn.ReLU: lambda _: "relu",
    nn.MaxPool2d: lambda _: "pool",
    nn.BatchNorm1d: lambda each: f"norm {each.num_features}",
    nn.BatchNorm2d: lambda each: f"norm {each.num_features}",
    nn.Dropout: lambda each: f"dropout {each.p}",
    nn.Flatten: lambda _: "flatten",
    nn.Linear: lambda each: f"dense {each.in_features} {each.out_features}",
}

every_classic = pytest.mark.parametrize("name", NARROW)


def in_order(network: Network) -> list[str]:
    """Descriptions of the layers, in the order in which they run."""
    called: list[str] = []
    for each in network.modules():
        if type(each) in WORDS:
            each.register_forward_hook(lambda layer, *_: called.append(WORDS[type(layer)](layer)))
        else:
            assert not list(each.parameters(recurse=False))
    network.eval()(torch.zeros(1, 3, 32, 32))
    return called


def full_size(name: str) -> Network:
    config = recipe(name)
    return build(config.architecture, 10, config.widths)


def small(name: str, **changes: object) -> TrainConfig:
    base = replace(recipe(name), widths=NARROW[name], epochs=2, batch_size=32, micro_batch_size=16)
    return base.with_changes({"validation_images": 24, "device": "cpu", **changes})


@every_classic
def test_the_layers_match_the_description(name: str) -> None:
    assert in_order(full_size(name)) == [each.strip() for each in LAYERS[name].split(",")]


@every_classic
def test_the_number_of_parameters_follows_from_the_layers(name: str) -> None:
    network = full_size(name)
    assert sum(each.numel() for each in network.parameters()) == PARAMETERS[name]
    assert all(each.requires_grad for each in network.parameters())


@every_classic
def test_filters_are_three_by_three_and_poolings_halve(name: str) -> None:
    for layer in full_size(name).modules():
        if isinstance(layer, nn.Conv2d):
            assert (layer.kernel_size, layer.stride, layer.padding) == ((3, 3), (1, 1), "same")
        if isinstance(layer, nn.MaxPool2d):
            assert (layer.kernel_size, layer.stride) == (2, 2)


def test_the_recipes_train_as_their_authors_did() -> None:
    plain = Augmentation(flip="none", translate=0)
    for name in NARROW:
        config = recipe(name)
        assert isinstance(config.optimizer, AdamSettings)
        assert (config.label_smoothing == 0) == (name in ("simple-cnn", "keras-cnn"))
        assert (config.optimizer.weight_decay == 0) == (name in ("simple-cnn", "keras-cnn"))
        assert (config.augmentation == plain) == (name in ("simple-cnn", "keras-cnn"))
        assert (config.early_stopping is not None) == (name == "deep-cnn")
        assert (config.reduce_on_plateau is not None) == (name == "deep-cnn")


@every_classic
def test_a_step_updates_all_parameters(name: str) -> None:
    state = TrainingRun(small(name), tiny_dataset(), find_device("cpu"))
    before = {key: each.clone() for key, each in state.network.named_parameters()}
    take_step(state, *next(iter(state.batches.epoch(0))))
    for key, each in state.network.named_parameters():
        assert not each.equal(before[key]), key
        assert each.isfinite().all(), key


@every_classic
def test_a_resumed_run_gives_the_same_weights(name: str, tmp_path: Path) -> None:
    config = small(name)
    events = run(tmp_path / "unbroken", config)
    assert isinstance(events[-1], RunFinished)
    expected = load_file(tmp_path / "unbroken/model.safetensors")
    # Before the first step, within a step, between two steps, and in the second epoch.
    for questions in (0, 1, 4, 10):
        folder = tmp_path / str(questions)
        with pytest.raises(Cancelled):
            run(folder, config, StopAfter(questions))
        torch.rand(7)  # dropout must not draw other numbers after whatever happens in between
        run(folder, config, resume=True)
        assert same(expected, load_file(folder / "model.safetensors")), questions


@every_classic
def test_it_learns(name: str, tmp_path: Path) -> None:
    events = run(tmp_path, small(name, epochs=16, early_stopping=None))
    epochs = [event for event in events if isinstance(event, EpochFinished)]
    assert epochs[-1].train_loss < 0.8 * epochs[0].train_loss


@every_classic
def test_the_model_file_gives_the_same_predictions(name: str, tmp_path: Path) -> None:
    state = TrainingRun(small(name, epochs=20), tiny_dataset(), find_device("cpu"))
    for epoch in range(20):
        for images, labels in state.batches.epoch(epoch):
            take_step(state, images, labels)
    test, widths = draw(30, 2), NARROW[name]
    card = tiny_card(architecture=recipe(name).architecture, widths=widths, temperature=1.0)

    def answers(network: Network) -> Tensor:
        return evaluate(network, card, test.images, test.labels).probabilities

    expected = answers(state.network.eval())
    assert (expected[0] - expected[1]).abs().max() > 0.1
    assert expected.sum(1) == pytest.approx(torch.ones(30))

    save_model(tmp_path / "once", state.network, card)
    once, _ = load_model(tmp_path / "once")
    # Weights are stored in half precision.
    assert answers(once) == pytest.approx(expected, abs=0.005)

    save_model(tmp_path / "twice", once, card)
    twice, _ = load_model(tmp_path / "twice")
    assert answers(twice).equal(answers(once))
