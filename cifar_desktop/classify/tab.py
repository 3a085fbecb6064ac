"""The Classify tab: loads pictures; `PredictionController` classifies them.

The main window passes it drops and menu commands.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QMimeData, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cifar_desktop.classify import prediction_text, samples
from cifar_desktop.classify.header import ClassifyHeader
from cifar_desktop.classify.pages import ClassifyPages
from cifar_desktop.classify.prediction_controller import PredictionController
from cifar_desktop.classify.services import picture_offer
from cifar_desktop.classify.services.image_loader import ImageLoader
from cifar_desktop.classify.services.picture_offer import LoadedPicture, Offer
from cifar_desktop.classify.widgets.address_bar import AddressBar
from cifar_desktop.classify.widgets.crop_geometry import is_whole
from cifar_desktop.common.file_dialogs import FileDialogs
from cifar_desktop.common.notices import Action, Notice, NoticeBoard, Severity, Topic
from cifar_desktop.networks.chooser import NetworkChooser
from cifar_desktop.networks.menu_binding import join
from cifar_desktop.networks.services.inference_worker import InferenceWorker
from cifar_desktop.networks.widgets.picker import NetworkPicker
from trainer.errors import Cancelled, TrainerError

_BUSY_AFTER_MS = 150
"""A picture that loads faster than this replaces the previous one without a progress page."""


class ClassifyTab(QWidget):
    """Loads and classifies one picture at a time.

    Args:
        loader: Loads pictures.
        worker: Runs the network.
        networks: Chooses the network.
        board: Shows errors.
        dialogs: File dialogs.

    Attributes:
        header: The tab's actions, for the header row of the window.

    Signals:
        busy_changed: Whether a picture is loading, which can be cancelled.
        prediction_changed: Whether a prediction is shown, which can be copied.
        picture_changed: Name of the picture on screen; empty if there is none.
        crop_changed: Whether a crop of the picture is shown, which can be reset.
        dataset_requested: Folder that the user wants to train on.
        details_requested: `Notice` of a failure whose details are to be copied.
    """

    busy_changed = Signal(bool)
    prediction_changed = Signal(bool)
    picture_changed = Signal(str)
    crop_changed = Signal(bool)
    dataset_requested = Signal(object)
    details_requested = Signal(object)

    def __init__(
        self,
        loader: ImageLoader,
        worker: InferenceWorker,
        networks: NetworkChooser,
        board: NoticeBoard,
        dialogs: FileDialogs,
    ) -> None:
        super().__init__()
        self._loader, self._board, self._dialogs = loader, board, dialogs
        self.networks = networks
        self._offer = Offer(())
        self._failure: Notice | None = None
        self._loading: int | None = None
        self._begun = QElapsedTimer()
        self._busy_delay = QTimer(self, singleShot=True, interval=_BUSY_AFTER_MS)
        self.address, self.picker = AddressBar(), NetworkPicker()
        self.header = ClassifyHeader(self.address, self.picker)
        self.pages = pages = ClassifyPages()
        self.empty, self.busy, self.failed = pages.empty, pages.busy, pages.failed
        self.work, self.pane, self.panel = pages.work, pages.pane, pages.panel
        self.predictions = PredictionController(worker, networks, board, self.pane, self.panel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(pages)
        self._connect()

    @property
    def working_area(self) -> QWidget:
        """What notices lie over: never the prediction."""
        return self.pane if self.pages.currentWidget() is self.work else self.pages

    def regions(self) -> list[QWidget]:
        """The parts that F6 goes to."""
        shown = self.pages.currentWidget() is self.work
        return [self.working_area, self.panel] if shown else [self.working_area]

    @property
    def shows_failure(self) -> bool:
        """Whether the notice about the picture would only repeat what the page says."""
        return self.pages.currentWidget() in (self.failed, self.busy)

    def focus_start(self) -> None:
        """Focus the Open button, where Ctrl+V pastes a photo, not the address field."""
        self.empty.open.setFocus()

    def offer(self, offer: Offer) -> None:
        """Show the picture in an offer, or use the network in it."""
        # An address typed earlier must not remain beside a picture from elsewhere.
        self.address.field.clear()
        self._take(offer)

    def _take(self, offer: Offer) -> None:
        if not offer.sources:
            self._refuse("That contains no picture. Try a photo, or the address of one.")
        elif offer.network is not None:
            self.import_and_use(offer.network)
        elif offer.foreign_network is not None:
            self._refuse(
                f"“{offer.foreign_network.name}” is a model file of another program or a "
                "checkpoint. This program opens pictures, and networks that it has saved itself "
                "(.safetensors)."
            )
        else:
            self._start(offer)

    def _refuse(self, sentence: str) -> None:
        """Say why something cannot be opened; an earlier failure is no longer the topic."""
        if self.pages.currentWidget() is self.failed:
            self._go_back()
        self._notify(sentence)

    def offer_mime(self, mime: QMimeData) -> None:
        """Load what was dropped or pasted."""
        self.offer(picture_offer.from_mime(mime))

    def open_arguments(self, arguments: Sequence[str], files: int | None = None) -> None:
        """Load what the command line names; `files` is how many it names if these are not all."""
        sources = tuple(picture_offer.from_argument(text) for text in arguments)
        self.offer(Offer(sources, files=len(sources) if files is None else files))

    def use_network(self, path: Path) -> None:
        """Use the network in a file from now on."""
        self.networks.use(path)

    def import_and_use(self, path: Path, name: str = "") -> None:
        """Copy a network file into the user's library, and use it from now on."""
        self.networks.import_and_use(path, name)

    @Slot()
    def paste(self) -> None:
        """Load what is on the clipboard."""
        self.offer_mime(QGuiApplication.clipboard().mimeData())

    @Slot(str)
    def enter(self, text: str) -> None:
        """Load a typed address or path."""
        if (source := picture_offer.from_text(text)) is not None:
            self._take(Offer((source,)))
            return
        self._refuse(
            f"“{text.strip()[:80]}” is neither a web address nor an existing file. An address "
            "looks like https://example.org/cat.jpg"
        )

    @Slot()
    def choose_picture(self) -> None:
        """Ask for a picture file and show it."""
        if paths := self._dialogs.pictures(self):
            self.offer(picture_offer.from_paths(paths))

    @Slot()
    def choose_network(self) -> None:
        """Ask for a network file, copy it into the library and use it."""
        if (path := self._dialogs.network(self)) is not None:
            self.import_and_use(path)

    @Slot()
    def cancel(self) -> None:
        """Stop loading, and return to the previous picture."""
        self._loader.cancel()

    @Slot()
    def copy_prediction(self) -> None:
        """Copy the prediction to the clipboard as text."""
        if self._has_prediction():
            QGuiApplication.clipboard().setText(self.predictions.copied_text())

    def _connect(self) -> None:
        for opener in (self.address, self.empty, self.failed):
            opener.open_requested.connect(self.choose_picture)
        for canceller in (self.address, self.busy):
            canceller.cancel_requested.connect(self.cancel)
        for chooser in (self.empty, self.panel):
            chooser.network_requested.connect(self.choose_network)
        self.networks.file_requested.connect(self.choose_network)
        join(self.picker, self.networks, self.choose_network, self)
        self.address.entered.connect(self.enter)
        self.address.closed.connect(self.pages.focus_page)
        self.empty.paste_requested.connect(self.paste)
        self.empty.sample_requested.connect(self._open_sample)
        self.panel.copy_requested.connect(self.copy_prediction)
        self.failed.retry_requested.connect(self._retry)
        self.failed.back_requested.connect(self._go_back)
        self.failed.details_requested.connect(lambda: self.details_requested.emit(self._failure))
        self._busy_delay.timeout.connect(self._show_busy)
        self._loader.loaded.connect(self._on_loaded)
        self._loader.failed.connect(self._on_failed)
        self._loader.progressed.connect(self._on_progressed)
        self.predictions.classes_known.connect(self._show_classes)
        self.predictions.prediction_changed.connect(self._emit_changes)
        self.pane.crop_changed.connect(self._emit_changes)

    def _start(self, offer: Offer) -> None:
        # Replacing a request ends it at once; its end must not be taken for that of the new one.
        self._loading = None
        self._offer = offer
        self._loading = self._loader.load(offer)
        self._set_busy(busy=True)
        self.panel.set_dimmed(dimmed=True)
        self._begun.start()
        self.busy.begin("Downloading…", offer.name, offer.origin)
        if self.pages.currentWidget() in (self.busy, self.failed):
            self._show_busy()
        else:
            self._busy_delay.start()

    @Slot(Path)
    def _open_sample(self, path: Path) -> None:
        self.offer(picture_offer.from_paths([path]))

    @Slot(list)
    def _show_classes(self, names: list[str]) -> None:
        self.empty.show_classes(names, samples.introduction(names), samples.none_caption(names))

    @Slot()
    def _retry(self) -> None:
        self._start(self._offer)

    @Slot()
    def _show_busy(self) -> None:
        """Show a download's progress; a file takes too little time for more than the line."""
        if self._offer.remote:
            self._show_page(self.busy)

    @Slot(int, object, object)
    def _on_progressed(self, request: int, got: int, expected: int | None) -> None:
        if request == self._loading:
            self.pages.line.show_fraction(min(1.0, got / expected) if expected else None)
            seconds = self._begun.elapsed() / 1000
            self.busy.show_progress(prediction_text.download(got, expected, seconds))

    @Slot(int, object)
    def _on_loaded(self, request: int, picture: LoadedPicture) -> None:
        if request != self._loading:
            return
        self._end_loading()
        self._board.clear(Topic.PICTURE)
        self.predictions.show_picture(picture)
        self._show_page(self.work)
        self._report_others(picture)

    def _report_others(self, picture: LoadedPicture) -> None:
        """Say how many of the offered pictures are not shown."""
        sentence = prediction_text.others(picture, self._offer.files)
        if not sentence:
            return
        folder, action = picture.folder, None
        if folder is not None and folder.is_dataset:
            train = partial(self.dataset_requested.emit, folder.path)
            action = Action(label="Train on it", run=train)
        self._board.post(
            Notice(sentence=sentence, topic=Topic.PICTURE, severity=Severity.INFO, action=action)
        )

    @Slot(int, object)
    def _on_failed(self, request: int, error: TrainerError) -> None:
        if request != self._loading:
            return
        self._end_loading()
        if isinstance(error, Cancelled):
            self._go_back()
            return
        self.failed.show_failure(
            self._offer.name,
            self._offer.origin,
            error.message,
            retry=self._offer.remote,
            back=self.predictions.picture is not None,
        )
        self._show_page(self.failed)
        self._failure = Notice.of(error, Topic.PICTURE)
        self._board.post(self._failure)

    def _end_loading(self) -> None:
        self._loading = None
        self._busy_delay.stop()
        self.panel.set_dimmed(dimmed=False)
        self._set_busy(busy=False)

    def _set_busy(self, *, busy: bool) -> None:
        self.address.set_busy(busy=busy)
        self.pages.line.wait("picture", waiting=busy)
        self.busy_changed.emit(busy)

    @Slot()
    def _go_back(self) -> None:
        """Show the previous picture, or the empty page."""
        self._board.clear(Topic.PICTURE)
        self._show_page(self.work if self.predictions.picture else self.empty)

    def _show_page(self, page: QWidget) -> None:
        self.pages.show_page(page)
        self._emit_changes()

    @Slot()
    def _emit_changes(self) -> None:
        picture = self.predictions.picture
        self.pages.line.wait("prediction", waiting=self.predictions.waiting)
        shown = self.pages.currentWidget() is self.work and picture is not None
        self.picture_changed.emit(picture.name if shown and picture else "")
        self.prediction_changed.emit(self._has_prediction())
        self.crop_changed.emit(shown and not is_whole(self.pane.view.crop))

    def _has_prediction(self) -> bool:
        return (
            self.pages.currentWidget() is self.work and self.predictions.classification is not None
        )

    def _notify(self, sentence: str) -> None:
        notice = Notice(sentence=sentence, topic=Topic.PICTURE, severity=Severity.WARNING)
        self._board.post(notice)
