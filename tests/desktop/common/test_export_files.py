"""What is saved: pictures, tables and TensorBoard files, read back by readers of others."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cifar_desktop.common.export_files import save_widget
from cifar_desktop.common.file_dialogs import FileDialogs
from cifar_desktop.common.notices import NoticeBoard
from cifar_desktop.common.settings import Settings
from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.runs.services.run_store import RunStore
from cifar_desktop.trainer_process.command_queue import CommandQueue
from cifar_desktop.training.curves_export import CurvesExport
from cifar_desktop.training.runs_controller import RunsController
from cifar_desktop.training.widgets.curves.pane import CurvesPane
from cifar_desktop.training.widgets.runs.panel import RunPanel
from cifar_desktop.training.widgets.runs.table import RunsTable
from tests.desktop.recorded_actions import RecordedActions
from tests.desktop.stand_in_trainer import epoch_finished, finished, progress, started
from tests.desktop.training.widgets.curves.test_pane import _run
from trainer.config.recipes import sprint
from trainer.errors import StorageError
from trainer.runs.run_folder import RunFolder

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

_PATIENCE = 240_000
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


@pytest.fixture
def pane(window: QWidget) -> CurvesPane:
    pane = CurvesPane(window)
    pane.resize(window.size())
    pane.show()
    pane.show_others([_run(name="Zoë & 图片", seed=3)])
    pane.show_run(_run(part=0.7))
    QApplication.processEvents()
    return pane


def drawing(path: Path) -> tuple[ET.Element, list[str]]:
    """A drawing as a reader of XML sees it, and its words."""
    root = ET.parse(path).getroot()
    return root, ["".join(each.itertext()).strip() for each in root.iter(f"{SVG}text")]


def test_a_widget_is_saved_twice_as_fine(window: QWidget, tmp_path: Path) -> None:
    label = QLabel("Saved", window)
    label.setStyleSheet("background: rgb(10, 200, 30)")
    label.resize(120, 40)
    label.show()

    save_widget(label, tmp_path / "Zoë" / "图片.png", description="A word on green")

    with Image.open(tmp_path / "Zoë" / "图片.png") as picture:
        assert (picture.format, picture.size) == ("PNG", (240, 80))
        assert picture.convert("RGB").getpixel((238, 78)) == (10, 200, 30)
        assert picture.info["Description"] == "A word on green"
    assert [each.name for each in (tmp_path / "Zoë").iterdir()] == ["图片.png"]


def test_charts_become_a_drawing_of_words_and_lines(pane: CurvesPane, tmp_path: Path) -> None:
    save_widget(pane, tmp_path / "curves.svg", description="Loss & accuracy")

    root, words = drawing(tmp_path / "curves.svg")
    assert not list(root.iter(f"{SVG}image"))
    assert len([*root.iter(f"{SVG}path"), *root.iter(f"{SVG}polyline")]) > 10
    assert {"Loss", "Accuracy", "Learning rate", "Sprint", "epoch 0"} <= set(words)
    # Letters of several fonts are several pieces of text.
    assert "Zoë&图片" in "".join(words).replace(" ", "")
    assert "Smoothing" not in words
    assert root.findtext(f"{SVG}title") == "curves"
    assert root.findtext(f"{SVG}desc") == "Loss & accuracy"
    box = [float(each) for each in root.attrib["viewBox"].split()]
    assert box[:2] == [0, 0]
    assert box[2] >= 900
    renderer = QSvgRenderer(str(tmp_path / "curves.svg"))
    assert renderer.isValid()
    assert renderer.viewBox().width() == box[2]


def test_lines_are_cut_off_where_their_chart_ends(pane: CurvesPane, tmp_path: Path) -> None:
    """Each chart's own place, and not that of another one."""
    pane.charts.charts["loss"].span_requested.emit(2.0, 3.0)
    save_widget(pane, tmp_path / "curves.svg")

    root, _ = drawing(tmp_path / "curves.svg")
    corners = {
        (float(x), float(y))
        for path in root.iter(f"{SVG}clipPath")
        for x, y in [path[0].attrib["d"].split()[0].lstrip("M").split(",")]
    }
    used = {each.attrib["clip-path"][5:-1] for each in root.iter() if "clip-path" in each.attrib}
    assert used == {each.attrib["id"] for each in root.iter(f"{SVG}clipPath")}
    right, below = max(x for x, _y in corners), max(y for _x, y in corners)
    box = [float(each) for each in root.attrib["viewBox"].split()]
    assert right > box[2] / 2
    assert below > box[3] / 2


