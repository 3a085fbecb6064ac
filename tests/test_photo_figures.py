"""The arithmetic of the benchmark on photographs, against small cases counted by hand."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.metrics import roc_auc_score
from torch import nn

from benchmarks import photos
from benchmarks.photo_figures import Answers, figures
from benchmarks.photo_views import CROPS, WAYS, cropped, view_logits
from tests.trainer.tiny import CLASSES, draw, tiny_card
from trainer.inference.predictor import Predictor
from trainer.models.model_file import save_model
from trainer.models.network import Network
from trainer.models.registry import build

NAMES = ["blue", "blue", "blue", "red", "none", "none"]
SOURCES = ["web", "web", "zoo", "zoo", "web", "book"]
ANSWERS = Answers(
    probabilities=torch.tensor(
        [[0.8, 0.1, 0.1], [0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.2, 0.1, 0.7],
         [0.4, 0.3, 0.3], [0.9, 0.05, 0.05]]
    ),
    scores=torch.tensor([5.0, 1.0, 4.0, 3.0, 2.0, 3.5]),
    threshold=2.5,
)  # fmt: skip


def found(**changes: Any) -> dict[str, Any]:
    return figures(ANSWERS, NAMES, SOURCES, CLASSES) | changes


def test_every_figure_is_what_one_counts_by_hand() -> None:
    result = found()
    assert result["top-1"] == 3 / 4
    assert result["macro"] == pytest.approx((2 / 3 + 1) / 2)
    assert result["top-3"] == 1
    assert result["called none"] == 1 / 4
    assert result["none found"] == 1 / 2
    assert result["by class"] == {"blue": pytest.approx(2 / 3), "red": 1}
    assert result["by source"] == {
        "web": {"pictures": 2, "top-1": 1, "called none": 0.5},
        "zoo": {"pictures": 2, "top-1": 0.5, "called none": 0},
    }
    assert result["none by source"] == {
        "book": {"pictures": 1, "found": 0, "AUROC": 0.5},
        "web": {"pictures": 1, "found": 1, "AUROC": 0.75},
    }


def test_the_area_under_the_curve_is_that_of_scikit_learn() -> None:
    known = [name != "none" for name in NAMES]
    assert found()["AUROC"] == pytest.approx(roc_auc_score(known, ANSWERS.scores))


def test_the_calibration_error_is_the_mean_gap_of_the_photographs() -> None:
    # Each of the four is in a bin of its own, but the two of 0.7: 0.2 + 2 * 0.3 + 0.6 of four.
    assert found()["ECE"] == pytest.approx((0.2 + 2 * 0.3 + 0.6) / 4, abs=1e-6)


def test_without_other_pictures_there_is_nothing_to_tell_apart() -> None:
    answers = Answers(
        probabilities=ANSWERS.probabilities[:4], scores=ANSWERS.scores[:4], threshold=0
    )
    result = figures(answers, NAMES[:4], SOURCES[:4], CLASSES)
    assert (result["AUROC"], result["none found"], result["none by source"]) == (None, None, {})


def test_ways_of_looking_average_their_views() -> None:
    logits = torch.randn(5, len(CROPS), 2, 3)
    assert WAYS["whole"].of(logits).equal(logits[:, 0, 0])
    assert WAYS["whole + mirrored"].of(logits).allclose(logits[:, 0].mean(1))
    assert WAYS["whole + inner + corners + mirrored"].of(logits).allclose(logits.mean((1, 2)))
    pixels = np.arange(100, dtype=np.uint8).repeat(3).reshape(10, 10, 3)
    views = cropped(Image.fromarray(pixels), 8, len(CROPS))
    assert np.array_equal(views[1], pixels[1:9, 1:9])
    assert np.array_equal(views[-1], pixels[2:, 2:])


@pytest.fixture
def network() -> Network:
    torch.manual_seed(0)
    network = build("sprint-net", 3, (8, 8, 8))
    nn.init.normal_(network.get_parameter("head.weight"), std=20)
    return network


def test_batches_give_the_answers_of_the_program(network: Network) -> None:
    card, images, way = tiny_card(), draw(9, 1).images, WAYS[photos.SHIPPED]
    logits = way.of(view_logits(network.eval(), card, images[:, None], way))
    probabilities = (logits / card.temperature).softmax(1)
    for image, expected in zip(images, probabilities, strict=True):
        picture = Image.fromarray(image.permute(1, 2, 0).contiguous().numpy())
        top = Predictor(network, card).predict(picture).classes[0]
        assert card.classes.index(top.name) == expected.argmax()
        assert top.probability == pytest.approx(expected.max().item(), abs=1e-3)


def test_folders_are_read_and_shown_as_a_table_and_json(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    split = draw(30, 2)
    for number, (image, label) in enumerate(zip(split.images, split.labels, strict=True)):
        name = "none" if number < 6 else CLASSES[int(label)]
        folder = tmp_path / "photos" / name
        folder.mkdir(parents=True, exist_ok=True)
        picture = Image.fromarray(image.permute(1, 2, 0).contiguous().numpy())
        picture.save(folder / f"{'web' if number % 2 else 'zoo'}-{number:02}.png")
    save_model(tmp_path / "net.safetensors", network, tiny_card(unknown_threshold=3.0))
    written = tmp_path / "figures.json"
    arguments = [str(tmp_path / "photos"), str(tmp_path / "net.safetensors"), "--views"]
    monkeypatch.setattr("sys.argv", ["photos", *arguments, "--json", str(written)])
    photos.main()
    text = capsys.readouterr().out
    networks = json.loads(written.read_text())["networks"]
    assert [name.split(": ")[1] for name in networks] == list(WAYS)
    shares = [f"{each['none by source']['zoo']['found']:.1%}" for each in networks.values()]
    (line,) = (line for line in text.splitlines() if line.startswith("none by source: zoo, found"))
    assert line.split()[-len(WAYS) :] == shares
