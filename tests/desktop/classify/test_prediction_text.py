import pytest

from cifar_desktop.classify.prediction_text import headline, hint
from cifar_desktop.ui import formatting
from trainer.inference.prediction import ClassProbability, Prediction, Verdict


def _prediction(verdict: Verdict, *pairs: tuple[str, float]) -> Prediction:
    classes = tuple(ClassProbability(name=name, probability=p) for name, p in pairs)
    return Prediction(classes=classes, verdict=verdict, energy_score=0.0, seen=b"", seconds=0.004)


def test_headlines() -> None:
    two = (("cat", 0.6), ("airplane", 0.3))
    assert headline(_prediction("sure", *two)) == "Cat"
    assert headline(_prediction("unsure", *two)) == "Probably a cat, perhaps an airplane"
    assert headline(_prediction("none", *two)) == "Probably none of the two"


def test_unlikely_second_class_is_not_mentioned() -> None:
    prediction = _prediction("unsure", ("automobile", 0.97), ("dog", 0.01))

    assert headline(prediction) == "Probably an automobile"


def test_classes_of_other_datasets() -> None:
    many = tuple((f"class_{number}", 0.01) for number in range(37))

    assert headline(_prediction("none", *many)) == "Probably none of the 37 classes"
    assert headline(_prediction("sure", ("golden_retriever", 1.0))) == "Golden retriever"
    assert headline(_prediction("sure", ("_", 1.0))) == "(no name)"


def test_no_hint_when_sure() -> None:
    ten = (("cat", 0.9), *((f"class {number}", 0.01) for number in range(9)))
    assert hint(_prediction("sure", *ten)) == ""
    assert hint(_prediction("unsure", *ten)) == "Cropping to the object may help."
    assert "a cat" in hint(_prediction("none", *ten))


def test_network_of_few_classes_is_said_to_know_no_others() -> None:
    three = (("dog", 0.7), ("cat", 0.2), ("polar_bear", 0.1))
    limits = "This network knows only cat, dog and polar bear, and often takes other things for"
    assert hint(_prediction("sure", *three)).startswith(limits)
    assert limits in hint(_prediction("unsure", *three))
    assert limits not in hint(_prediction("none", *three))


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.0, "0 %"), (0.001, "< 1 %"), (0.42, "42 %"), (0.9999, "> 99 %"), (1.0, "100 %")],
)
def test_percentages_do_not_round_to_certainty(probability: float, text: str) -> None:
    assert formatting.percent(probability) == text


def test_progress() -> None:
    assert formatting.progress(1_500_000, 3_000_000) == "1.5 MB of 3.0 MB (50%)"
    assert formatting.progress(1, None) == "1 kB"


def test_durations() -> None:
    assert formatting.duration(0.0004) == "under 1 ms"
    assert formatting.duration(0.0042) == "4 ms"
    assert formatting.duration(2.5) == "2.5 s"
