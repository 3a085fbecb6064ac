"""Loads one picture at a time for the Classify tab, and shows on its pages that this takes time."""

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from cifar_desktop.classify import prediction_text
from cifar_desktop.classify.pages import ClassifyPages
from cifar_desktop.classify.services.image_loader import ImageLoader
from cifar_desktop.classify.services.picture_offer import LoadedPicture, Offer
from trainer.errors import TrainerError

_BUSY_AFTER_MS = 150
"""A picture that loads faster than this replaces the previous one without a progress page."""


class PictureLoading(QObject):
    """Follows the request for the latest picture.

    Args:
        loader: Loads pictures.
        pages: Show the progress.

    Signals:
        busy_changed: Whether a picture is loading, which can be cancelled.
        slow: A download takes so long that its progress is to be shown.
        loaded: `LoadedPicture`.
        failed: `TrainerError`, `Cancelled` among them.
    """

    busy_changed = Signal(bool)
    slow = Signal()
    loaded = Signal(object)
    failed = Signal(object)

    def __init__(self, loader: ImageLoader, pages: ClassifyPages) -> None:
        super().__init__(pages)
        self._loader, self._pages = loader, pages
        self._request: int | None = None
        self._begun = QElapsedTimer()
        self._delay = QTimer(self, singleShot=True, interval=_BUSY_AFTER_MS)
        self._delay.timeout.connect(self._on_slow)
        self.offer = Offer(())
        loader.loaded.connect(self._on_loaded)
        loader.failed.connect(self._on_failed)
        loader.progressed.connect(self._on_progressed)

    def start(self, offer: Offer) -> None:
        """Load what is offered instead of anything else."""
        # Replacing a request ends it at once; its end must not be taken for that of the new one.
        self._request = None
        self.offer = offer
        self._request = self._loader.load(offer)
        self._begun.start()
        self._set_busy(busy=True)
        busy = self._pages.busy
        busy.begin("Downloading…", offer.name, offer.origin)
        if self._pages.currentWidget() in (busy, self._pages.failed):
            self._on_slow()
        else:
            self._delay.start()

    @Slot()
    def cancel(self) -> None:
        """Stop loading, which ends in `failed`."""
        self._loader.cancel()

    @Slot()
    def _on_slow(self) -> None:
        # A file takes too little time for more than the line.
        if self.offer.remote:
            self.slow.emit()

    @Slot(int, object, object)
    def _on_progressed(self, request: int, got: int, expected: int | None) -> None:
        if request == self._request:
            self._pages.line.show_fraction(min(1.0, got / expected) if expected else None)
            seconds = self._begun.elapsed() / 1000
            self._pages.busy.show_progress(prediction_text.download(got, expected, seconds))

    @Slot(int, object)
    def _on_loaded(self, request: int, picture: LoadedPicture) -> None:
        if request == self._request:
            self._end()
            self.loaded.emit(picture)

    @Slot(int, object)
    def _on_failed(self, request: int, error: TrainerError) -> None:
        if request == self._request:
            self._end()
            self.failed.emit(error)

    def _end(self) -> None:
        self._request = None
        self._delay.stop()
        self._set_busy(busy=False)

    def _set_busy(self, *, busy: bool) -> None:
        self._pages.panel.set_dimmed(dimmed=busy)
        self._pages.line.wait("picture", waiting=busy)
        self.busy_changed.emit(busy)
