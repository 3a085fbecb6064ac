"""The network in use; imports torch when the first one is loaded.

No Qt here. `inference_worker` calls it on its thread.
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
    """A prediction, and the network that made it.

    Attributes:
        prediction: The classes with their probabilities.
        card: The model card of the network.
        network: The name of the network.
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
        """Read the model card of a network file; fast, because torch is not needed.

        Raises:
            ModelFileError: If the file is missing, damaged or not a model file.
        """
        from trainer.models.model_file import read_card

        return read_card(path)

    def load(self, path: Path) -> "ModelCard":
        """Use the network in a file from now on; if that fails, the previous one stays in use.

        Raises:
            ModelFileError: If the file is missing, damaged or not a model file.
        """
        with smooth_import():
            from trainer.inference.predictor import Predictor

        self._predictor = Predictor.load(path)
        self._name = "built in" if path == bundled_model() else path.stem
        return self._predictor.card

    def warm_up(self) -> None:
        """Classify an empty picture, because the first prediction takes longest."""
        if self._predictor is not None:
            from PIL import Image

            self._predictor.predict(Image.new("RGB", (64, 64)))

    def predict(self, image: "Image.Image", crop: Crop | None) -> Classification:
        """Classify a picture or a crop of it.

        Raises:
            ModelFileError: If no network is loaded.
        """
        if self._predictor is None:
            raise ModelFileError("There is no network to classify with. Open a network file first.")
        prediction = self._predictor.predict(image, crop)
        return Classification(prediction=prediction, card=self._predictor.card, network=self._name)
