"""A network ready to classify pictures; used by the window and the command line."""

import threading
import time
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from trainer.data.normalization import normalize
from trainer.images.crop import Crop
from trainer.images.preprocess import Pixels, resize
from trainer.inference.energy_score import energy_score
from trainer.inference.prediction import SURE, ClassProbability, Prediction, Verdict
from trainer.inference.views import predict_mirrored
from trainer.models.model_file import ModelCard, load_model
from trainer.models.network import Network


class Predictor:
    """Classifies pictures on the CPU in float32, the same on every computer; thread-safe.

    Attributes:
        card: Metadata of the model file.
    """

    def __init__(self, network: Network, card: ModelCard) -> None:
        self._network = network.to(memory_format=torch.channels_last).eval()
        self._lock = threading.Lock()
        self.card = card

    @classmethod
    def load(cls, path: Path) -> "Predictor":
        """Load a model file.

        Raises:
            ModelFileError: If it is missing, damaged, not a model file or of a newer version.
        """
        return cls(*load_model(path))

    def predict(self, image: Image.Image, crop: Crop | None = None) -> Prediction:
        """Classify a picture, or the crop of it.

        Args:
            image: RGB picture of any size.
            crop: Crop to classify; the whole picture if None.
        """
        start = time.perf_counter()
        seen = resize(image.crop(crop.box(*image.size)) if crop else image, self.card.input_size)
        logits = self._logits(seen) / self.card.temperature
        score = energy_score(logits[None]).item()
        probabilities = logits.softmax(0).tolist()
        named = zip(self.card.classes, probabilities, strict=True)
        ranked = sorted(named, key=lambda pair: pair[1], reverse=True)
        classes = tuple(ClassProbability(name=name, probability=p) for name, p in ranked)
        return Prediction(
            classes=classes,
            verdict=self._verdict(classes[0].probability, score),
            energy_score=score,
            seen=seen.tobytes(),
            seconds=time.perf_counter() - start,
        )

    def _logits(self, seen: Pixels) -> Tensor:
        images = torch.from_numpy(seen).permute(2, 0, 1)[None]
        batch = normalize(images, self.card.mean, self.card.std)
        with self._lock:
            return predict_mirrored(self._network, batch)[0]

    def _verdict(self, probability: float, score: float) -> Verdict:
        if score < self.card.unknown_threshold:
            return "none"
        return "sure" if probability >= SURE else "unsure"
