"""The lines that the three charts draw for each run."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt

from cifar_desktop.training.widgets.curves.axis_math import Floats
from cifar_desktop.training.widgets.curves.chart_line import ChartLine
from cifar_desktop.training.widgets.curves.run_curves import RunCurves
from cifar_desktop.training.widgets.curves.smoothing import Smoother
from cifar_desktop.ui.chart_palette import ChartPalette, mixed

_FAINT = 0.32
_BEHIND = 0.28
_DENSE = 0.6
_MANY = 3000
"""With more points, a line becomes a band that would dominate the chart in its full color."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartLines:
    """The lines of each chart, the last on top."""

    loss: tuple[ChartLine, ...] = ()
    accuracy: tuple[ChartLine, ...] = ()
    rate: tuple[ChartLine, ...] = ()

    def under(self, top: "ChartLines") -> "ChartLines":
        """These lines with others on top."""
        return ChartLines(
            loss=self.loss + top.loss,
            accuracy=self.accuracy + top.accuracy,
            rate=self.rate + top.rate,
        )


class RunLines:
    """Makes the lines of the selected run: steps as a line, epochs as dots."""

    def __init__(self) -> None:
        self._loss = Smoother()
        self._accuracy = Smoother()

    def make(self, run: RunCurves, colors: ChartPalette, weight: float) -> ChartLines:
        """The lines; with a weight above zero, smoothed training lines too."""
        loss = run.loss, self._loss.smooth(run.loss, weight)
        percent = 100 * run.accuracy
        accuracy = percent, self._accuracy.smooth(percent, weight)
        epochs = 100 * run.train_accuracy, 100 * run.validation_accuracy
        return ChartLines(
            loss=(
                *_steps(run.x, *loss, colors),
                *_epochs(run, run.train_loss, run.validation_loss, colors),
            ),
            accuracy=(
                *_steps(run.x, *accuracy, colors),
                *_epochs(run, *epochs, colors),
            ),
            rate=(ChartLine(x=run.x, y=run.rate, color=colors.training, smooth=True),),
        )


def comparison_lines(runs: Sequence[RunCurves], colors: ChartPalette, weight: float) -> ChartLines:
    """Other runs: validation dashed, training thin and faint, one hue per run."""
    lines = ChartLines()
    for index, run in enumerate(runs):
        lines = _other(run, colors, index, weight).under(lines)
    return lines


def _steps(x: Floats, raw: Floats, smooth: Floats, colors: ChartPalette) -> tuple[ChartLine, ...]:
    """The raw training line; if smoothing is on, it is faint with the smoothed line on top."""
    if smooth is raw:
        strong = (
            mixed(colors.training, colors.ground, _DENSE) if len(x) > _MANY else colors.training
        )
        return (ChartLine(x=x, y=raw, color=strong, width=1.0),)
    faint = mixed(colors.training, colors.ground, _FAINT)
    return (
        ChartLine(x=x, y=raw, color=faint, width=1.0),
        ChartLine(x=x, y=smooth, color=colors.training, width=2.0, smooth=True, fitted=False),
    )


def _epochs(
    run: RunCurves, training: Floats, validation: Floats, colors: ChartPalette
) -> tuple[ChartLine, ...]:
    """Validation with dots; training by epoch only where no steps were recorded."""
    x, dots = run.epoch_x, Qt.PenStyle.NoPen
    alone = ChartLine(x=x, y=training, color=colors.training, dots=7.0, style=dots)
    checked = ChartLine(x=x, y=validation, color=colors.validation, dots=7.0, width=2.0)
    return (checked,) if len(run.x) else (alone, checked)


def _other(run: RunCurves, colors: ChartPalette, index: int, weight: float) -> ChartLines:
    hue = colors.other(index)
    behind, dashed = mixed(hue, colors.ground, _BEHIND), Qt.PenStyle.CustomDashLine

    def pair(steps: Floats, epochs: Floats) -> tuple[ChartLine, ...]:
        smooth = Smoother().smooth(steps, weight)
        return (
            ChartLine(x=run.x, y=smooth, color=behind, width=1.0),
            ChartLine(x=run.epoch_x, y=epochs, color=hue, width=1.6, style=dashed),
        )

    return ChartLines(
        loss=pair(run.loss, run.validation_loss),
        accuracy=pair(100 * run.accuracy, 100 * run.validation_accuracy),
        rate=(ChartLine(x=run.x, y=run.rate, color=hue, style=dashed, width=1.0, smooth=True),),
    )
