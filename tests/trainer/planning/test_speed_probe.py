"""The measured speed, and the steps it is measured with."""

from types import SimpleNamespace

import pytest

from tests.trainer.tiny import tiny_config
from trainer.cancellation import CancelToken
from trainer.devices.device import PLAIN_CPU
from trainer.models.sprint_net import SprintNet
from trainer.planning import speed_probe
from trainer.training.step import take_step


def test_a_step_takes_what_it_takes_on_average_once_it_has_been_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, lasting = 0.0, iter([9.0, 1.0, 1.0, 1.0, 3.0])

    def work() -> None:
        nonlocal now
        now += next(lasting)

    monkeypatch.setattr(speed_probe, "time", SimpleNamespace(perf_counter=lambda: now))
    run = speed_probe.noise_run(tiny_config(), PLAIN_CPU, 3)
    assert speed_probe._Stopwatch(run, CancelToken())._mean(work) == pytest.approx(1.5)


def test_more_classes_than_the_batch_has_images_can_be_probed() -> None:
    config = tiny_config(batch_size=8)
    assert speed_probe.probe(config, PLAIN_CPU, classes=300, token=CancelToken()).image_seconds > 0


def test_processes_share_the_images_and_exchange_gradients() -> None:
    config = tiny_config()
    two = speed_probe.probe(
        config, PLAIN_CPU, classes=3, token=CancelToken(), processes=1000, parameter_seconds=1.0
    )
    run = speed_probe.noise_run(config, PLAIN_CPU, 3)
    parameters = sum(each.numel() for each in run.network.parameters())
    assert two.step_seconds == pytest.approx(parameters, abs=60)
    alone = speed_probe.probe(config, PLAIN_CPU, classes=3, token=CancelToken())
    assert two.image_seconds < alone.image_seconds / 10


def test_every_timed_step_trains_the_first_layer_as_those_of_a_short_run_do() -> None:
    run = speed_probe.noise_run(tiny_config(), PLAIN_CPU, 3)
    network = run.network
    assert isinstance(network, SprintNet)
    batch = next(run.batches.epoch(0))
    for _ in range(10):
        before = network.whitening_bias.clone()
        take_step(run, *batch)
        assert not before.equal(network.whitening_bias)
