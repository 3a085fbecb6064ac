"""The training form: recipes, typed values, validation, explanations."""

from dataclasses import replace as replace_counts

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.look.roles import roles
from cifar_desktop.training.form import TrainingForm
from cifar_desktop.training.widgets.dataset.state import DatasetInfo, Failed, Loading, NotDownloaded
from cifar_desktop.training.widgets.form.number_field import (
    DecimalField,
    WholeField,
    next_digit,
    parse_decimal,
    parse_whole,
    written,
)
from cifar_desktop.ui import formatting
from cifar_desktop.ui.field_row import FieldRow
from tests.trainer.tiny import tiny_dataset
from trainer.config.augmentation import Augmentation
from trainer.config.recipes import NEEDS, RECIPES, recipe, sprint, why_unavailable
from trainer.config.train_config import EarlyStopping, ReduceOnPlateau, TrainConfig
from trainer.devices.device import PLAIN_CPU
from trainer.events.command_events import DeviceTested
from trainer.training.run import TrainingRun


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 800)
    return window


@pytest.fixture
def form(qtbot: QtBot, window: QWidget) -> TrainingForm:
    # As a window itself the form would tell the window system its sizes.
    form = TrainingForm(window)
    form.resize(304, 700)
    window.show()
    qtbot.waitExposed(window)
    return form


def type_into(field: WholeField | DecimalField, text: str) -> None:
    field.edit.line.selectAll()
    QTest.keyClicks(field.edit.line, text)


def tried(device: str, title: str, *, reason: str = "", automatic: bool = False) -> DeviceTested:
    return DeviceTested(
        device=device,  # type: ignore[arg-type]
        title=title,
        precision="float32",
        works=not reason,
        reason=reason,
        memory=None,
        automatic=automatic,
    )


def test_float16_on_a_processor_is_warned_of(form: TrainingForm) -> None:
    cuda = tried("cuda", "NVIDIA H200", automatic=True)
    form.show_devices([tried("cpu", "CPU"), cuda])
    form.set_values(sprint().with_changes({"precision": "float16"}), ["cifar10"])
    assert form.advanced.precision.hint.text() == ""
    form.set_values(sprint().with_changes({"precision": "float16", "device": "cpu"}), ["cifar10"])
    assert form.advanced.precision.hint.text().startswith("Many times slower than float32")
    form.set_values(sprint().with_changes({"precision": "bfloat16", "device": "cpu"}), ["cifar10"])
    assert form.advanced.precision.hint.text() == ""
    form.show_devices([tried("cpu", "CPU", automatic=True)])
    form.set_values(sprint().with_changes({"precision": "float16"}), ["cifar10"])
    assert "float32" in form.advanced.precision.hint.text()


@pytest.mark.parametrize("name", RECIPES)
def test_choosing_a_recipe_fills_every_field(form: TrainingForm, name: str) -> None:
    type_into(form.main.epochs, "77")
    combo = form.recipe.combo
    combo.setCurrentIndex(combo.findText(name))
    combo.activated.emit(combo.currentIndex())

    if name != "sprint":
        assert form.config() == recipe(name)
    assert form.recipe.helper.text()
    assert form.recipe.helper.toolTip()
    assert "`" not in form.recipe.helper.toolTip()


