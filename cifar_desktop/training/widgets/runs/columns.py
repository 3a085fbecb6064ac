"""The rows and columns of the runs table; `run_text` makes the rows, `model` keeps them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cifar_desktop.ui.table_text import natural_sort_key


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run as the table shows it.

    Attributes:
        key: Identifies it; used by the signals.
        name: The name that the user gave it.
        date: Date of its first start, as text.
        began: The same in seconds since 1970, for sorting.
        recipe: Name of the recipe.
        data: Name of the dataset.
        device: Name of the device.
        epochs: Progress, such as "4 of 8".
        fraction: Progress from 0 to 1.
        validation: Best validation accuracy, as text; may be empty.
        validation_value: The same from 0 to 1, or None.
        test: Test accuracy, as text; may be empty.
        test_value: The same from 0 to 1, or None.
        duration: Time spent training, as text.
        seconds: The same in seconds, or None.
        state: The state, in a word or two.
        hint: More about the state, for the tooltip; may be empty.
        active: Whether it trains or waits for its device, so that it can be stopped.
        resumable: Whether it can be resumed.
        usable: Whether it has a network that can be used.
        deletable: Whether it can be deleted now.
        icon: Icon of the state, or nothing.
        tone: Role of the color of that icon.
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
    icon: str = ""
    tone: str = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunColumn:
    """One column of the table.

    Attributes:
        title: The heading.
        text: The text for a run.
        value: The value to sort by; None comes last in either order.
        sample: A text of typical width.
        hint: What it shows, for its tooltip.
        numeric: Whether it shows numbers, which are aligned right.
    """

    title: str
    text: Callable[[RunRow], str]
    value: Callable[[RunRow], Any]
    sample: str
    hint: str
    numeric: bool = False

    @property
    def falling(self) -> bool:
        """Whether it sorts in descending order at first, as numbers and dates do."""
        return self.numeric or self.title == "Started"


COLUMNS = (
    # The model has the checkboxes, and sorts by them.
    RunColumn(
        title="Compare",
        text=lambda _: "",
        value=lambda _: None,
        sample="",
        hint="Show the curves of the run beside those of the selected one",
    ),
    RunColumn(
        title="Name",
        text=lambda row: row.name,
        value=lambda row: natural_sort_key(row.name),
        sample="a run with a name",
        hint="Name of the run; F2 changes it",
    ),
    RunColumn(
        title="State",
        text=lambda row: row.state,
        value=lambda row: natural_sort_key(row.state),
        sample="Interrupted",
        hint="Whether the run is training, waiting, stopped or finished",
    ),
    RunColumn(
        title="Epochs",
        text=lambda row: row.epochs,
        value=lambda row: natural_sort_key(row.epochs),
        sample="100 of 100",
        hint="Finished epochs of all epochs",
        numeric=True,
    ),
    RunColumn(
        title="Validation",
        text=lambda row: row.validation,
        value=lambda row: row.validation_value,
        sample="100.0 %",
        hint="Best accuracy on the validation split so far",
        numeric=True,
    ),
    RunColumn(
        title="Test",
        text=lambda row: row.test,
        value=lambda row: row.test_value,
        sample="100.0 %",
        hint="Test accuracy of the finished network",
        numeric=True,
    ),
    RunColumn(
        title="Duration",
        text=lambda row: row.duration,
        value=lambda row: row.seconds,
        sample="12 min 34 s",
        hint="Time spent training",
        numeric=True,
    ),
    RunColumn(
        title="Recipe",
        text=lambda row: row.recipe,
        value=lambda row: natural_sort_key(row.recipe),
        sample="simple-cnn",
        hint="Recipe that the settings are based on",
    ),
    RunColumn(
        title="Started",
        text=lambda row: row.date,
        value=lambda row: row.began,
        sample="Yesterday, 23:59",
        hint="When the run was first started",
    ),
    RunColumn(
        title="Data",
        text=lambda row: row.data,
        value=lambda row: natural_sort_key(row.data),
        sample="CIFAR-10 pics",
        hint="Dataset",
    ),
    RunColumn(
        title="Device",
        text=lambda row: row.device,
        value=lambda row: natural_sort_key(row.device),
        sample="NVIDIA RTX 4090",
        hint="Device and precision",
    ),
)
TITLES = tuple(column.title for column in COLUMNS)
COMPARE, NAME, STATE, EPOCHS = (
    TITLES.index(title) for title in ("Compare", "Name", "State", "Epochs")
)
STARTED = TITLES.index("Started")
LESSER = tuple(TITLES.index(title) for title in ("Data", "Device"))
"""Columns that are hidden at first."""
