"""The dataset view and the augmentation preview: what they say and paint."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.training.widgets.augmentation.grid import AugmentedGrid
from cifar_desktop.training.widgets.dataset.check_list import CheckResult
from cifar_desktop.training.widgets.dataset.row_layout import row_layout
from cifar_desktop.training.widgets.dataset.state import (
    DatasetInfo,
    Failed,
    Loading,
    NotDownloaded,
    SourceSize,
)
from cifar_desktop.training.widgets.dataset.view import DatasetView
from cifar_desktop.ui.image_tiles import tile_side

SIDE = 32
SAMPLES = 10
COLOURS = ("#d03030", "#30a030", "#3050d0")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    yield window
    QToolTip.hideText()


@pytest.fixture
def grid(window: QWidget) -> DatasetView:
    grid = DatasetView(window)
    grid.resize(800, 600)
    grid.show()
    return grid


def tile(color: str) -> bytes:
    wanted = QColor(color)
    return bytes((wanted.red(), wanted.green(), wanted.blue())) * SIDE * SIDE


def dataset(classes: int = 3, **changes: object) -> DatasetInfo:
    sampled = min(classes, 50)
    values: dict[str, object] = {
        "classes": tuple(f"class {index}" for index in range(classes)),
        "train_counts": (500,) * classes,
        "test_counts": (100,) * classes,
        "side": SIDE,
        "sampled_classes": sampled,
        "samples_per_class": SAMPLES,
        "samples": b"".join(tile(COLOURS[row % 3]) * SAMPLES for row in range(sampled)),
    }
    return DatasetInfo(**{**values, **changes})  # type: ignore[arg-type]


def area(picture: QImage, color: str) -> int:
    """Pixels of exactly this color."""
    wanted = QColor(color).rgb()
    return sum(
        picture.pixel(x, y) == wanted
        for y in range(picture.height())
        for x in range(picture.width())
    )


def painted(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def test_ten_samples_of_each_class_are_painted_pixel_by_pixel(grid: DatasetView) -> None:
    grid.show_state(dataset())
    picture = painted(grid)
    for color in COLOURS:
        assert area(picture, color) == SAMPLES * SIDE * SIDE


def test_a_class_with_few_images_has_few_samples(grid: DatasetView) -> None:
    grid.show_state(dataset(train_counts=(500, 2, 0)))
    picture = painted(grid)
    counted = [area(picture, color) // SIDE**2 for color in COLOURS]
    assert counted == [SAMPLES, 2, 0]


def test_rows_are_described_to_assistive_technology(grid: DatasetView) -> None:
    grid.show_state(dataset())
    model = grid.sheet.classes.model()
    text = model.data(model.index(1, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert text == "class 1: 500 training images, 100 test images"
    assert grid.sheet.counts.text() == "3 classes, 1,500 training and 300 test images"


def test_pictures_of_other_things_have_a_row_set_apart(grid: DatasetView) -> None:
    sources = (
        SourceSize(name="pets", train_images=1000),
        SourceSize(name="more", train_images=500, none_images=9000),
    )
    other = "#c08010"
    grid.show_state(
        dataset(
            2,
            none_counts=(9000, 30, 20),
            none_samples=tile(other) * SAMPLES,
            none_mean=tile("#102030"),
            sources=sources,
        )
    )
    model = grid.sheet.classes.model()
    last = model.index(2, 0)
    assert model.rowCount() == 3
    assert last.data() == "none (no class)"
    assert last.data(Qt.ItemDataRole.AccessibleTextRole) == (
        "none (no class): 9,000 training images, 30 validation images, 20 test images. Pictures of "
        "other things."
    )
    assert grid.sheet.counts.text() == (
        "2 classes, 1,000 training and 200 test images, and 9,050 pictures of other things"
    )
    assert grid.sheet.sources.text() == (
        "pets: 1,000 training images; more: 500 training images, 9,000 of other things"
    )
    picture = painted(grid)
    assert area(picture, other) == SAMPLES * SIDE * SIDE
    assert area(picture, "#102030") == SIDE * SIDE
    rows = grid.sheet.classes
    left = [
        picture.pixelColor(
            rows.viewport().mapTo(grid, rows.visualRect(model.index(row, 0)).topLeft())
            + QPoint(2, 4)
        )
        for row in range(3)
    ]
    assert left[0] == left[1] != left[2]


def test_a_chosen_picture_of_other_things_is_passed_on(grid: DatasetView) -> None:
    chosen: list[tuple[str, bytes]] = []
    grid.sample_chosen.connect(lambda name, pixels: chosen.append((name, pixels)))
    pictures = tile("#c08010") + tile("#204060") + bytes(3 * SIDE * SIDE) * (SAMPLES - 2)
    grid.show_state(
        dataset(1, none_counts=(0, 2, 0), none_samples=pictures, none_mean=tile("#102030"))
    )
    rows = grid.sheet.classes
    rows.setFocus()
    for key in (Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(rows, key)
    assert chosen == [("none (no class)", tile("#204060"))]


def test_two_hundred_classes_are_navigable_by_keyboard(grid: DatasetView) -> None:
    grid.show_state(dataset(200, train_counts=tuple(range(1, 201))))
    rows = grid.sheet.classes
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_End)
    assert rows.currentIndex().row() == 199
    assert rows.verticalScrollBar().value() == rows.verticalScrollBar().maximum()
    assert "first 50 classes" in grid.sheet.hint.text()
    assert not painted(grid).isNull()


def test_check_results_expand_their_lists(grid: DatasetView, qtbot: QtBot) -> None:
    files = tuple(f"{name}.jpg: It is damaged." for name in "abc")
    plain = CheckResult(severity="info", sentence="The classes are uneven.")
    with_list = CheckResult(severity="warning", sentence="7 files…", items=files, more=4)
    grid.show_state(dataset(), [with_list, plain])
    first, second = grid.sheet.checks.rows
    assert first.more.isVisible()
    assert not second.more.isVisible()
    assert not first.list.isVisible()
    assert first.icon.accessibleName() == "Warning"

    first.more.setFocus()
    QTest.keyClick(first.more, Qt.Key.Key_Space)

    assert first.list.isVisible()
    first.list.selectAll()
    first.list.copy()
    assert QApplication.clipboard().text().splitlines() == [*files, "and 4 more"]
    # Seen, not only there: the area around it has made room.
    qtbot.waitUntil(lambda: not first.list.visibleRegion().isEmpty())

    grid.show_state(dataset())
    assert not grid.sheet.checks.isVisible()


def test_many_check_results_leave_room_for_the_images(grid: DatasetView, qtbot: QtBot) -> None:
    sentence = "Something that takes quite a few words to say, and then some more of them."
    finding = CheckResult(severity="warning", sentence=sentence, items=("a",) * 100)
    grid.show_state(dataset(), [finding] * 30)
    for row in grid.sheet.checks.rows:
        row.more.click()
    for size in ((800, 600), (330, 250)):
        grid.resize(*size)
        qtbot.waitUntil(lambda: not grid.sheet.checks.visibleRegion().isEmpty())
        assert grid.sheet.classes.height() >= 100
        assert grid.sheet.classes.geometry().bottom() <= grid.height()


def test_states_without_images(grid: DatasetView) -> None:
    message = grid.message
    assert message.isVisible()
    grid.show_state(Loading(what="Reading images", done=1, total=4))
    assert message.heading.text() == "Reading images… 25 %"
    assert message.bar.isVisible()

    grid.show_state(Failed(reason="The folder is empty."))
    assert message.text.text() == "The folder is empty."
    assert not message.bar.isVisible()

    grid.show_state(NotDownloaded(title="CIFAR-10", size=170_052_171))
    wanted: list[bool] = []
    grid.download_requested.connect(lambda: wanted.append(True))
    message.download.click()
    assert wanted


def test_a_folder_that_cannot_be_used_is_shown_with_its_indentation(
    grid: DatasetView,
) -> None:
    lines = "\n".join(f"    folder {number}/" for number in range(30))
    state = Failed(reason=f"It contains only one class.\n\nIt contains:\n{lines}")
    assert str(state) == "It contains only one class."
    grid.show_state(state)
    text = grid.message.text
    assert text.text() == state.reason
    assert text.alignment() & Qt.AlignmentFlag.AlignLeft
    # It scrolls, so that a low window stays low.
    assert grid.minimumSizeHint().height() < text.heightForWidth(grid.width())
    grid.show_state(Failed(reason="The folder is empty."))
    assert text.alignment() & Qt.AlignmentFlag.AlignHCenter


# Qt's drawing into memory has no windows to raise.
@pytest.mark.qt_log_ignore(r"raise\(\)")
def test_hovering_over_a_sample_enlarges_it(grid: DatasetView) -> None:
    grid.show_state(dataset())
    rows = grid.sheet.classes
    painted(grid)
    row = rows.visualRect(rows.model().index(0, 0))
    line = rows.fontMetrics().height()
    arranged = row_layout(rows.viewport().width(), line, dataset(), rows.devicePixelRatio())
    place = row.topLeft() + arranged.place(2).center().toPoint()
    event = QHelpEvent(QEvent.Type.ToolTip, place, rows.viewport().mapToGlobal(place))
    QApplication.sendEvent(rows.viewport(), event)
    assert "<img" in QToolTip.text()

    place = row.topLeft() + QPoint(20, 20)
    event = QHelpEvent(QEvent.Type.ToolTip, place, rows.viewport().mapToGlobal(place))
    QApplication.sendEvent(rows.viewport(), event)
    assert QToolTip.text() == "class 0: 500 training images, 100 test images"


def paged_dataset(seed: int = 0, counts: tuple[int, ...] = (500, 25, 4)) -> DatasetInfo:
    """Forty samples per class, each in its own color, which encodes class, number and seed."""
    pixels = [
        bytes((10 * row, number, seed)) * SIDE * SIDE for row in range(3) for number in range(40)
    ]
    return dataset(
        train_counts=counts, samples_per_class=40, samples=b"".join(pixels), seed=seed,
        means=bytes((255, 0, 0)) * SIDE * SIDE * 3,
    )  # fmt: skip


def visible(grid: DatasetView, row: int) -> list[tuple[int, int]]:
    """Seed and number of the samples of a class that are painted."""
    images = grid.sheet.model.images(row)[1:]
    return [(each.pixelColor(0, 0).blue(), each.pixelColor(0, 0).green()) for each in images]


def test_next_ten_samples_are_shown_at_once_and_the_selection_stays(grid: DatasetView) -> None:
    wanted: list[bool] = []
    grid.more_requested.connect(lambda: wanted.append(True))
    grid.show_state(paged_dataset())
    rows = grid.sheet.classes
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Right)
    place = rows.currentIndex().row(), rows.column
    assert area(painted(grid), "#000a00") == 0

    QTest.keyClick(grid.sheet.next_page, Qt.Key.Key_Space)

    assert area(painted(grid), "#000a00") == SIDE * SIDE
    assert visible(grid, 0) == [(0, number) for number in range(10, 20)]
    assert (rows.currentIndex().row(), rows.column) == place
    assert rows.selectionModel().selectedIndexes() == [rows.currentIndex()]
    assert wanted == [True]
    # A class with fewer images begins again, one with very few shows all of them.
    grid.sheet.next_page.click()
    assert [number for _, number in visible(grid, 1)] == [*range(20, 25), *range(5)]
    assert [number for _, number in visible(grid, 2)] == [*range(4)]


def test_samples_of_the_next_seed_follow_when_all_were_shown(grid: DatasetView) -> None:
    grid.show_state(paged_dataset())
    for _ in range(3):
        grid.sheet.next_page.click()
    grid.sheet.show_hint("The others could not be read.")
    grid.sheet.add_samples(paged_dataset(seed=7))
    assert not grid.sheet.hint.isVisible()
    assert visible(grid, 0)[0] == (0, 30)

    grid.sheet.next_page.click()
    assert visible(grid, 0) == [(7, number) for number in range(10)]

    for _ in range(4):
        grid.sheet.next_page.click()
    # They have not come in time: better those from before than nothing.
    assert visible(grid, 0)[0] == (7, 0)


def test_next_is_disabled_when_all_images_are_shown(grid: DatasetView) -> None:
    grid.show_state(paged_dataset(counts=(4, 10, 0)))
    assert not grid.sheet.next_page.isEnabled()
    assert grid.sheet.next_page.toolTip() == "All training images are shown"
    grid.show_state(paged_dataset(counts=(4, 11, 0)))
    assert grid.sheet.next_page.isEnabled()


def test_mean_image_is_separated_from_the_samples(grid: DatasetView) -> None:
    grid.show_state(paged_dataset())
    assert area(painted(grid), "#ff0000") == 3 * SIDE * SIDE
    plan = grid.sheet.classes.row_layout
    assert (
        plan.place(1).left() - plan.place(0).right() > plan.place(2).left() - plan.place(1).right()
    )


def test_enter_and_click_choose_a_sample(grid: DatasetView) -> None:
    chosen: list[tuple[str, bytes]] = []
    grid.sample_chosen.connect(lambda name, pixels: chosen.append((name, pixels)))
    grid.show_state(paged_dataset())
    grid.sheet.next_page.click()
    rows = grid.sheet.classes
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Right)
    QTest.keyClick(rows, Qt.Key.Key_Return)
    assert chosen == [("class 1", bytes((10, 11, 0)) * SIDE * SIDE)]

    chosen.clear()
    place = rows.visualRect(rows.model().index(0, 0)).topLeft()
    QTest.mouseClick(
        rows.viewport(), Qt.MouseButton.LeftButton,
        pos=place + rows.row_layout.place(3).center().toPoint(),
    )  # fmt: skip
    assert chosen == [("class 0", bytes((0, 12, 0)) * SIDE * SIDE)]
    assert rows.column == 3

    chosen.clear()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place + QPoint(20, 20))
    assert not chosen


# Qt's drawing into memory has no windows to raise.
@pytest.mark.qt_log_ignore(r"raise\(\)")
def test_mean_image_is_reached_by_keys_and_enlarged(grid: DatasetView) -> None:
    chosen: list[str] = []
    grid.sample_chosen.connect(lambda name, _: chosen.append(name))
    grid.show_state(paged_dataset())
    rows = grid.sheet.classes
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Down)
    for _ in range(3):
        QTest.keyClick(rows, Qt.Key.Key_Left)
    assert rows.column == 0
    QTest.keyClick(rows, Qt.Key.Key_Return)
    assert "<img" in QToolTip.text()
    assert not chosen
    for _ in range(20):
        QTest.keyClick(rows, Qt.Key.Key_Right)
    assert rows.column == 10


@pytest.mark.parametrize(
    ("smallest", "largest", "text"),
    [
        ((32, 32), (32, 32), "32 by 32 pixels, color"),
        ((64, 48), (64, 48), "64 by 48 pixels, color; resized to 32 by 32"),
        (
            (200, 150), (4032, 3024),
            "200 by 150 to 4,032 by 3,024 pixels, color; resized to 32 by 32",
        ),
    ],
)  # fmt: skip
def test_image_sizes_are_shown(
    grid: DatasetView, smallest: tuple[int, int], largest: tuple[int, int], text: str
) -> None:
    grid.show_state(dataset(smallest=smallest, largest=largest))
    assert grid.sheet.shape.text() == text.replace("by", "\N{MULTIPLICATION SIGN}")


def test_grayscale_is_recognized(grid: DatasetView) -> None:
    grid.show_state(dataset(samples=bytes(3 * SAMPLES * SIDE * SIDE * 3)))
    assert "grayscale" in grid.sheet.shape.text()


@pytest.mark.parametrize("width", [200, 300, 460, 620, 900, 1600])
@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_samples_stay_inside_their_row_at_every_width(width: int, ratio: float) -> None:
    arranged = row_layout(width, 17, dataset(), ratio)
    assert arranged.tiles >= 4
    last = arranged.place(arranged.tiles - 1)
    assert last.right() <= width
    assert last.bottom() <= arranged.height
    assert arranged.names > 90
    pixels = arranged.tile * ratio / SIDE
    assert pixels == pytest.approx(round(pixels))


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0])
def test_tiles_are_whole_screen_pixels_between_one_and_two_times(ratio: float) -> None:
    for room in range(10, 200, 7):
        side = tile_side(SIDE, room, ratio)
        assert (side * ratio / SIDE) == pytest.approx(round(side * ratio / SIDE))
        assert 20 <= side <= 64


@pytest.mark.parametrize(("ratio", "side"), [(1.0, 64), (1.5, 64), (2.0, 48)])
def test_tiles_of_large_images_are_no_larger(ratio: float, side: float) -> None:
    assert tile_side(96, 1000, ratio) == side


def test_augmented_images_are_beside_their_originals(window: QWidget) -> None:
    grid = AugmentedGrid(window)
    grid.resize(700, 400)
    grid.show()
    assert "Once the dataset is loaded" in grid.caption.text()
    originals = b"".join(map(tile, COLOURS[:2]))
    augmented = tile(COLOURS[2]) * 2 * 8

    grid.show_images(["cat", "dog"], originals, augmented, side=SIDE, epochs=8)

    picture = painted(grid)
    one = area(picture, COLOURS[0])
    assert one >= SIDE * SIDE
    assert area(picture, COLOURS[1]) == one
    assert area(picture, COLOURS[2]) == 16 * one

    grid.show_message("The data cannot be used.")
    assert grid.caption.text() == "The data cannot be used."
    assert area(painted(grid), COLOURS[2]) == 0


def test_narrow_augmentation_grid_omits_the_last_epochs(window: QWidget) -> None:
    grid = AugmentedGrid(window)
    grid.resize(300, 400)
    grid.show()
    grid.show_images(["cat"], tile(COLOURS[0]), tile(COLOURS[2]) * 8, side=SIDE, epochs=8)
    picture = painted(grid)
    assert area(picture, COLOURS[0]) == SIDE**2
    shown, rest = divmod(area(picture, COLOURS[2]), SIDE**2)
    assert rest == 0
    assert 5 <= shown < 8


@pytest.mark.parametrize("width", [250, 400, 700])
def test_single_image_is_shown_larger_in_all_epochs(window: QWidget, width: int) -> None:
    grid = AugmentedGrid(window)
    grid.resize(width, 700)
    grid.show()
    grid.show_image("cat", tile(COLOURS[0]), tile(COLOURS[2]) * 6, side=SIDE, epochs=6)
    picture = painted(grid)
    original = area(picture, COLOURS[0])
    assert original >= 4 * SIDE * SIDE
    assert area(picture, COLOURS[2]) == 6 * original

    wanted: list[bool] = []
    grid.all_requested.connect(lambda: wanted.append(True))
    grid.offer_all(offered=True)
    grid.back.click()
    assert wanted
    grid.show_images(["cat"], tile(COLOURS[0]), tile(COLOURS[2]) * 8, side=SIDE, epochs=8)
    assert not grid.single.isVisible()
