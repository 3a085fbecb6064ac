"""How a verdict comes about and how often it is right, in a paragraph behind a link."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cifar_desktop.ui.formatting import percent
from trainer.inference.prediction import SURE, Verdict

if TYPE_CHECKING:
    from trainer.models.model_file import ModelCard


def explanation(verdict: Verdict, card: "ModelCard") -> str:
    """The paragraph about a verdict, with the shares that were measured for the network.

    Args:
        verdict: What was said of a picture.
        card: The network's; those of earlier versions have no shares, which is then said.
    """
    if verdict == "none":
        return f"{_how_none(card)} {_shares_of_none(card.figures)}"
    return f"{_HOW[verdict]} {_shares(verdict, card.figures)}"


_HOW = {
    "sure": (
        f"The network is sure when it gives a class at least {percent(SURE)} and the picture "
        "resembles what it was trained on."
    ),
    "unsure": (
        f"The network is unsure when it gives no class {percent(SURE)}, although the picture "
        "resembles what it was trained on."
    ),
}


_UNMEASURED = "How often that is wrong was not measured for this network."


def _shares(verdict: Verdict, figures: Mapping[str, float]) -> str:
    share, accuracy = figures.get(f"{verdict}_share"), figures.get(f"{verdict}_accuracy")
    if share is None or accuracy is None:
        return _UNMEASURED
    return (
        f"It was {verdict} of {percent(share)} of the images held out for validation, and right "
        f"about {percent(accuracy)} of those."
    )


def _how_none(card: "ModelCard") -> str:
    fixed = (
        "pictures of other things, held out of training"
        if card.threshold_from == "none"
        else "validation images alone, because the network was trained without other things"
    )
    return (
        "A picture counts as none of the classes when the network responds to it too weakly (its "
        f"energy score, Liu et al. 2020, is below a threshold). The threshold was fixed on {fixed}."
    )


def _shares_of_none(figures: Mapping[str, float]) -> str:
    refused, found = figures.get("refused"), figures.get("none_found")
    if refused is None:
        return _UNMEASURED
    sentence = f"It calls {percent(refused)} of the validation images of its classes none"
    if found is None:
        return f"{sentence}; how many other things it finds was not measured."
    return f"{sentence}, and finds {percent(found)} of the other things."
