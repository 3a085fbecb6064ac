"""The network behind the window; the only module here that touches torch, and that only when used.

Qt-free. `inference_worker` calls it on its thread.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cifar_desktop.networks.services.torch_preload import smooth_import
from trainer.errors import ModelFileError
from trainer.files.resources import bundled_model
from trainer.images.crop import Crop
from trainer.inference.prediction import Prediction

if TYPE_CHECKING:
    from PIL import Image

    from trainer.inference.predictor import Predictor
    from trainer.models.model_file import ModelCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What a network says of a picture, and which network it is.

    Attributes:
        prediction: The classes and how far to believe them.
        card: The network that answered.
        network: What to call it.
    """

    prediction: Prediction
    card: "ModelCard"
    network: str


class ModelService:
    """Holds the network in use."""

    def __init__(self) -> None:
        self._predictor: Predictor | None = None
        self._name = ""

    def read_card(self, path: Path) -> "ModelCard":
        """What a network file says of itself; fast, because torch is not needed.

        Raises:
            ModelFileError: If the file is missing, damaged or none of ours.
        """
        from trainer.models.model_file import read_card

        return read_card(path)

    def load(self, path: Path) -> "ModelCard":
        """Use the network in a file from now on; the one before stays in use if this fails.

        Raises:
            ModelFileError: If the file is missing, damaged or none of ours.
        """
        with smooth_import():
            from trainer.inference.predictor import Predictor

        self._predictor = Predictor.load(path)
        self._name = "built in" if path == bundled_model() else path.stem
        return self._predictor.card

    def warm_up(self) -> None:
        """Ask about nothing in particular, because the first question takes longest."""
        if self._predictor is not None:
            from PIL import Image

            self._predictor.predict(Image.new("RGB", (64, 64)))

    def predict(self, image: "Image.Image", crop: Crop | None) -> Classification:
        """Classify a picture or a part of it.

        Raises:
            ModelFileError: If no network is loaded.
        """
        if self._predictor is None:
            raise ModelFileError("There is no network to ask. Open a network file first.")
        prediction = self._predictor.predict(image, crop)
        return Classification(prediction=prediction, card=self._predictor.card, network=self._name)