def test_a_picture_shows_the_part_that_the_user_looks_at(pane: CurvesPane, tmp_path: Path) -> None:
    pane.charts.charts["loss"].span_requested.emit(2.0, 3.0)
    pane.toolbar.log.setChecked(True)
    save_widget(pane, tmp_path / "part.svg")
    _, words = drawing(tmp_path / "part.svg")
    assert "epoch 0" not in words
    assert not pane.charts.view[0]

    pane.charts.follow()
    save_widget(pane, tmp_path / "whole.svg")
    assert "epoch 0" in drawing(tmp_path / "whole.svg")[1]


def test_lines_are_as_wide_in_the_picture_as_on_the_screen(
    pane: CurvesPane, tmp_path: Path
) -> None:
    save_widget(pane, tmp_path / "curves.png")
    with Image.open(tmp_path / "curves.png") as opened:
        picture = opened.convert("RGB")
    expected = pane.charts.charts["loss"].colors.validation.getRgb()[:3]  # type: ignore[index]
    columns = range(0, picture.width // 2, 7)
    runs = [longest(picture, x, expected) for x in columns]
    assert max(runs) > 3  # Two pixels for each of the line's 1.8.


def longest(picture: Image.Image, x: int, expected: tuple[int, ...]) -> int:
    """How many pixels of a colour lie below each other in a column, between heads and feet."""
    best = run = 0
    for y in range(100, picture.height // 2):
        run = run + 1 if picture.getpixel((x, y)) == expected else 0
        best = max(best, run)
    return best


def test_what_cannot_be_written_says_so_and_leaves_nothing(
    pane: CurvesPane, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StorageError, match="cannot be written"):
        save_widget(pane, tmp_path / "file" / "curves.svg")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
    qtbot.waitUntil(
        lambda: not any(isinstance(each, CurvesPane) for each in QApplication.topLevelWidgets())
    )


@dataclass
class Saving:
    """The Save menu over two runs, of which the second is compared with the first."""

    menu: CurvesExport
    board: NoticeBoard
    pane: CurvesPane
    runs: tuple[RunFolder, RunFolder]

    @property
    def sentence(self) -> str:
        return self.board.top.sentence if self.board.top else ""

    def entry(self, beginning: str) -> QAction:
        self.pane.toolbar.menu.aboutToShow.emit()
        actions = self.pane.toolbar.menu.actions()
        return next(each for each in actions if each.text().replace("&", "").startswith(beginning))


@pytest.fixture
def export(pane: CurvesPane, qtbot: QtBot, tmp_path: Path) -> Iterator[Saving]:
    store = RunStore(tmp_path / "runs")
    runs = recorded(store, "One: run"), recorded(store, "Another")
    run_manager, commands = RunManager(store), CommandQueue()
    run_manager.adopt()
    qtbot.waitUntil(lambda: len(run_manager.runs.summaries) == 2)
    actions = RecordedActions().actions
    board, table = NoticeBoard(), RunsTable(actions)
    qtbot.addWidget(table)
    runs_controller = RunsController(run_manager, RunPanel(actions, pane), pane, table)
    runs_controller.show_run(runs[0].path)
    table.set_checked([str(runs[1].path)])
    dialogs = FileDialogs(Settings(tmp_path / "settings.ini"))
    menu = CurvesExport(pane, runs_controller, commands, dialogs, board)
    yield Saving(menu, board, pane, runs)
    menu.shutdown()
    commands.shutdown()
    run_manager.leave()


def recorded(store: RunStore, name: str) -> RunFolder:
    """A run that is over, of which two epochs were trained twice."""
    folder = store.reserve("sprint")
    store.fill(folder, sprint(), ("cifar10",), name)
    for event in (
        started(), progress(10), epoch_finished(1), epoch_finished(2), epoch_finished(3),
        started(first_step=10), epoch_finished(2, train_loss=0.25), epoch_finished(3),
        epoch_finished(4), finished(folder),
    ):  # fmt: skip
        folder.append(event)
    return folder


def answer(name: str, kind: str = "") -> None:
    """Have the next dialog answered by a name and a kind, as a person would."""

    def fill() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        if kind:
            dialog.selectNameFilter(kind)
            dialog.filterSelected.emit(kind)
        field, buttons = dialog.findChild(QLineEdit), dialog.findChild(QDialogButtonBox)
        assert isinstance(field, QLineEdit)
        assert isinstance(buttons, QDialogButtonBox)
        field.setText(name)
        buttons.buttons()[0].click()

    QTimer.singleShot(0, fill)


def test_menu_saves_the_charts_with_the_ending_of_the_kind(export: Saving, tmp_path: Path) -> None:
    answer(str(tmp_path / "my charts"), "SVG image (*.svg)")
    export.entry("Charts").trigger()

    root, words = drawing(tmp_path / "my charts.svg")
    assert {"One: run", "Another"} <= set(words)
    assert "“One: run”, “Another”" in (root.findtext(f"{SVG}desc") or "")
    assert export.sentence == "Saved “my charts.svg”."
    assert export.board.top is not None
    assert export.board.top.action is not None
    assert export.board.top.action.label == "Show in &folder"


def test_menu_saves_each_epoch_once(export: Saving, qtbot: QtBot, tmp_path: Path) -> None:
    answer(str(tmp_path / "epochs"))
    export.entry("Metrics").trigger()
    qtbot.waitUntil(lambda: export.sentence == "Saved “epochs.csv”.")

    with (tmp_path / "epochs.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert [row["epoch"] for row in rows] == ["1", "2", "3", "4"]
    assert [row["train_loss"] for row in rows] == ["1.0", "0.25", "1.0", "1.0"]


def test_menu_exports_all_runs_that_are_shown(
    export: Saving, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "boards"
    out.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(out))
    export.entry("Tensor").trigger()
    assert "Writing" in export.sentence
    assert not export.entry("Tensor").isEnabled()

    qtbot.waitUntil(lambda: "Writing" not in export.sentence, timeout=_PATIENCE)

    assert export.sentence == "Saved TensorBoard files of 2 runs."
    assert sorted(each.name for each in out.iterdir()) == ["Another", "One run"]
    for name in ("Another", "One run"):
        assert list((out / name / "training").glob("events.out.tfevents.*"))
    assert export.entry("Tensor").isEnabled()


def test_failures_are_reported(
    export: Saving, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "file"))
    export.entry("Tensor").trigger()
    qtbot.waitUntil(lambda: "cannot be written" in export.sentence, timeout=_PATIENCE)
    qtbot.waitUntil(lambda: export.entry("Tensor").isEnabled(), timeout=_PATIENCE)
    assert "cannot be written" in export.sentence

    export.runs[0].events.unlink()
    answer(str(tmp_path / "epochs"))
    export.entry("Metrics").trigger()
    qtbot.waitUntil(lambda: "reported anything" in export.sentence)
    assert not (tmp_path / "epochs.csv").exists()


def test_who_changes_their_mind_saves_nothing(export: Saving, tmp_path: Path) -> None:
    def close() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        dialog.close()

    QTimer.singleShot(0, close)
    export.entry("Charts").trigger()
    assert export.sentence == ""
