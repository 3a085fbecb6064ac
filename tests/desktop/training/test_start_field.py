"""The network that a run starts from: what is offered, taken over, refused and shown again."""

from pathlib import Path

import pytest
from msgspec import structs
from msgspec.structs import replace
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.networks.widgets.picker import NetworkEntry
from cifar_desktop.runs.services.run_store import RunStore
from cifar_desktop.training import run_text
from cifar_desktop.training.form import TrainingForm
from cifar_desktop.training.page import TrainingPage
from cifar_desktop.training.start_field import network_choices
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from cifar_desktop.ui.choice_field import Choice
from tests.trainer.tiny import tiny_card, tiny_config
from trainer.config.recipes import recipe, sprint
from trainer.config.train_config import TrainConfig
from trainer.files.resources import bundled_model
from trainer.models.model_file import read_card, save_model
from trainer.models.registry import build
from trainer.models.starting_point import starting_from
from trainer.runs.run_folder import RunFolder


@pytest.fixture
def form(qtbot: QtBot, window: QWidget) -> TrainingForm:
    form = TrainingForm(window)
    form.resize(304, 700)
    form.show()
    qtbot.waitUntil(form.isVisible)
    return form


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """A network file of widths that no recipe has."""
    return write_network(tmp_path / "networks" / "Zoë's.safetensors", "sprint-net", (8, 8, 8))


