"""What the table of runs shows of each, and in which columns.

The Training tab makes the rows; `runs_model` keeps them, `runs_table` shows them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QColor

from cifar_desktop.ui.table_text import natural_sort_key


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run, ready to be shown.

    Attributes:
        key: Tells it from all others; signals carry it.
        name: What the person calls it.
        date: When it was begun, in words.
        began: The same as a number, for sorting.
        recipe: The recipe it was begun with.
        data: The pictures it learns from.
        device: What it runs on.
        epochs: How far it is, such as "4 of 8".
        fraction: The same from 0 to 1.
        validation: Its best accuracy on the validation pictures, in words; may be empty.
        validation_value: The same as a number, or None.
        test: Its accuracy on the test pictures, in words; may be empty.
        test_value: The same as a number, or None.
        duration: How long it has trained, in words.
        seconds: The same as a number, or None.
        state: What it is doing, in a word or two.
        remark: More about its state, for the tooltip; may be empty.
        active: Whether it is training or waits for its turn, so that it can be stopped.
        resumable: Whether it can go on.
        usable: Whether it has a network that can be used.
        deletable: Whether it can be deleted now.
        color: Color of its curve while runs are compared, or None.
    """

    key: str
    name: str
    date: str = ""
    began: float | None = None
    recipe: str = ""
    data: str = ""
    device: str = ""
    epochs: str = ""
    fraction: float = 0.0
    validation: str = ""
    validation_value: float | None = None
    test: str = ""
    test_value: float | None = None
    duration: str = ""
    seconds: float | None = None
    state: str = ""
    hint: str = ""
    active: bool = False
    resumable: bool = False
    usable: bool = False
    deletable: bool = True
    color: QColor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunColumn:
    """One column of the table.

    Attributes:
        title: Its heading.
        text: What it shows of a run.
        value: What it is sorted by; None comes last in either order.
        sample: A text as wide as most of what it shows.
        numeric: Whether it shows numbers, which are aligned right.
    """

    title: str
    text: Callable[[RunRow], str]
    value: Callable[[RunRow], Any]
    sample: str
    numeric: bool = False

    @property
    def falling(self) -> bool:
        """Whether the largest come first when it is sorted by it anew: of numbers and dates."""
        return self.numeric or self.title == "Begun"


COLUMNS = (
    # The box is data of its own role, and sorted by the model, which knows what is compared.
    RunColumn(title="Compare", text=lambda _: "", value=lambda _: None, sample=""),
    RunColumn(
        title="Name",
        text=lambda row: row.name,
        value=lambda row: natural_sort_key(row.name),
        sample="a run with a name",
    ),
    RunColumn(
        title="State",
        text=lambda row: row.state,
        value=lambda row: natural_sort_key(row.state),
        sample="Interrupted",
    ),
    RunColumn(
        title="Epochs",
        text=lambda row: row.epochs,
        value=lambda row: natural_sort_key(row.epochs),
        sample="100 of 100",
        numeric=True,
    ),
    RunColumn(
        title="Validation",
        text=lambda row: row.validation,
        value=lambda row: row.validation_value,
        sample="100.0 %",
        numeric=True,
    ),
    RunColumn(
        title="Test",
        text=lambda row: row.test,
        value=lambda row: row.test_value,
        sample="100.0 %",
        numeric=True,
    ),
    RunColumn(
        title="Duration",
        text=lambda row: row.duration,
        value=lambda row: row.seconds,
        sample="12 min 34 s",
        numeric=True,
    ),
    RunColumn(
        title="Recipe",
        text=lambda row: row.recipe,
        value=lambda row: natural_sort_key(row.recipe),
        sample="simple-cnn",
    ),
    RunColumn(
        title="Data",
        text=lambda row: row.data,
        value=lambda row: natural_sort_key(row.data),
        sample="CIFAR-10 pics",
    ),
    RunColumn(
        title="Device",
        text=lambda row: row.device,
        value=lambda row: natural_sort_key(row.device),
        sample="NVIDIA RTX 4090",
    ),
    RunColumn(
        title="Begun",
        text=lambda row: row.date,
        value=lambda row: row.began,
        sample="20 Nov 2026, 23:59",
    ),
)
TITLES = tuple(column.title for column in COLUMNS)
COMPARE, NAME, STATE, EPOCHS = (
    TITLES.index(title) for title in ("Compare", "Name", "State", "Epochs")
)
BEGUN = TITLES.index("Begun")