def test_typed_values_become_the_config(form: TrainingForm) -> None:
    type_into(form.main.epochs, "12")
    type_into(form.main.batch_size, "512")
    type_into(form.main.learning_rate, "0,5")
    type_into(form.main.seed, "9")
    type_into(form.main.translate, "4")
    type_into(form.main.cutout, "8")
    type_into(form.main.zoom, "25")
    type_into(form.main.color_jitter, "10")
    form.main.more.button.click()
    type_into(form.main.effects.crop_scale, "35")
    type_into(form.main.effects.crop_aspect, "1,33")
    type_into(form.main.effects.crop_size, "80")
    type_into(form.main.effects.grayscale, "15")
    type_into(form.main.effects.blur, "0.7")
    type_into(form.main.effects.noise, "3.3")
    type_into(form.main.effects.jpeg, "50")
    form.disclosure.button.click()
    size = form.advanced.image_size.combo
    size.setCurrentIndex(size.findText(formatting.size(64, 64) + " pixels"))
    size.activated.emit(size.currentIndex())
    type_into(form.advanced.hard_example_fraction, "40")
    type_into(form.advanced.label_smoothing, "1e-1")
    type_into(form.advanced.validation_images, "100")
    type_into(form.advanced.balance, "35")
    form.advanced.show_none(200)
    type_into(form.advanced.none_fraction, "12,5")
    type_into(form.advanced.none_weight, "0.7")
    form.advanced.stops_early.click()
    type_into(form.advanced.patience, "6")
    form.advanced.reduces_rate.click()
    type_into(form.advanced.plateau_factor, "0.25")

    augmentation = Augmentation(
        flip="alternating", translate=4, cutout=8, zoom=0.25, color_jitter=0.1, crop_scale=0.35,
        crop_aspect=1.33, crop_size=0.8, grayscale=0.15, blur=0.7, noise=0.033, jpeg=0.5,
    )  # fmt: skip
    assert form.config() == sprint().with_changes(
        {
            "epochs": 12,
            "batch_size": 512,
            "learning_rate": 0.5,
            "seed": 9,
            "augmentation": augmentation,
            "image_size": 64,
            "hard_example_fraction": 0.4,
            "label_smoothing": 0.1,
            "validation_images": 100,
            "balance": 0.35,
            "none_fraction": 0.125,
            "none_weight": 0.7,
            "early_stopping": EarlyStopping(patience=6),
            "reduce_on_plateau": ReduceOnPlateau(patience=3, factor=0.25),
        }
    )


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("epochs", "0", "from 1 to 10,000"),
        ("epochs", "2.5", "whole number"),
        ("epochs", "", "whole number"),
        ("batch_size", "2.000", "whole number"),
        ("learning_rate", "0", "between 0 and 100"),
        ("learning_rate", "0.1.2", "Enter a number"),
        ("learning_rate", "nan", "Enter a number"),
        ("learning_rate", "1e999", "between 0 and 100"),
        ("seed", "-1", "from 0"),
        ("translate", "9", "from 0 to 8 pixels"),
        ("cutout", "32", "from 0 to 31 pixels"),
        ("zoom", "91", "from 0 to 90 %"),
        ("color_jitter", "101", "from 0 to 100 %"),
    ],
)
def test_invalid_value_is_explained_at_once_and_prevents_the_start(
    form: TrainingForm, name: str, text: str, words: str
) -> None:
    form.disclosure.button.click()
    field = getattr(form.main, name)
    type_into(field, text) if text else field.edit.line.clear()

    assert words in field.hint.text()
    assert field.hint.isVisible()
    assert field.edit.mark.isVisible()
    assert words in field.edit.accessibleDescription()
    assert form.config() is None
    assert not form.footer.start.isEnabled()
    assert words in form.footer.start.toolTip()
    assert words in form.footer.problem.text()

    field.show_number(3)
    assert not field.hint.isVisible()
    assert not field.edit.mark.isVisible()
    assert form.footer.start.isEnabled()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("crop_scale", "7", "from 8 to 100 %"),
        ("crop_aspect", "0.9", "from 1 to 2"),
        ("grayscale", "101", "from 0 to 100 %"),
        ("blur", "5", "from 0 to 4 pixels"),
        ("noise", "51", "from 0 to 50 %"),
        ("jpeg", "some", "whole number"),
    ],
)
def test_an_invalid_effect_is_named_even_while_its_group_is_closed(
    form: TrainingForm, name: str, text: str, words: str
) -> None:
    field = getattr(form.main.effects, name)
    field.edit.line.setText(text)
    assert words in field.hint.text()
    assert form.main.more.button.text() == "Advanced augmentation: invalid value"
    assert form.config() is None
    assert form.augmentation() is None
    assert words in form.footer.problem.text()

    form.reset.click()
    assert form.main.more.button.text() == "Advanced augmentation"
    assert form.config() == sprint()


@pytest.mark.parametrize("noise", [0.001, 0.033, 0.035, 0.07, 0.29])
def test_effects_of_a_run_are_shown_exactly(form: TrainingForm, noise: float) -> None:
    augmentation = Augmentation(crop_scale=0.29, crop_aspect=4 / 3, blur=0.3, noise=noise)
    config = sprint().with_changes({"augmentation": augmentation})
    form.set_values(config, ["cifar10"])
    assert len(form.main.effects.noise.edit.line.text()) <= 4
    assert form.config() == config


