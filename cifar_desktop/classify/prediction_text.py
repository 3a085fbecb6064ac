"""Puts predictions into words for the panel and the clipboard."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from cifar_desktop.classify.services.picture_offer import LoadedPicture
from cifar_desktop.classify.verdict_text import explanation
from cifar_desktop.classify.widgets.crop_geometry import is_whole
from cifar_desktop.classify.widgets.prediction_panel import BARS, PredictionText
from cifar_desktop.networks.card_text import accuracy, accuracy_with_range, calibration
from cifar_desktop.networks.services.model_service import Classification
from cifar_desktop.ui import formatting
from cifar_desktop.ui.formatting import capital, readable
from trainer.images.crop import Crop
from trainer.inference.prediction import Prediction

_NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


_MOST_BARS = 100
"""A network may know thousands of classes, and nobody reads so many bars."""
_PERHAPS_FROM = 0.05
_FEW_CLASSES = 5


def with_article(name: str) -> str:
    """A class name with its indefinite article."""
    name = readable(name)
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def headline(prediction: Prediction) -> str:
    """The prediction in a few words, such as "Probably a cat, perhaps a dog"."""
    first, *others = prediction.classes
    if prediction.verdict == "none":
        return f"Probably none of the {count(len(prediction.classes))}"
    if prediction.verdict == "sure":
        return capital(readable(first.name))
    words = f"Probably {with_article(first.name)}"
    if others and others[0].probability >= _PERHAPS_FROM:
        words += f", perhaps {with_article(others[0].name)}"
    return words


def hint(prediction: Prediction) -> str:
    """A hint for a prediction that is not sure; empty if it is."""
    if prediction.verdict == "none":
        closest = with_article(prediction.classes[0].name)
        return f"Its best guess is {closest}. The percentages mean little here."
    crop = "Cropping to the object may help." if prediction.verdict == "unsure" else ""
    return " ".join(filter(None, (crop, _limits(prediction))))


def _limits(prediction: Prediction) -> str:
    """That a network of few classes takes other things for one of them; empty for many classes.

    Its energy score hardly tells them apart, because it has learned no more than what
    distinguishes its own classes (docs/accuracy.md has figures).
    """
    names = sorted(readable(each.name) for each in prediction.classes)
    if len(names) > _FEW_CLASSES:
        return ""
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"This network knows only {listed}, and often takes other things for one of them."


def count(number: int) -> str:
    """The number of classes: a word for a small one."""
    return _NUMBERS[number] if 0 < number < len(_NUMBERS) else f"{number} classes"


if TYPE_CHECKING:
    from trainer.models.model_file import ModelCard


def crop_of(crop: QRectF) -> Crop | None:
    """The crop in the trainer's type; None for the whole picture."""
    if is_whole(crop):
        return None
    right, bottom = min(crop.right(), 1.0), min(crop.bottom(), 1.0)
    return Crop(left=max(crop.left(), 0.0), top=max(crop.top(), 0.0), right=right, bottom=bottom)


def panel_text(
    classification: Classification, picture: LoadedPicture, crop: QRectF
) -> PredictionText:
    """A prediction as the panel shows it."""
    prediction, side = classification.prediction, classification.card.input_size
    return PredictionText(
        verdict=prediction.verdict,
        headline=headline(prediction),
        hint=hint(prediction) or ("The whole picture" if is_whole(crop) else "Only the crop"),
        explanation=explanation(prediction.verdict, classification.card),
        bars=[
            (
                formatting.capital(formatting.readable(one.name)),
                one.probability,
                formatting.percent(one.probability),
            )
            for one in prediction.top(_MOST_BARS)
        ],
        every=_every(len(prediction.classes)),
        facts=[
            ("Network", _name(classification)),
            ("Test accuracy", accuracy_with_range(classification.card) or "not tested"),
            *_calibration(classification.card),
            ("Time", formatting.duration(prediction.seconds)),
            ("Picture", _picture_text(picture, crop)),
            *_note(picture),
        ],
        digest=f"{capital(classification.network)}, {formatting.duration(prediction.seconds)}",
        seen=_seen(classification),
        seen_caption=f"{formatting.size(side, side)} pixels",
    )


def _every(classes: int) -> str:
    return f"All {count(classes)}" if classes <= _MOST_BARS else f"First {_MOST_BARS}"


def download(got: int, expected: int | None, seconds: float) -> str:
    """The progress of a download, with the time that is left if that can be said.

    Args:
        got: Bytes so far.
        expected: Bytes in all, if known.
        seconds: Time so far.
    """
    progress = formatting.progress(got, expected)
    if not expected or not 0 < got < expected or seconds < 1:
        return progress
    return f"{progress}, {formatting.roughly(seconds * (expected - got) / got)} left"


def others(picture: LoadedPicture, files: int) -> str:
    """How many of the offered pictures are not shown; empty if there was only this one.

    Args:
        picture: The picture that is shown.
        files: Number of files and folders that were offered.
    """
    folder = picture.folder
    if files > 1:
        received = f"{files:,} files received"
    elif folder is not None and folder.is_dataset:
        return (
            f"“{folder.path.name}” looks like a dataset: {len(folder.pictures):,} pictures in "
            f"subfolders. The first is shown: “{picture.name}”."
        )
    elif folder is not None and len(folder.pictures) > 1:
        received = f"“{folder.path.name}” holds {len(folder.pictures):,} pictures"
    else:
        return ""
    return f"{received}, but only one picture is shown at a time: “{picture.name}”."


def copied_text(classification: Classification, picture: LoadedPicture) -> str:
    """A prediction as a few lines of plain text."""
    prediction = classification.prediction
    lines = [
        f"{formatting.readable(one.name)}: {formatting.percent(one.probability)}"
        for one in prediction.top(BARS)
    ]
    return "\n".join(
        [
            f"{picture.name}: {headline(prediction)}",
            *lines,
            f"(CIFAR Desktop, network {network_text(classification)})",
        ]
    )


def network_text(classification: Classification) -> str:
    """Which network was used, and its accuracy."""
    return ", ".join(filter(None, (_name(classification), _accuracy(classification.card))))


def _name(classification: Classification) -> str:
    recipe = classification.card.recipe
    return f"{classification.network} ({recipe})" if recipe else classification.network


def _accuracy(card: "ModelCard") -> str:
    figure = accuracy(card)
    return f"{figure} test accuracy" if figure else ""


def _picture_text(picture: LoadedPicture, crop: QRectF) -> str:
    if is_whole(crop):
        return f"{picture.format}, {formatting.size(picture.width, picture.height)}"
    width, height = crop.width() * picture.width, crop.height() * picture.height
    return f"{formatting.size(width, height)} of {formatting.size(picture.width, picture.height)}"


def _calibration(card: "ModelCard") -> list[tuple[str, str]]:
    """A warning about the percentages, as a fact; none if they were calibrated on enough images."""
    text = calibration(card)
    return [("Percentages", f"{formatting.capital(text)}: take them with caution")] if text else []


def _note(picture: LoadedPicture) -> list[tuple[str, str]]:
    """What was assumed about a picture, as a fact; none if nothing was."""
    return [("Note", formatting.capital("; ".join(picture.notes)))] if picture.notes else []


def _seen(classification: Classification) -> QImage:
    side = classification.card.input_size
    view = QImage(classification.prediction.seen, side, side, 3 * side, QImage.Format.Format_RGB888)
    return view.copy()  # The view borrows the bytes.