def write_network(path: Path, architecture: str, widths: tuple[int, ...]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    card = tiny_card(architecture=architecture, widths=widths)
    save_model(path, build(architecture, 3, widths), card)
    return path


def choose(form: TrainingForm, text: str) -> None:
    combo = form.start_from.combo
    row = combo.findText(text)
    assert row >= 0, [combo.itemText(each) for each in range(combo.count())]
    combo.setCurrentIndex(row)
    combo.activated.emit(row)


def offer(form: TrainingForm, *networks: Path) -> None:
    form.start_from.show_networks(
        [Choice(key=str(network), text=network.stem) for network in networks]
    )


def found(form: TrainingForm) -> TrainConfig:
    config = form.config()
    assert config is not None
    return config


def test_a_recipe_says_what_is_usual(form: TrainingForm) -> None:
    assert form.start_from.combo.currentText() == "Random weights"
    combo = form.recipe.combo
    combo.setCurrentIndex(combo.findText("photos"))
    combo.activated.emit(combo.currentIndex())
    assert form.start_from.combo.currentText() == "Built-in network"
    assert "what this network has learned" in form.start_from.helper.toolTip()
    assert found(form) == recipe("photos")
    assert not form.reset.isEnabled()


def test_the_recipe_for_photos_has_the_architecture_of_the_built_in_network() -> None:
    card, config = read_card(bundled_model()), recipe("photos")
    assert (config.architecture, config.widths) == (card.architecture, card.widths)


def test_a_chosen_network_brings_its_architecture(form: TrainingForm, network: Path) -> None:
    changes: list[TrainConfig | None] = []
    form.changed.connect(lambda: changes.append(form.config()))
    offer(form, network)
    choose(form, "Zoë's")
    assert changes[-1] == starting_from(sprint(), str(network))
    assert found(form).widths == (8, 8, 8)
    assert form.start_from.helper.text() == "sprint-net"
    assert "(sprint-net)" in form.start_from.helper.toolTip()
    assert form.reset.isEnabled()

    choose(form, "Random weights")
    assert found(form) == sprint()
    assert not form.start_from.hint.isVisible()
    assert not form.reset.isEnabled()

    choose(form, "Built-in network")
    assert found(form).architecture == read_card(bundled_model()).architecture
    form.reset.click()
    assert found(form) == sprint()
    assert form.start_from.combo.currentText() == "Random weights"


def test_a_run_that_started_from_a_network_fills_the_form(
    form: TrainingForm, network: Path
) -> None:
    earlier = starting_from(replace(sprint(), epochs=2, balance=0.07), str(network))
    form.set_values(earlier, ["cifar10"])
    assert found(form) == earlier
    assert form.start_from.combo.currentText() == "Zoë's"
    assert form.start_from.combo.toolTip() == f"<qt>{network}</qt>"
    # What is offered later does not change what was chosen.
    offer(form, write_network(network.with_name("other.safetensors"), "sprint-net", (4, 4, 4)))
    assert found(form) == earlier
    # From random weights, the recipe has its own architecture.
    choose(form, "Random weights")
    assert found(form) == replace(sprint(), epochs=2, balance=0.07)


def test_a_run_with_widths_of_its_own_keeps_them(form: TrainingForm) -> None:
    form.set_values(tiny_config(device="auto"), ["cifar10"])
    assert found(form) == tiny_config(device="auto")


def test_what_is_no_network_is_said_at_the_field(form: TrainingForm, tmp_path: Path) -> None:
    foreign = tmp_path / "notes.safetensors"
    foreign.write_bytes(b"not a network at all")
    form.start_from.choose_file(foreign)
    assert form.start_from.hint.text() == form.start_from.problem
    assert "is not a model file of this program" in form.start_from.hint.text()
    assert form.start_from.hint.text() in form.start_from.combo.accessibleDescription()
    assert form.config() is None
    assert not form.footer.start.isEnabled()
    assert "not a model file" in form.footer.problem.text()

    choose(form, "Random weights")
    assert form.footer.start.isEnabled()
    assert found(form) == sprint()


def test_what_the_optimizer_does_not_train_is_said_with_the_recipes_that_do(
    form: TrainingForm, tmp_path: Path
) -> None:
    classic = write_network(tmp_path / "old.safetensors", "keras-cnn", (4, 4, 4, 4))
    form.start_from.choose_file(classic)
    assert "“old.safetensors” is a keras-cnn" in form.start_from.hint.text()
    assert "Choose a recipe that uses Adam: simple-cnn," in form.footer.problem.text()
    assert form.config() is None

    form.set_values(replace(recipe("vgg-bn"), init=str(classic)), ["cifar10"])
    assert form.start_from.problem == ""
    assert found(form) == starting_from(recipe("vgg-bn"), str(classic))


def test_a_network_that_is_gone_is_said_before_the_start(form: TrainingForm, network: Path) -> None:
    starts: list[bool] = []
    form.start_requested.connect(lambda: starts.append(True))
    form.start_from.choose_file(network)
    form.footer.start.click()
    assert starts == [True]
    network.unlink()
    form.footer.start.click()
    assert starts == [True]
    assert "There is no model file" in form.start_from.hint.text()
    assert not form.footer.start.isEnabled()
    form.set_values(starting_from(sprint(), ""), ["cifar10"])
    assert form.footer.start.isEnabled()


def test_pictures_of_other_things_can_be_set_where_there_are_some(form: TrainingForm) -> None:
    advanced = form.advanced
    form.disclosure.button.click()
    form.set_data("/mine")
    info = DatasetInfo(classes=("a", "b"), train_counts=(70, 70), test_counts=(5, 5))
    form.show_data_state(info)
    assert not advanced.none_fraction.isEnabled()
    assert not advanced.none_weight.isEnabled()
    why = "For datasets with pictures of other things, in a folder named none."
    assert why in advanced.none_fraction.edit.toolTip()
    assert why in advanced.none_fraction.edit.accessibleDescription()
    before = found(form)
    advanced.none_fraction.edit.line.setText("95")
    assert form.main.problem == advanced.problem == ""
    assert found(form) == before

    form.show_data_state(
        DatasetInfo(
            classes=("a", "b"), train_counts=(70, 70), test_counts=(5, 5), none_counts=(40, 0, 0)
        )
    )
    assert advanced.none_fraction.isEnabled()
    assert advanced.none_weight.isEnabled()
    # What was typed before now counts.
    assert "0 to 90 %" in form.footer.problem.text()
    assert form.disclosure.button.text() == "Advanced: invalid value"
    form.reset.click()
    assert not advanced.none_fraction.hint.isVisible()
    assert form.main.batch_size.hint.text().startswith("All 160 images are one batch")
    for field, text, words in (
        (advanced.none_fraction, "91", "0 to 90 %"),
        (advanced.none_weight, "11", "from 0 to 10"),
        (advanced.balance, "101", "0 to 100 %"),
    ):
        field.edit.line.setText(text)
        assert words in field.hint.text()
        assert form.config() is None
        form.reset.click()
    assert found(form) == before


def test_networks_and_finished_runs_are_offered(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs")
    for name in ("first", "second"):
        folder = store.reserve("sprint")
        store.fill(folder, tiny_config(), ("cifar10",), name)
        if name == "first":
            write_network(folder.model, "sprint-net", (8, 8, 8))
    entries = [
        NetworkEntry(key="/built-in.safetensors", name="Built in"),
        NetworkEntry(key="/own/a.safetensors", name="a", figure="94.0 %", removable=True),
        NetworkEntry(key="/elsewhere/b.safetensors", name="b"),
    ]
    offered = network_choices(entries, store.runs())
    assert [(each.text, each.enabled) for each in offered] == [
        ("Networks", False), ("a (94.0 %)", True), ("Runs", False), ("first", True),
    ]  # fmt: skip
    assert Path(offered[-1].key).is_file()
    assert network_choices(entries[:1], []) == []


@pytest.mark.parametrize(
    ("init", "name"),
    [("", None), ("default", "Built-in network"), ("/mine/good.safetensors", "good")],
)
def test_a_run_shows_what_it_started_from(tmp_path: Path, init: str, name: str | None) -> None:
    store = RunStore(tmp_path / "runs")
    folder = store.reserve("sprint")
    store.fill(folder, replace(tiny_config(), init=init), ("cifar10",))
    assert started_from(store, folder) == name


def test_a_run_that_started_from_another_names_it(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs")
    first, second = store.reserve("sprint"), store.reserve("sprint")
    store.fill(first, tiny_config(), ("cifar10",), "My first")
    write_network(first.model, "sprint-net", (8, 8, 8))
    store.fill(second, starting_from(tiny_config(), str(first.path)), ("cifar10",))
    assert started_from(store, second) == "My first"


def started_from(store: RunStore, folder: RunFolder) -> str | None:
    from cifar_desktop.runs.services.run_history import RunHistory

    return dict(run_text.facts(store.summary(folder.path), RunHistory())).get("Started from")


def open_page(app: App, qtbot: QtBot) -> TrainingPage:
    app.window.tabs.setCurrentWidget(app.training)
    qtbot.waitUntil(app.training.page.isVisible)
    return app.training.page


def test_the_networks_of_the_window_are_offered_and_a_file_can_be_chosen(
    app: App, qtbot: QtBot, network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(app, qtbot)
    app.networks.import_and_use(network, "mine")
    combo = page.form.start_from.combo
    qtbot.waitUntil(lambda: combo.findText("mine") > 0, timeout=30_000)
    choose(page.form, "mine")
    own = page.form.config()
    assert own is not None
    assert Path(own.init) == app.library.path_of("mine.safetensors")

    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    choose(page.form, "A network file…")
    assert combo.currentText() == "mine"
    assert page.form.config() == own

    answer = str(network), "Network files (*.safetensors)"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: answer)
    choose(page.form, "A network file…")
    chosen = page.form.config()
    assert chosen is not None
    assert (chosen.init, chosen.widths) == (str(network), (8, 8, 8))
    assert structs.replace(chosen, init=own.init) == own
