"""What the paragraph behind a verdict says, and that it is shown when asked for."""

from msgspec.structs import replace
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from cifar_desktop.classify.verdict_text import explanation
from cifar_desktop.classify.widgets.prediction_panel import PredictionPanel, PredictionText
from tests.trainer.tiny import tiny_card

FIGURES = {
    "refused": 0.04, "none_found": 0.87, "sure_share": 0.9, "sure_accuracy": 0.98,
    "unsure_share": 0.06, "unsure_accuracy": 0.61,
}  # fmt: skip


def test_each_verdict_says_how_it_comes_about_and_how_often_it_is_right() -> None:
    card = tiny_card(figures=FIGURES, threshold_from="none")
    sure, unsure, none = (explanation(verdict, card) for verdict in ("sure", "unsure", "none"))
    assert "at least 60 %" in sure
    assert "sure of 90 % of the images" in sure
    assert "right about 98 % of those" in sure
    assert "unsure of 6 % of the images" in unsure
    assert "right about 61 %" in unsure
    assert "fixed on pictures of other things" in none
    assert "calls 4 % of the validation images of its classes none, and finds 87 %" in none


def test_without_other_things_nothing_is_claimed_about_them() -> None:
    none = explanation("none", tiny_card(figures={"refused": 0.05}))
    assert "on validation images alone" in none
    assert "was not measured" in none


def test_a_network_of_an_earlier_version_has_no_shares() -> None:
    for verdict in ("sure", "unsure", "none"):
        text = explanation(verdict, replace(tiny_card(), figures={}))
        assert "%" not in text.replace("60 %", "")
        assert "was not measured for this network" in text


def test_the_paragraph_is_shown_when_asked_for(qtbot: QtBot) -> None:
    panel = PredictionPanel()
    qtbot.addWidget(panel)
    panel.show_prediction(
        PredictionText(
            verdict="sure",
            headline="Cat",
            hint="The whole picture",
            explanation="How it comes about.",
            bars=[("Cat", 0.9, "90 %")],
            every="All one",
            facts=[],
            digest="",
            seen=QImage(),
            seen_caption="",
        )
    )
    explanation = panel.facts.explanation
    assert not explanation.isVisibleTo(panel)
    panel.why.button.click()
    assert explanation.isVisibleTo(panel)
    assert explanation.text() == "How it comes about."
    panel.why.button.click()
    assert not explanation.isVisibleTo(panel)
