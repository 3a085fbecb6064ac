"""Recipes: complete ones, and those that need a module that is missing, broken or there."""

import json
import sys
from pathlib import Path

import pytest

from tests.trainer.tiny import tiny_config, write_dataset
from trainer import cli
from trainer.config.recipes import NEEDS, RECIPES, load_needs, recipe, why_unavailable
from trainer.config.train_config import TrainConfig
from trainer.errors import ConfigError
from trainer.events.codec import from_line
from trainer.events.run_events import RunFailed, RunFinished
from trainer.runs.run_folder import RunFolder

MODULE = "a_module_for_recipes"


@pytest.fixture
def fancy(monkeypatch: pytest.MonkeyPatch, untouched_process: None) -> str:
    """A recipe that needs a module, which is not there."""

    def fancy() -> TrainConfig:
        """With every extra."""
        return tiny_config(recipe="fancy", epochs=1)

    monkeypatch.setitem(RECIPES, "fancy", fancy)
    monkeypatch.setitem(NEEDS, "fancy", (MODULE,))
    return "fancy"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_dataset(tmp_path / "data")
    return tmp_path / "data"


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str = "") -> None:
    (folder / "modules").mkdir()
    (folder / f"modules/{MODULE}.py").write_text(code)
    monkeypatch.syspath_prepend(folder / "modules")
    # So that what is imported from here on is forgotten after the test.
    monkeypatch.setitem(sys.modules, MODULE, None)
    monkeypatch.delitem(sys.modules, MODULE)


@pytest.mark.parametrize("name", RECIPES)
def test_recipes_are_complete_and_named(name: str) -> None:
    config = recipe(name)
    assert config.recipe == name
    assert TrainConfig.from_json(config.to_json()) == config
    assert RECIPES[name].__doc__


@pytest.mark.parametrize(
    ("name", "epochs"),
    [("simple-cnn", 20), ("keras-cnn", 15), ("vgg-bn", 26), ("deep-cnn", 40)],
)
def test_classics_are_as_long_as_their_figures_are_reported_for(name: str, epochs: int) -> None:
    assert recipe(name).epochs == epochs


def test_an_unknown_recipe_is_reported_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="sprint"):
        recipe("marathon")


def test_only_whole_packages_of_known_recipes_are_needed() -> None:
    assert NEEDS.keys() <= RECIPES.keys()
    assert not [module for modules in NEEDS.values() for module in modules if "." in module]


def test_what_is_missing_is_reported_with_what_to_do(
    fancy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert why_unavailable("sprint") == ""
    assert why_unavailable("a recipe of another version") == ""
    reason = why_unavailable(fancy)
    assert f"needs {MODULE}, which is not installed" in reason
    assert "package" not in reason

    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert f"needs {MODULE}, which this package does not include" in why_unavailable(fancy)
    with pytest.raises(ConfigError, match="with pip"):
        load_needs(fancy)


def test_looking_for_a_module_does_not_load_it(
    fancy: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(tmp_path, monkeypatch)
    assert why_unavailable(fancy) == ""
    assert MODULE not in sys.modules
    load_needs(fancy)
    assert MODULE in sys.modules


def test_the_list_says_what_cannot_be_used(
    fancy: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def reported() -> dict[str, str]:
        assert cli.main(["recipes", "--json"]) == 0
        rows = map(json.loads, capsys.readouterr().out.splitlines())
        return {row["name"]: row["unavailable"] for row in rows}

    usable = dict.fromkeys(RECIPES, "")
    assert reported() == usable | {fancy: why_unavailable(fancy)}
    assert cli.main(["recipes"]) == 0
    assert f"Unavailable: {why_unavailable(fancy)}" in capsys.readouterr().out

    install(tmp_path, monkeypatch)
    assert set(reported().values()) == {""}
    assert cli.main(["recipes"]) == 0
    assert "Unavailable" not in capsys.readouterr().out


def test_nothing_is_begun_that_needs_what_is_missing(
    fancy: str, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reason = why_unavailable(fancy)
    run = tmp_path / "run"
    for command in (["train", "--data", str(data), "--out", str(run)], ["probe"]):
        assert cli.main([*command, "--recipe", fancy]) == 2
        output = capsys.readouterr()
        assert (output.out, output.err) == ("", f"cifar-trainer: {reason}\n")
    assert not run.exists()


def test_a_run_made_by_the_window_has_the_reason_on_record(
    fancy: str, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.create(recipe(fancy), (str(data),))

    assert cli.main(["train", "--resume", str(folder.path), "--events"]) == 2

    (line,) = folder.events.read_text().splitlines()
    assert capsys.readouterr().out == line + "\n"
    event = from_line(line)
    assert isinstance(event, RunFailed)
    assert event.reason == why_unavailable(fancy)


def test_what_does_not_load_is_reported_and_not_traced(
    fancy: str,
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What torchvision raises beside a torch that it was not made for.
    install(tmp_path, monkeypatch, 'raise RuntimeError("operator torchvision::nms does not exist")')
    for command in (["train", "--data", str(data), "--out", str(tmp_path / "run")], ["probe"]):
        assert cli.main([*command, "--recipe", fancy]) == 1
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        assert f"{MODULE}, which is installed but does not load" in error


def test_with_the_module_it_is_a_recipe_like_others(
    fancy: str, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    install(tmp_path, monkeypatch)
    run = tmp_path / "run"
    assert cli.main(
        ["train", "--recipe", fancy, "--data", str(data), "--out", str(run), "--events"]
    ) == 0  # fmt: skip
    events = [from_line(line) for line in capsys.readouterr().out.splitlines()]
    assert isinstance(events[-1], RunFinished)
