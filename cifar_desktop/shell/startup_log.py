"""Logs when the window was shown, the network was ready and the first prediction was made.

Made by `app`. These lines explain a slow start in a user's log, and `benchmarks.package` measures
the packaged program by them.
"""

import logging

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from cifar_desktop.classify.prediction_controller import PredictionController
from cifar_desktop.networks.services.inference_worker import InferenceWorker

log = logging.getLogger(__name__)


class StartupLog(QObject):
    """Watches the start of the program.

    Args:
        window: The window.
        worker: Loads the network.
        predictions: Receives the predictions.

    Signals: none.
    """

    def __init__(
        self, window: QWidget, worker: InferenceWorker, predictions: PredictionController
    ) -> None:
        super().__init__(window)
        self._window, self._predictions = window, predictions
        window.installEventFilter(self)
        worker.network_ready.connect(self._on_network_ready)
        predictions.prediction_changed.connect(self._on_prediction)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the window is painted."""
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            # After painting, not before it.
            QTimer.singleShot(0, self, lambda: log.info("window shown"))
        return super().eventFilter(watched, event)

    @Slot()
    def _on_network_ready(self) -> None:
        log.info("network ready")

    @Slot()
    def _on_prediction(self) -> None:
        if self._predictions.classification is not None:
            self._predictions.prediction_changed.disconnect(self._on_prediction)
            log.info("first prediction")