def test_hidden_and_disabled_settings_that_are_invalid(form: TrainingForm) -> None:
    form.advanced.stops_early.setChecked(True)
    form.advanced.patience.edit.line.setText("many")
    assert form.config() is None
    assert "invalid" in form.disclosure.button.text()

    form.advanced.stops_early.setChecked(False)
    assert form.config() == sprint()
    assert "invalid" not in form.disclosure.button.text()


def test_reset_to_the_recipe(form: TrainingForm) -> None:
    assert not form.reset.isEnabled()
    type_into(form.main.epochs, "99")
    form.main.new_seed.click()
    assert form.reset.isEnabled()

    form.reset.click()

    assert form.config() == sprint()
    assert not form.reset.isEnabled()


def test_an_invalid_value_can_be_reset(form: TrainingForm) -> None:
    type_into(form.main.epochs, "x")
    assert form.reset.isEnabled()
    form.reset.click()
    assert form.config() == sprint()


def test_settings_of_an_earlier_run_fill_the_form(form: TrainingForm, qtbot: QtBot) -> None:
    earlier = replace(
        sprint(), recipe="gone", widths=(8, 8, 8), micro_batch_size=16, epochs=3,
        early_stopping=EarlyStopping(patience=2),
    )  # fmt: skip
    chosen: list[tuple[str, ...]] = []
    form.data_changed.connect(chosen.append)

    form.set_values(earlier, ["/home/zoë/图片"])

    assert form.config() == earlier
    assert form.data() == "/home/zoë/图片"
    assert chosen == [("/home/zoë/图片",)]
    assert form.recipe.combo.currentText() == "gone"


def test_filling_the_form_emits_one_change(form: TrainingForm) -> None:
    changes: list[TrainConfig | None] = []
    form.changed.connect(lambda: changes.append(form.config()))
    combo = form.recipe.combo
    combo.setCurrentIndex(combo.findText("best"))
    combo.activated.emit(combo.currentIndex())
    assert changes == [recipe("best")]


def test_up_and_down_take_valid_steps(form: TrainingForm) -> None:
    def press(field: WholeField | DecimalField, key: Qt.Key) -> str:
        QTest.keyClick(field.edit, key)
        return field.edit.line.text()

    assert press(form.main.epochs, Qt.Key.Key_Up) == "11"
    assert press(form.main.epochs, Qt.Key.Key_PageUp) == "21"
    assert press(form.main.batch_size, Qt.Key.Key_Down) == "990"
    assert press(form.main.learning_rate, Qt.Key.Key_Up) == "0.17"
    assert press(form.main.seed, Qt.Key.Key_Down) == "0"
    assert press(form.advanced.label_smoothing, Qt.Key.Key_Down) == "0.15"


def test_devices_are_offered_and_explained(form: TrainingForm) -> None:
    reason = "The driver is too old; install a newer one."
    form.show_devices([
        tried("cpu", "Intel Xeon CPU", automatic=True),
        tried("cuda", "NVIDIA H200", reason=reason),
    ])  # fmt: skip

    texts = [form.device.combo.itemText(row) for row in range(form.device.combo.count())]
    assert texts[0] == "Automatic (Intel Xeon CPU)"
    assert texts[1] == "Intel Xeon CPU"
    assert texts[2].startswith("NVIDIA H200 (GPU)")
    model = form.device.combo.model()
    assert isinstance(model, QStandardItemModel)
    assert [model.item(row).isEnabled() for row in range(3)] == [True, True, False]
    assert form.why.isVisible()
    assert form.why.accessibleDescription() == reason
    assert reason in form.why.toolTip()


def test_device_of_an_earlier_run_that_does_not_work_here(form: TrainingForm) -> None:
    form.set_values(replace(sprint(), device="cuda"), ["cifar10"])
    form.show_devices([tried("cpu", "CPU", automatic=True), tried("cuda", "", reason="None.")])
    config = form.config()
    assert config is not None
    assert config.device == "auto"
    assert "does not work here" in form.device.hint.text()


