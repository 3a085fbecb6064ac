"""A report in words and columns, for the command line; printed by `evaluate` and `combine`."""

from trainer.evaluation.report import Report

WIDEST = 100
"""Columns of a terminal that a table may take."""
LONGEST_NAME = 30
CONFUSIONS = 20
"""How many are named where the whole matrix would be too wide."""


def figures_text(report: Report) -> str:
    """All figures of a report, however many classes there are."""
    return "\n".join(
        [_headline(report), "", *_overall(report), "", *_classes(report), "", *_confusion(report)]
    )


def _headline(report: Report) -> str:
    trained = f", trained for {report.epochs:.3g} epochs" if report.epochs else ""
    images = f"{len(report):,} {report.split} images of {report.data}"
    return f"{report.subject}{trained}, judged by {images}"


def _overall(report: Report) -> list[str]:
    figures = report.figures
    lines = [
        f"accuracy              {figures.accuracy:7.2%}   as the program answers",
        f"accuracy, one pass    {figures.accuracy_single:7.2%}",
        f"accuracy, six views   {figures.accuracy_tta:7.2%}",
        f"calibration error     {figures.ece:7.4f}",
        f"images                {figures.images:7,}   in {figures.seconds:.1f} s",
    ]
    if report.split == "validation":
        lines += ["", "The test images are scored once, at the end of the run."]
    return lines


def _classes(report: Report) -> list[str]:
    figures, width = report.figures, _name_width(report)
    lines = [f"{'class':{width}}  {'images':>7}  {'accuracy':>8}  {'precision':>9}"]
    for name, counts in zip(report.classes, figures.confusion, strict=True):
        accuracy, precision = figures.per_class[name], figures.precision[name]
        lines.append(
            f"{_shortened(name, width):{width}}  {sum(counts):7,}  {_share(accuracy):>8}"
            f"  {_share(precision):>9}"
        )
    return lines


def _confusion(report: Report) -> list[str]:
    largest = max(map(max, report.figures.confusion))
    cell = max(7, len(f"{largest:,}") + 2)
    width = _name_width(report)
    if width + cell * len(report.classes) > WIDEST:
        return _worst_confusions(report)
    head = "".join(f"{_cut(name, cell - 2):>{cell}}" for name in report.classes)
    lines = ["confusion: rows are what is shown, columns what was answered", f"{'':{width}}{head}"]
    for name, counts in zip(report.classes, report.figures.confusion, strict=True):
        cells = "".join(f"{count:{cell},}" for count in counts)
        lines.append(f"{_shortened(name, width):{width}}{cells}")
    return lines


def _worst_confusions(report: Report) -> list[str]:
    wrong = [
        (count, shown, answered)
        for shown, counts in zip(report.classes, report.figures.confusion, strict=True)
        for answered, count in zip(report.classes, counts, strict=True)
        if count and shown != answered
    ]
    worst = sorted(wrong, key=lambda each: -each[0])[:CONFUSIONS]
    lines = [
        f"{count:7,}  {_shortened(shown, LONGEST_NAME)} taken for "
        f"{_shortened(answered, LONGEST_NAME)}"
        for count, shown, answered in worst
    ]
    return ["most frequent confusions", *(lines or ["   none"])]


def _name_width(report: Report) -> int:
    return min(LONGEST_NAME, max(len("class"), *map(len, report.classes)))


def _cut(name: str, width: int) -> str:
    return name if len(name) <= width else f"{name[: width - 1]}…"


def _shortened(name: str, width: int) -> str:
    # In the middle: names that begin alike often differ at the end.
    if len(name) <= width:
        return name
    half = (width - 1) // 2
    return f"{name[:half]}…{name[-half:]}"


def _share(share: float | None) -> str:
    return "—" if share is None else f"{share:.2%}"
