"""Which lines the three charts show of the runs; used by the live curves."""

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
"""From so many points on, a line is a band, which in its full colour would outshine the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Those of one run or of several, the last on top."""

    loss: tuple[ChartLine, ...] = ()
    accuracy: tuple[ChartLine, ...] = ()
    rate: tuple[ChartLine, ...] = ()

    def below(self, top: "Lines") -> "Lines":
        """These with others on top."""
        return Lines(
            loss=self.loss + top.loss,
            accuracy=self.accuracy + top.accuracy,
            rate=self.rate + top.rate,
        )


class OwnLines:
    """Makes those of the run that is looked at: progress as a line, epochs as dots."""

    def __init__(self) -> None:
        self._loss = Smoother()
        self._accuracy = Smoother()

    def make(self, run: RunCurves, ink: ChartPalette, weight: float) -> Lines:
        """The lines, smoothed where the weight is above zero."""
        loss = run.loss, self._loss.smooth(run.loss, weight)
        percent = 100 * run.accuracy
        accuracy = percent, self._accuracy.smooth(percent, weight)
        epochs = 100 * run.train_accuracy, 100 * run.validation_accuracy
        return Lines(
            loss=(
                *_progress(run.x, *loss, ink),
                *_epochs(run.epoch_x, run.train_loss, run.validation_loss, ink),
            ),
            accuracy=(
                *_progress(run.x, *accuracy, ink),
                *_epochs(run.epoch_x, *epochs, ink),
            ),
            rate=(ChartLine(x=run.x, y=run.rate, color=ink.training),),
        )


def other_lines(runs: Sequence[RunCurves], ink: ChartPalette, weight: float) -> Lines:
    """Earlier runs: validation dashed, training thin and faint, each run in its hue."""
    lines = Lines()
    for index, run in enumerate(runs):
        lines = _other(run, ink, index, weight).below(lines)
    return lines


def _progress(x: Floats, raw: Floats, calm: Floats, ink: ChartPalette) -> tuple[ChartLine, ...]:
    """The line of training as it is, always; if it is smoothed, faint and with the other on top."""
    if calm is raw:
        strong = mixed(ink.training, ink.ground, _DENSE) if len(x) > _MANY else ink.training
        return (ChartLine(x=x, y=raw, color=strong, width=1.0),)
    faint = mixed(ink.training, ink.ground, _FAINT)
    return (
        ChartLine(x=x, y=raw, color=faint, width=1.0),
        ChartLine(x=x, y=calm, color=ink.training, width=1.8, calm=True),
    )


def _epochs(
    x: Floats, training: Floats, validation: Floats, ink: ChartPalette
) -> tuple[ChartLine, ...]:
    dots = Qt.PenStyle.NoPen
    return (
        ChartLine(x=x, y=training, color=ink.training, dots=7.0, style=dots),
        ChartLine(x=x, y=validation, color=ink.validation, dots=7.0, width=1.8),
    )


def _other(run: RunCurves, ink: ChartPalette, index: int, weight: float) -> Lines:
    hue = ink.other(index)
    behind, dashed = mixed(hue, ink.ground, _BEHIND), Qt.PenStyle.CustomDashLine

    def pair(steps: Floats, epochs: Floats) -> tuple[ChartLine, ...]:
        calm = Smoother().smooth(steps, weight)
        return (
            ChartLine(x=run.x, y=calm, color=behind, width=1.0),
            ChartLine(x=run.epoch_x, y=epochs, color=hue, width=1.4, style=dashed),
        )

    return Lines(
        loss=pair(run.loss, run.validation_loss),
        accuracy=pair(100 * run.accuracy, 100 * run.validation_accuracy),
        rate=(ChartLine(x=run.x, y=run.rate, color=hue, style=dashed, width=1.0),),
    )