def test_a_working_device_of_an_earlier_run_is_chosen(form: TrainingForm) -> None:
    form.show_devices([tried("cpu", "CPU"), tried("cuda", "NVIDIA H200", automatic=True)])
    form.set_values(replace(sprint(), device="cpu"), ["cifar10"])
    config = form.config()
    assert config is not None
    assert config.device == "cpu"
    assert not form.reset.isEnabled()


@pytest.fixture
def fancy(monkeypatch: pytest.MonkeyPatch) -> TrainConfig:
    """The config of a recipe that needs a missing module."""
    config = replace(sprint(), recipe="fancy", epochs=5)
    monkeypatch.setitem(RECIPES, "fancy", lambda: config)
    monkeypatch.setitem(NEEDS, "fancy", ("no_such_module",))
    return config


def test_an_unavailable_recipe_is_listed_with_the_reason(
    fancy: TrainConfig, form: TrainingForm
) -> None:
    model = form.recipe.combo.model()
    assert isinstance(model, QStandardItemModel)
    item = model.findItems("fancy", Qt.MatchFlag.MatchStartsWith)[0]
    assert item.text() == "fancy (not available)"
    assert not item.isEnabled()
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
        assert item.data(role) == why_unavailable("fancy")
    assert form.recipe.keys == [name for name in RECIPES if name != "fancy"]


def test_an_earlier_run_with_an_unavailable_recipe(fancy: TrainConfig, form: TrainingForm) -> None:
    form.set_values(replace(fancy, epochs=9), ["cifar10"])

    assert form.recipe.key == "fancy"
    assert form.recipe.combo.currentText() == "fancy"
    assert form.recipe.hint.text() == why_unavailable("fancy")
    assert form.recipe.hint.isVisible()
    assert form.recipe.combo.accessibleDescription().startswith(why_unavailable("fancy"))
    assert why_unavailable("fancy") in form.recipe.combo.toolTip()
    assert form.main.epochs.edit.line.text() == "9"
    assert form.config() is None
    assert not form.footer.start.isEnabled()
    assert "recipe" in form.footer.problem.text()
    form.reset.click()
    assert form.main.epochs.edit.line.text() == "5"
    assert not form.footer.start.isEnabled()

    combo = form.recipe.combo
    combo.setCurrentIndex(combo.findText("sprint"))
    combo.activated.emit(combo.currentIndex())
    assert form.config() == sprint()
    assert form.footer.start.isEnabled()
    assert "fancy" not in form.recipe.keys


def test_a_recipe_whose_modules_are_installed_is_available(
    fancy: TrainConfig, form: TrainingForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NEEDS, "fancy", ("json",))
    form.set_values(fancy, ["cifar10"])
    assert form.recipe.combo.currentText() == "fancy"
    assert form.config() == fancy
    assert "fancy" in form.recipe.keys


def test_folders_with_the_same_name_are_distinguishable(form: TrainingForm) -> None:
    form.show_folders(["/a/pets", "/b/pets", "/c/birds"])
    texts = [form.dataset.combo.itemText(row) for row in range(form.dataset.combo.count())]
    assert texts == ["CIFAR-10", "pets (in a)", "pets (in b)", "birds"]

    form.set_data("/b/pets")
    form.show_folders(["/c/birds"])
    assert form.data() == "/b/pets"


def test_states_of_the_dataset(form: TrainingForm) -> None:
    form.show_data_state(Loading(what="Reading images", done=4, total=10))
    assert form.summary.text.text() == "Reading images… 40 %"
    assert form.summary.bar.isVisible()

    form.show_data_state(NotDownloaded(title="CIFAR-10", size=170_052_171))
    assert "170 MB" in form.summary.text.text()
    wanted: list[bool] = []
    form.download_requested.connect(lambda: wanted.append(True))
    form.summary.download.click()
    assert wanted

    form.show_data_state(
        DatasetInfo(classes=("a", "b"), train_counts=(1000, 2000), test_counts=(5, 5),
                  unreadable_count=3)
    )  # fmt: skip
    expected = (
        "2 classes, 3,000 training and 10 test images. 3 files could not be read. 600 of the "
        "training images are held out for validation."
    )
    assert form.summary.text.text() == expected
    assert form.dataset.helper.toolTip() == expected
    assert form.dataset.helper.text() == "2 classes, 3,010 images"
    assert not form.summary.isVisible()
    assert form.footer.start.isEnabled()

    form.show_data_state(Failed(reason="There are no pictures in it."))
    assert form.summary.text.text() == "There are no pictures in it."
    assert not form.footer.start.isEnabled()

    form.set_data("/another")
    assert form.footer.start.isEnabled()


