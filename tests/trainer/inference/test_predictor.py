"""The prediction for one picture: calibrated, repeatable, the same from every thread."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import torch
from msgspec import structs
from PIL import Image

from tests.trainer.tiny import CLASSES, draw, tiny_card
from trainer.evaluation.evaluate import evaluate
from trainer.images.crop import Crop
from trainer.images.preprocess import resize
from trainer.inference.predictor import Predictor
from trainer.models.registry import build

CARD = tiny_card()


@pytest.fixture
def predictor() -> Predictor:
    torch.manual_seed(1)
    return Predictor(build("sprint-net", 3, CARD.widths), CARD)


@pytest.fixture
def picture() -> Image.Image:
    """Red on the left, blue on the right, not square."""
    picture = Image.new("RGB", (200, 120), (220, 40, 40))
    picture.paste((30, 40, 210), (100, 0, 200, 120))
    return picture


def test_probabilities_are_sorted_and_sum_to_one(
    predictor: Predictor, picture: Image.Image
) -> None:
    answer = predictor.predict(picture)
    shares = [each.probability for each in answer.classes]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1)
    assert {each.name for each in answer.classes} == set(CLASSES)
    assert answer.top(2) == answer.classes[:2]
    assert answer.seconds > 0


def test_predictions_agree_with_evaluation(predictor: Predictor) -> None:
    split = draw(12, 5)
    network = build("sprint-net", 3, CARD.widths)
    network.load_state_dict(predictor._network.state_dict())
    evaluated = evaluate(network.eval(), CARD, split.images, split.labels)
    right = 0
    for image, label in zip(split.images, split.labels, strict=True):
        answer = predictor.predict(Image.fromarray(image.permute(1, 2, 0).numpy()))
        right += answer.classes[0].name == CLASSES[int(label)]
    assert right / 12 == pytest.approx(evaluated.figures.accuracy)


def test_a_mirrored_picture_gets_the_same_prediction(
    predictor: Predictor, picture: Image.Image
) -> None:
    mirrored = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    here, there = predictor.predict(picture), predictor.predict(mirrored)
    assert here.energy_score == pytest.approx(there.energy_score, abs=1e-3)


def test_a_crop_equals_the_cropped_picture(predictor: Predictor, picture: Image.Image) -> None:
    left = Crop(left=0, top=0, right=0.5, bottom=1)
    whole, part = predictor.predict(picture), predictor.predict(picture, left)
    assert replace(part, seconds=0) == replace(
        predictor.predict(picture.crop(left.box(*picture.size))), seconds=0
    )
    assert part.classes != whole.classes


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (2000, 3), (32, 32)])
def test_any_shape_gets_a_prediction(predictor: Predictor, size: tuple[int, int]) -> None:
    assert len(predictor.predict(Image.new("RGB", size)).classes) == 3


def test_verdicts_follow_the_threshold_and_the_probability(picture: Image.Image) -> None:
    torch.manual_seed(1)
    network = build("sprint-net", 3, CARD.widths)
    cards = {
        "none": structs.replace(CARD, unknown_threshold=1e6),
        "sure": structs.replace(CARD, temperature=1e-3),
        "unsure": structs.replace(CARD, temperature=1e3),
    }
    for verdict, card in cards.items():
        assert Predictor(network, card).predict(picture).verdict == verdict


def test_threads_may_predict_at_once(predictor: Predictor) -> None:
    pictures = [Image.new("RGB", (40, 40), (20 * i, 255 - 20 * i, 90)) for i in range(12)]
    alone = [replace(predictor.predict(each), seconds=0) for each in pictures]
    with ThreadPoolExecutor(4) as pool:
        together = [replace(each, seconds=0) for each in pool.map(predictor.predict, pictures)]
    assert alone == together


def test_shrinking_is_antialiased() -> None:
    stripes = Image.new("RGB", (640, 640))
    for x in range(0, 640, 2):
        stripes.paste((255, 255, 255), (x, 0, x + 1, 640))
    pixels = resize(stripes, 32)
    assert pixels.shape == (32, 32, 3)
    assert abs(int(pixels.min()) - 128) < 8
    assert abs(int(pixels.max()) - 128) < 8


@pytest.mark.parametrize(
    "edges",
    [{"left": 0.5, "right": 0.5}, {"top": -0.1}, {"bottom": 1.1}, {"left": 0.9, "right": 0}],
)
def test_an_impossible_crop_is_refused(edges: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="not a crop"):
        Crop(**edges)
