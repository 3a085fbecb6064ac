"""Notes in the log when the window stood, the network was ready and the first answer was there.

Made by `app`. A slow start can be understood from a person's log, and `benchmarks.package` measures
the packaged program by these lines.
"""

import logging

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from cifar_desktop.classify.prediction_controller import PredictionController
from cifar_desktop.networks.services.inference_worker import InferenceWorker

log = logging.getLogger(__name__)


class StartupLog(QObject):
    """Watches one start of the program.

    Args:
        window: The window.
        worker: Loads the network.
        answering: Gets the answers.

    Signals: none.
    """

    def __init__(
        self, window: QWidget, worker: InferenceWorker, predictions: PredictionController
    ) -> None:
        super().__init__(window)
        self._window, self._predictions = window, predictions
        window.installEventFilter(self)
        worker.network_ready.connect(self._on_network_ready)
        predictions.answer_changed.connect(self._on_answer)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the window being painted."""
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            # After the painting, not before it.
            QTimer.singleShot(0, self, lambda: log.info("window shown"))
        return super().eventFilter(watched, event)

    @Slot()
    def _on_network_ready(self) -> None:
        log.info("network ready")

    @Slot()
    def _on_answer(self) -> None:
        if self._predictions.answer is not None:
            self._predictions.answer_changed.disconnect(self._on_answer)
            log.info("first answer")
