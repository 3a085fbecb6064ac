"""Figures that ship with the program: for the network that ships, and for no other."""

from pathlib import Path

import pytest

from tests.trainer.reports import small_report
from trainer.errors import ReportError
from trainer.evaluation import shipped_figures
from trainer.evaluation.shipped_figures import FILE, save_figures
from trainer.files.resources import bundled_model, resource
from trainer.models.model_file import read_card


def test_those_of_the_bundled_network_are_its_own() -> None:
    """If this fails, the network has changed: run `packaging/default_figures.py`."""
    summary = shipped_figures.shipped_figures(bundled_model())
    assert summary is not None
    card, figures = read_card(bundled_model()), summary.figures
    assert summary.classes == card.classes
    assert figures.images == sum(map(sum, figures.confusion)) == 10_000
    right = sum(row[place] for place, row in enumerate(figures.confusion))
    assert figures.accuracy == pytest.approx(right / 10_000)
    assert figures.accuracy == pytest.approx(card.figures["accuracy"], abs=0.001)
    assert sum(each.count for each in figures.calibration) == 10_000
    assert resource(FILE).stat().st_size < 8_000


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that stands for a network, with figures."""
    network, figures = tmp_path / "network.safetensors", tmp_path / FILE
    network.write_bytes(b"one network")
    save_figures(figures, network, small_report())
    monkeypatch.setattr(shipped_figures, "resource", lambda name: tmp_path / name)
    return network


def test_they_are_read_back(network: Path) -> None:
    summary, report = shipped_figures.shipped_figures(network), small_report()
    assert summary is not None
    assert summary.figures == report.figures
    assert (summary.classes, summary.data) == (report.classes, report.data)


@pytest.mark.parametrize("content", [b"two network", b"another network", b""])
def test_another_network_has_none(network: Path, content: bytes) -> None:
    network.write_bytes(content)
    assert shipped_figures.shipped_figures(network) is None


def test_missing_files_mean_none(network: Path) -> None:
    network.with_name(FILE).unlink()
    assert shipped_figures.shipped_figures(network) is None
    network.unlink()
    assert shipped_figures.shipped_figures(network) is None


def test_damage_is_told(network: Path) -> None:
    network.with_name(FILE).write_text('{"network": 1}')
    with pytest.raises(ReportError, match="damaged"):
        shipped_figures.shipped_figures(network)
