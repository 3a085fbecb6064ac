"""Keeps the prediction in step with the picture, its crop and the network in use.

The half of the Classify tab that runs the network; the tab itself loads pictures.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, QSize, Signal, Slot

from cifar_desktop.classify import prediction_text
from cifar_desktop.classify.services.picture_offer import LoadedPicture
from cifar_desktop.classify.widgets.picture_pane import PicturePane
from cifar_desktop.classify.widgets.prediction_panel import PredictionPanel
from cifar_desktop.common.notices import Notice, NoticeBoard, Topic
from cifar_desktop.networks.card_text import class_names
from cifar_desktop.networks.chooser import NetworkChooser
from cifar_desktop.networks.services.inference_worker import InferenceWorker
from cifar_desktop.networks.services.model_service import Classification
from trainer.errors import Cancelled, TrainerError

if TYPE_CHECKING:
    from trainer.models.model_file import ModelCard

_LOADING = "Loading the network…"
_CLASSIFYING = "Classifying…"


class PredictionController(QObject):
    """Classifies the picture in the pane and shows the prediction in the panel.

    Args:
        worker: Runs the network.
        networks: Chooses the network.
        board: Shows errors.
        pane: Shows the picture.
        panel: Shows the prediction.

    Signals:
        prediction_changed: The prediction changed or was cleared.
        classes_known: Readable class names of the network; empty without a network.
    """

    prediction_changed = Signal()
    classes_known = Signal(list)

    def __init__(
        self,
        worker: InferenceWorker,
        networks: NetworkChooser,
        board: NoticeBoard,
        pane: PicturePane,
        panel: PredictionPanel,
    ) -> None:
        super().__init__(pane)
        self._worker, self._board, self._pane, self._panel = worker, board, pane, panel
        self._picture: LoadedPicture | None = None
        self._classification: Classification | None = None
        self._request: int | None = None
        self._in_use: ModelCard | None = None
        self._opening = True  # Until the first network is loaded or has failed.
        pane.crop_changed.connect(self._classify)
        worker.network_found.connect(self._on_network_found)
        worker.network_ready.connect(self._on_network_ready)
        networks.opening.connect(self._on_network_opening)
        networks.gave_up.connect(self._on_network_failed)
        worker.predicted.connect(self._on_predicted)
        worker.failed.connect(self._on_failed)

    @property
    def picture(self) -> LoadedPicture | None:
        """The picture on screen, or None."""
        return self._picture

    @property
    def network(self) -> "ModelCard | None":
        """The network in use, or None."""
        return self._in_use

    @property
    def waiting(self) -> bool:
        """Whether the first prediction for a picture is pending."""
        return self._picture is not None and self._panel.waiting

    @property
    def classification(self) -> Classification | None:
        """The prediction for this picture, or None."""
        return self._classification

    def show_picture(self, picture: LoadedPicture) -> None:
        """Show another picture and classify it; the previous prediction is cleared at once."""
        self._picture = picture
        size = QSize(picture.width, picture.height)
        self._pane.show_picture(picture.preview, picture.name, picture.origin, size)
        self._clear_prediction()
        self._classify(self._pane.view.crop)

    def copied_text(self) -> str:
        """The prediction as plain text; empty if there is none."""
        if self._classification is None or self._picture is None:
            return ""
        return prediction_text.copied_text(self._classification, self._picture)

    @Slot(QRectF)
    def _classify(self, crop: QRectF) -> None:
        if self._picture is None or not (self._in_use or self._opening):
            return
        # Replacing a request ends it at once; its end must not be taken for that of the new one.
        self._request = None
        self._request = self._worker.predict(self._picture.image, prediction_text.crop_of(crop))

    def _clear_prediction(self) -> None:
        self._classification = None
        if self._in_use is None and not self._opening:
            self._panel.show_missing()
        else:
            self._panel.show_waiting(_CLASSIFYING if self._in_use else _LOADING)
        self.prediction_changed.emit()

    @Slot(int, object)
    def _on_predicted(self, request: int, classification: Classification) -> None:
        if request == self._request and self._picture is not None:
            self._classification = classification
            view = self._pane.view
            text = prediction_text.panel_text(classification, self._picture, view.crop)
            self._panel.show_prediction(text, moving=view.dragging)
            self.prediction_changed.emit()

    @Slot(int, object)
    def _on_failed(self, request: int, error: TrainerError) -> None:
        if request != self._request or isinstance(error, Cancelled):
            return
        self._classification = None
        if self._in_use is None:
            self._clear_prediction()
        else:
            self._panel.show_failure(error.message)
            self._board.post(Notice.of(error, Topic.NETWORK))
        self.prediction_changed.emit()

    @Slot()
    def _on_network_opening(self) -> None:
        self._opening = True
        if self._in_use is None:
            self._panel.show_waiting(_LOADING)

    @Slot(object)
    def _on_network_found(self, card: "ModelCard") -> None:
        if self._in_use is None:
            self.classes_known.emit(class_names(card))

    @Slot(object)
    def _on_network_ready(self, card: "ModelCard") -> None:
        self._opening, self._in_use = False, card
        self.classes_known.emit(class_names(card))
        if self._picture is not None:
            self._classify(self._pane.view.crop)

    @Slot()
    def _on_network_failed(self) -> None:
        self._opening = False
        if self._in_use is None:
            self.classes_known.emit([])
            self._panel.show_missing()
            self.prediction_changed.emit()
