"""The threshold of “none of these”, and how often verdicts are right on held-out images."""

import pytest
import torch

from trainer.evaluation.verdicts import MOST_REFUSED, none_threshold, verdict_figures

KNOWN = torch.arange(1000) / 1000


def test_without_other_things_one_in_twenty_is_refused() -> None:
    threshold = none_threshold(KNOWN, torch.zeros(0))
    assert (threshold > KNOWN).double().mean() == pytest.approx(MOST_REFUSED, abs=0.002)


def test_other_things_that_lie_apart_cost_no_image_of_the_classes() -> None:
    others = torch.linspace(-2, -1, 50)
    threshold = none_threshold(KNOWN, others)
    assert (others < threshold).all()
    assert not (threshold > KNOWN).any()


def test_other_things_among_the_classes_never_cost_more_than_one_in_twenty() -> None:
    threshold = none_threshold(KNOWN, KNOWN / 2)
    assert (threshold > KNOWN).double().mean() == pytest.approx(MOST_REFUSED, abs=0.002)


def test_a_single_image_is_enough() -> None:
    assert none_threshold(torch.tensor([0.5]), torch.tensor([0.1])) == pytest.approx(0.5)


def test_shares_of_verdicts() -> None:
    logits = torch.tensor([[9.0, 0.0], [9.0, 0.0], [5.2, 5.0], [0.1, 0.0]])
    labels = torch.tensor([0, 1, 0, 0])
    others = torch.tensor([[0.2, 0.0], [8.0, 0.0]])
    figures = verdict_figures(logits, labels, others, threshold=3.0)
    assert figures == {
        "refused": 0.25,
        "sure_share": 0.5,
        "sure_accuracy": 0.5,
        "unsure_share": 0.25,
        "unsure_accuracy": 1.0,
        "none_found": 0.5,
        "none_auroc": 0.625,
    }


def test_a_verdict_that_is_never_given_has_no_accuracy() -> None:
    logits = torch.tensor([[9.0, 0.0], [8.0, 0.0]])
    figures = verdict_figures(logits, torch.tensor([0, 0]), torch.zeros(0, 2), threshold=0.0)
    assert figures == {
        "refused": 0.0, "sure_share": 1.0, "sure_accuracy": 1.0, "unsure_share": 0.0
    }  # fmt: skip
