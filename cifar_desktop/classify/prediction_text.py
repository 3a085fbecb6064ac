"""Turns answers into what the panel shows and what the clipboard gets; used by `answering`."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from cifar_desktop.classify import wording
from cifar_desktop.classify.services.picture_offer import LoadedPicture
from cifar_desktop.classify.widgets.crop_geometry import is_whole
from cifar_desktop.classify.widgets.prediction_panel import BARS, AnswerText
from cifar_desktop.networks.services.model_service import Answer
from trainer.images.crop import Crop

if TYPE_CHECKING:
    from trainer.models.model_file import ModelCard


def crop_of(part: QRectF) -> Crop | None:
    """The part of a picture as the network is asked about it; None for all of it."""
    if is_whole(part):
        return None
    right, bottom = min(part.right(), 1.0), min(part.bottom(), 1.0)
    return Crop(left=max(part.left(), 0.0), top=max(part.top(), 0.0), right=right, bottom=bottom)


def answer_text(answer: Answer, picture: LoadedPicture, part: QRectF) -> AnswerText:
    """An answer as the panel shows it."""
    prediction, side = answer.prediction, answer.card.input_size
    return AnswerText(
        headline=wording.headline(prediction),
        remark=wording.remark(prediction),
        bars=[
            (
                wording.capital(wording.readable(one.name)),
                one.probability,
                wording.percent(one.probability),
            )
            for one in prediction.top(BARS)
        ],
        faint=prediction.verdict == "none",
        facts=[
            ("Network", _name(answer)),
            ("Tested", _accuracy(answer.card) or "not yet"),
            ("Time", wording.duration(prediction.seconds)),
            ("Picture", _picture_text(picture, part)),
        ],
        seen=_seen(answer),
        seen_caption=f"What the network sees:\n{wording.size(side, side)} pixels",
    )


def copied_text(answer: Answer, picture: LoadedPicture) -> str:
    """An answer as a few lines of plain text."""
    prediction = answer.prediction
    lines = [
        f"{wording.readable(one.name)}: {wording.percent(one.probability)}"
        for one in prediction.top(BARS)
    ]
    return "\n".join(
        [
            f"{picture.name}: {wording.headline(prediction)}",
            *lines,
            f"(CIFAR Desktop, network {network_text(answer)})",
        ]
    )


def class_names(card: "ModelCard") -> list[str]:
    """What the network tells apart, as one writes it."""
    return [wording.readable(name) for name in card.classes]


def network_text(answer: Answer) -> str:
    """Which network answered and how good it is."""
    return ", ".join(filter(None, (_name(answer), _accuracy(answer.card))))


def _name(answer: Answer) -> str:
    recipe = answer.card.recipe
    return f"{answer.network} ({recipe})" if recipe else answer.network


def accuracy(card: "ModelCard") -> str:
    """How many pictures of its test a network got right; empty if it was not tested."""
    figure = card.figures.get("accuracy")
    return "" if figure is None else f"{figure * 100:.1f} %"


def _accuracy(card: "ModelCard") -> str:
    figure = accuracy(card)
    return f"{figure} right" if figure else ""


def _picture_text(picture: LoadedPicture, part: QRectF) -> str:
    if is_whole(part):
        return f"{picture.format}, {wording.size(picture.width, picture.height)}"
    width, height = part.width() * picture.width, part.height() * picture.height
    return f"{wording.size(width, height)} of {wording.size(picture.width, picture.height)}"


def _seen(answer: Answer) -> QImage:
    side = answer.card.input_size
    view = QImage(answer.prediction.seen, side, side, 3 * side, QImage.Format.Format_RGB888)
    return view.copy()  # The view borrows the bytes; the copy owns its own.
