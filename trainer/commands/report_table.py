"""A report as text and tables, for the command line; printed by `evaluate` and `combine`."""

from itertools import chain
from textwrap import wrap

from trainer.evaluation.accuracy_text import (
    accuracy_text,
    auroc_text,
    brief_accuracy_text,
    is_enough,
)
from trainer.evaluation.report import Report

MAX_WIDTH = 100
"""Width of a table in characters."""
MAX_NAME_WIDTH = 30
MAX_CONFUSIONS = 20
"""Confusions that are listed if the confusion matrix would be too wide."""


def report_text(report: Report) -> str:
    """All metrics of a report, for any number of classes."""
    sections = [_overall, _unknown, _notes, _classes, _confusion]
    lines = [["", *section] for each in sections if (section := each(report))]
    return "\n".join([_headline(report), *chain.from_iterable(lines)])


def _headline(report: Report) -> str:
    trained = (
        f", trained for {report.epochs:.3g} epoch{'s' * (report.epochs != 1)}"
        if report.epochs
        else ""
    )
    images = f"{len(report):,} {report.split} images of {report.data}"
    return f"{report.subject}{trained}, evaluated on {images}"


def _overall(report: Report) -> list[str]:
    figures, images = report.figures, report.figures.images
    error = f"{figures.ece:7.4f}" if is_enough(images) else "too few images"
    accuracy = accuracy_text(figures.accuracy, images).replace(" %", "%")
    lines = [
        f"accuracy                    {accuracy:>7}   image and mirror image, as in use",
        f"accuracy, single pass       {_percent(figures.accuracy_single, images):>7}",
        f"expected calibration error  {error}",
        f"images                      {images:7,}   in {figures.seconds:.1f} s",
    ]
    if figures.accuracy_tta is not None:
        lines.insert(2, f"accuracy, six views         {_percent(figures.accuracy_tta, images):>7}")
    if report.split == "validation":
        lines += ["", "The test images are used only once, at the end of the run."]
    return lines


def _unknown(report: Report) -> list[str]:
    unknown = report.figures.unknown
    if unknown is None:
        return []
    own = report.figures.images
    auroc = auroc_text(unknown.auroc, own, unknown.images, decimals=4)
    return [
        "the verdict “none of the classes”",
        f"said of images of others    {_verdict(unknown.found, unknown.images)}",
        f"said of the network's own   {_verdict(unknown.mistaken, own)}",
        f"AUROC of the energy score   {auroc:>7}",
    ]


def _verdict(share: float, images: int) -> str:
    """How often the verdict was passed, with the likely range if it is of few images."""
    text = f"{accuracy_text(share, images).replace(' %', '%'):>7}"
    return f"{text}   of {images:,}" if is_enough(images) else text


def _notes(report: Report) -> list[str]:
    return [line for note in report.notes for line in wrap(note, MAX_WIDTH)]


def _classes(report: Report) -> list[str]:
    figures, width = report.figures, _name_width(report)
    lines = [f"{'class':{width}}  {'images':>7}  {'recall':>8}  {'precision':>9}"]
    columns = map(sum, zip(*figures.confusion, strict=True))
    for name, counts, predicted in zip(report.classes, figures.confusion, columns, strict=True):
        recall, precision = figures.recall[name], figures.precision[name]
        lines.append(
            f"{_shortened(name, width):{width}}  {sum(counts):7,}"
            f"  {_percent(recall, sum(counts)):>8}  {_percent(precision, predicted):>9}"
        )
    return lines


def _confusion(report: Report) -> list[str]:
    largest = max(map(max, report.figures.confusion))
    cell = max(7, len(f"{largest:,}") + 2)
    width = _name_width(report)
    if width + cell * len(report.classes) > MAX_WIDTH:
        return _worst_confusions(report)
    header = "".join(f"{_cut(name, cell - 2):>{cell}}" for name in report.classes)
    lines = ["confusion matrix (rows: true class, columns: predicted)", f"{'':{width}}{header}"]
    for name, counts in zip(report.classes, report.figures.confusion, strict=True):
        cells = "".join(f"{count:{cell},}" for count in counts)
        lines.append(f"{_shortened(name, width):{width}}{cells}")
    return lines


def _worst_confusions(report: Report) -> list[str]:
    wrong = [
        (count, label, predicted)
        for label, counts in zip(report.classes, report.figures.confusion, strict=True)
        for predicted, count in zip(report.classes, counts, strict=True)
        if count and label != predicted
    ]
    worst = sorted(wrong, key=lambda each: -each[0])[:MAX_CONFUSIONS]
    lines = [
        f"{count:7,}  {_shortened(label, MAX_NAME_WIDTH)} predicted as "
        f"{_shortened(predicted, MAX_NAME_WIDTH)}"
        for count, label, predicted in worst
    ]
    return ["most frequent confusions", *(lines or ["   none"])]


def _name_width(report: Report) -> int:
    return min(MAX_NAME_WIDTH, max(len("class"), *map(len, report.classes)))


def _cut(name: str, width: int) -> str:
    return name if len(name) <= width else f"{name[: width - 1]}…"


def _shortened(name: str, width: int) -> str:
    # In the middle, as names that start alike often differ at the end.
    if len(name) <= width:
        return name
    half = (width - 1) // 2
    return f"{name[:half]}…{name[-half:]}"


def _percent(value: float | None, images: int) -> str:
    return "—" if value is None else brief_accuracy_text(value, images).replace(" %", "%")