def _dataset(train: int) -> DatasetInfo:
    return DatasetInfo(classes=("a", "b"), train_counts=(train // 2,) * 2, test_counts=(5, 5))


def test_validation_images_and_batch_are_those_that_will_be_used(form: TrainingForm) -> None:
    form.set_data("/mine")
    form.show_data_state(_dataset(120))
    form.disclosure.button.click()

    assert form.summary.text.text() == (
        "2 classes, 120 training and 10 test images. 24 of the training images are held out for "
        "validation."
    )
    hint = form.advanced.validation_images.hint
    assert hint.text() == "24 are used: at most a fifth of 120 training images."
    assert form.main.batch_size.hint.text().startswith(
        "All 96 images are one batch, so an epoch is a single step."
    )
    assert hint.isVisible()

    type_into(form.main.batch_size, "2.000")
    assert "whole number" in form.main.batch_size.hint.text()
    type_into(form.main.batch_size, "32")
    type_into(form.advanced.validation_images, "10")
    assert not form.main.batch_size.hint.isVisible()
    assert not hint.isVisible()
    assert "10 of the training images" in form.summary.text.text()


def test_validation_images_of_the_dataset_are_used(form: TrainingForm) -> None:
    form.set_data("/mine")
    form.show_data_state(replace_counts(_dataset(120), validation_counts=(8, 9)))

    assert "held out" not in form.summary.text.text()
    assert form.advanced.validation_images.hint.text() == (
        "Not used: the dataset has 17 validation images of its own."
    )
    assert form.main.batch_size.hint.text().startswith("All 120 images are one batch")


def test_run_holds_out_and_batches_what_the_form_says(form: TrainingForm) -> None:
    form.set_data("/mine")
    form.show_data_state(_dataset(120))
    config = form.config()
    assert config is not None

    run = TrainingRun(config, tiny_dataset(train=120), PLAIN_CPU)

    assert f"{len(run.validation)} of the training images" in form.summary.text.text()
    assert f"All {run.batches.batch_size} images" in form.main.batch_size.hint.text()


def test_start_by_button_and_key_only_when_all_is_valid(form: TrainingForm) -> None:
    starts: list[bool] = []
    form.start_requested.connect(lambda: starts.append(True))
    form.footer.start.click()
    QTest.keyClick(form.main.epochs.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(starts) == 2
    type_into(form.main.epochs, "0")
    QTest.keyClick(form.main.epochs.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(form.main.epochs.edit, Qt.Key.Key_Return)
    assert len(starts) == 2


def test_hints_and_estimate(form: TrainingForm) -> None:
    form.show_start_hint("Waits for “sprint”.")
    assert form.footer.hint.text() == "Waits for “sprint”."
    form.show_estimate("About 8 minutes", offer=False)
    assert form.footer.estimate.text() == "About 8 minutes"
    assert not form.footer.estimate_button.isVisible()


def test_start_stays_visible_however_small_the_window(form: TrainingForm) -> None:
    form.disclosure.button.click()
    form.resize(304, 320)
    bottom = form.footer.start.mapTo(form, form.footer.start.rect().bottomLeft())
    assert form.footer.start.isVisible()
    assert form.rect().contains(bottom)


def test_every_control_has_a_name_and_the_keyboard_reaches_it(form: TrainingForm) -> None:
    form.disclosure.button.click()
    form.main.more.button.click()
    form.advanced.stops_early.click()
    form.advanced.reduces_rate.click()
    form.advanced.show_none(7)
    form.main.epochs.edit.line.setText("9")
    reached = []
    form.footer.start.setFocus()
    while (widget := form.focusWidget()) not in reached:
        reached.append(widget)
        form.focusNextChild()
    main, advanced, effects = form.main, form.advanced, form.main.effects
    wanted = [
        form.footer.start, form.time.rows.rows["own"], form.time.rows.more, form.recipe.combo,
        form.dataset.combo, form.browse, form.added.add, form.device.combo,
        form.disclosure.button, form.start_from.combo,
        main.epochs.edit, main.batch_size.edit, main.learning_rate.edit, main.seed.edit,
        main.new_seed, main.flip.combo, main.translate.edit, main.cutout.edit, main.zoom.edit,
        main.color_jitter.edit, main.more.button, effects.crop_scale.edit,
        effects.crop_aspect.edit, effects.crop_size.edit, effects.grayscale.edit,
        effects.blur.edit, effects.noise.edit, effects.jpeg.edit,
        advanced.image_size.combo,
        advanced.hard_example_fraction.edit, advanced.label_smoothing.edit,
        advanced.validation_images.edit, advanced.balance.edit, advanced.none_fraction.edit,
        advanced.none_weight.edit, advanced.stops_early, advanced.patience.edit,
        advanced.reduces_rate, advanced.plateau_patience.edit,
        advanced.plateau_factor.edit, advanced.precision.combo, form.footer.estimate_button,
        form.reset,
    ]  # fmt: skip
    assert reached == wanted
    assert all(each.accessibleName() or each.property("text") for each in wanted)


def test_every_setting_has_a_tooltip_that_names_it(
    form: TrainingForm,
) -> None:
    rows = form.findChildren(FieldRow)
    assert len(rows) == 32
    for row in rows:
        term = row.label.text()
        control = row.label.buddy()
        assert term in row.label.toolTip()
        assert control.toolTip()
        assert f"{term}: " in control.accessibleDescription() or term == "Seed"


def test_every_button_and_check_box_is_explained(form: TrainingForm) -> None:
    controls = form.findChildren(QAbstractButton)
    assert {form.disclosure.button, form.reset, form.advanced.stops_early} <= set(controls)
    reached = [each for each in controls if each.focusPolicy() != Qt.FocusPolicy.NoFocus]
    for control in set(reached) - {form.summary.download}:  # the text above it explains it
        assert control.toolTip(), control.text()
        assert control.accessibleDescription(), control.text()


@pytest.mark.parametrize(
    ("text", "number"),
    [("8", 8), (" 1 000 ", 1000), ("+3", 3), ("1,000", None), ("1.0", None), ("", None)],
)
def test_whole_numbers(text: str, number: int | None) -> None:
    assert parse_whole(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0.5", 0.5), ("0,5", 0.5), (".5", 0.5), ("1e-3", 0.001), ("1.000,5", None), ("inf", None),
     ("1_0", None), ("5", 5.0)],
)  # fmt: skip
def test_numbers(text: str, number: float | None) -> None:
    assert parse_decimal(text) == number


@pytest.mark.parametrize(
    ("value", "steps", "result"),
    [(0.24, 1, 0.25), (0.24, -1, 0.23), (1000, -1, 990), (2000, 1, 2100), (0.1, -1, 0.099),
     (0.99, 1, 1.0), (1e-5, 1, 1.1e-5)],
)  # fmt: skip
def test_steps_follow_the_size_of_the_number(value: float, steps: int, result: float) -> None:
    assert next_digit(value, steps) == pytest.approx(result)


@pytest.mark.parametrize("value", [0.24, 1e-05, 2.0, 8, 0.1 + 0.2])
def test_numbers_are_written_as_they_are_read(value: float) -> None:
    assert parse_decimal(written(value)) == value


def test_start_has_the_current_accent_color(
    form: TrainingForm, qapp: QApplication, qtbot: QtBot
) -> None:
    before = qapp.palette()
    other = QPalette(before)
    other.setColor(QPalette.ColorRole.Accent, QColor("#aa3300"))

    def painted_in(accent: QColor) -> bool:
        palette = QPalette(before)
        palette.setColor(QPalette.ColorRole.Accent, accent)
        image = form.footer.start.grab().toImage()
        return image.pixelColor(image.width() // 4, image.height() // 2) == roles(palette).fill

    qapp.setPalette(other)
    try:
        qtbot.waitUntil(lambda: painted_in(QColor("#aa3300")))
    finally:
        qapp.setPalette(before)
    qtbot.waitUntil(lambda: painted_in(before.accent().color()))
