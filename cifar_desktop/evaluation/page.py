"""The page of the Evaluation tab: choose a network, evaluate it, explore its report."""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from cifar_desktop.common import dataset_choices
from cifar_desktop.common.file_dialogs import FileDialogs
from cifar_desktop.common.lazy_tab import TabPage
from cifar_desktop.common.notices import Notice, NoticeBoard, Severity, Topic
from cifar_desktop.common.settings import Settings
from cifar_desktop.evaluation import report_text, targets
from cifar_desktop.evaluation.export import EvaluationExport
from cifar_desktop.evaluation.report_view import ReportViews
from cifar_desktop.evaluation.services.evaluator import EvaluationState, Evaluator
from cifar_desktop.evaluation.services.report_cache import EvaluationTarget
from cifar_desktop.evaluation.widgets.figure_tiles import FigureTiles
from cifar_desktop.evaluation.widgets.header import EvaluationHeader
from cifar_desktop.evaluation.widgets.states import EvaluationMessage, ProgressRow
from cifar_desktop.look.type_scale import QUIET
from cifar_desktop.networks.chooser import NetworkChooser
from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.runs.services.run_summary import RunSummary
from cifar_desktop.trainer_process.outcome import Ending, Outcome
from cifar_desktop.ui.choice_field import Choice
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.style import GRID

_LOW = 60 * GRID
_MARGINS = 20, 12, 20, 20
_LOW_MARGINS = 12, 6, 12, 12
_UNFINISHED = (
    "This run has not finished. Until then its network is evaluated on its own validation images; "
    "choose another network to evaluate on this dataset."
)


class EvaluationPage(TabPage):
    """Shows how accurate a network is, and what it confuses.

    Args:
        evaluator: Runs the evaluations.
        run_manager: The runs that can be evaluated.
        networks: The network files that can be evaluated.
        board: Where errors are posted.
        dialogs: Asks for files and folders.
        settings: Remembers dataset folders.

    Signals: none.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        run_manager: RunManager,
        networks: NetworkChooser,
        board: NoticeBoard,
        dialogs: FileDialogs,
        settings: Settings,
    ) -> None:
        super().__init__()
        self._evaluator, self._run_manager, self._networks = evaluator, run_manager, networks
        self._board, self._dialogs, self._settings = board, dialogs, settings
        self._offered: list[Choice] = []
        self._data_keys = {False: dataset_choices.CIFAR10, True: targets.OWN_DATA}
        self._low = False
        self.header, self.progress = EvaluationHeader(), ProgressRow()
        self.facts, self.hint = FigureTiles(), ElidedLabel()
        self.message, self.views = EvaluationMessage(), ReportViews()
        self.pages = QStackedWidget()
        self.export = EvaluationExport(self.views, self.header.menu, dialogs, board)
        self._arrange()
        self._connect()
        self._show_networks()
        self._show_datasets()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Save height in a low window, where the charts matter more."""
        super().resizeEvent(event)
        self._low = event.size().height() < _LOW
        self._column.setContentsMargins(*(_LOW_MARGINS if self._low else _MARGINS))
        self._column.setSpacing(GRID if self._low else 2 * GRID)
        self._show_hint()

    def begin(self) -> None:
        """Refresh choices and report; called when the page is shown."""
        self._show_networks()
        self._show_datasets()
        state = self._evaluator.state
        # A shown report stays as it was left, unless its target is gone.
        if state.report is None or state.target != self._chosen():
            self._update_target()

    def show_run(self, path: Path) -> None:
        """Show the evaluation of a run."""
        self._show_networks()
        if self.header.network.choose(targets.run_key(path)):
            self._data_keys[True] = targets.OWN_DATA
            self._update_target()
            self.header.network.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Finish pending work."""
        self.export.shutdown()

    def _arrange(self) -> None:
        self.pages.addWidget(self.message)
        self.pages.addWidget(self.views)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*_MARGINS)
        self._column.setSpacing(2 * GRID)
        self.hint.setForegroundRole(QUIET)
        for part in (self.progress, self.facts, self.hint):
            self._column.addWidget(part)
        self._column.addWidget(self.pages, 1)

    def _connect(self) -> None:
        header = self.header
        header.network_chosen.connect(self._update_target)
        header.data_chosen.connect(self._on_data_chosen)
        header.browse_requested.connect(self._choose_data)
        header.evaluate_requested.connect(self._evaluate)
        self.message.evaluate_requested.connect(self._evaluate)
        self.message.find_requested.connect(self._find_data)
        self.message.browse_requested.connect(self._choose_data)
        self.views.missing.evaluate_requested.connect(self._evaluate)
        self.views.missing.browse_requested.connect(self._choose_data)
        self.progress.cancel_requested.connect(self._evaluator.cancel)
        self._evaluator.changed.connect(self._show)
        self._evaluator.other_finished.connect(self._on_other_finished)
        self._networks.changed.connect(self._show_networks)
        self._run_manager.runs.list_changed.connect(self._show_networks)
        self._run_manager.runs.changed.connect(self._show_networks)
        self._run_manager.finished.connect(self._on_finished)

    @Slot()
    def _show_networks(self) -> None:
        """Offer the current runs and networks; a missing choice is replaced."""
        offered = targets.choices(self._run_manager.runs.summaries, self._networks.entries)
        field = self.header.network
        # Not while the list is open; the next change catches up.
        if offered == self._offered or field.view().isVisible():
            return
        before, self._offered = field.key, offered
        keys = [each.key for each in offered if each.enabled]
        field.show_choices(offered, before if before in keys else targets.first_key(offered))
        if field.key != before and self.isVisible():
            self._update_target()

    @Slot()
    def _update_target(self) -> None:
        """Show the chosen target and what is known about it."""
        self._show_datasets()
        self._evaluator.show(self._chosen())

    def _chosen(self) -> EvaluationTarget | None:
        return targets.target(self.header.network.key, self.header.data.key)

    @property
    def _run(self) -> RunSummary | None:
        """The chosen run; None for a network file."""
        target = targets.target(self.header.network.key, "")
        known = self._run_manager.runs
        return known.summary(target.path) if target is not None and target.is_run else None

    @Slot()
    def _evaluate(self) -> None:
        self._evaluate_target()

    def _evaluate_target(self, data: str = "") -> None:
        self._board.clear(Topic.EVALUATION)
        # A GPU that is training has no memory to spare.
        device = "cpu" if self._run_manager.active else "auto"
        self._evaluator.evaluate(data=data, device=device)

    @Slot()
    def _choose_data(self) -> None:
        folder = self._dialogs.dataset(self)
        if folder is not None:
            self.choose_dataset(folder)

    def choose_dataset(self, folder: Path) -> None:
        """Evaluate on a folder, as with the button for it."""
        self._settings.remember_dataset_folder(str(folder))
        self._on_data_chosen(str(folder))
        if self.header.data.key != str(folder):
            self._board.post(Notice(sentence=_UNFINISHED, topic=Topic.EVALUATION))

    @Slot(str)
    def _on_data_chosen(self, key: str) -> None:
        self._data_keys[self._run is not None] = key
        self._update_target()

    def _show_datasets(self) -> None:
        """Offer a run's own dataset and known folders; the chosen one stays, even if missing."""
        run, folders = self._run, self._settings.dataset_folders
        chosen = self._data_keys[run is not None]
        if chosen not in (dataset_choices.CIFAR10, targets.OWN_DATA, *folders):
            folders = [chosen, *folders]
        self.header.data.show_choices(targets.data_choices(run, folders), chosen)

    @Slot()
    def _find_data(self) -> None:
        folder = self._dialogs.dataset(self)
        if folder is not None:
            self._evaluate_target(str(folder))

    @Slot(object, object)
    def _on_finished(self, path: Path, _outcome: Outcome) -> None:
        target = self._evaluator.state.target
        if target is not None and target.is_run and target.path == path:
            self._evaluator.show(target)

    @Slot(object, object)
    def _on_other_finished(self, target: EvaluationTarget, outcome: Outcome) -> None:
        name = self._name(target)
        if outcome.ending is Ending.DONE:
            sentence, severity = f"“{name}” has been evaluated.", Severity.SUCCESS
        else:
            sentence, severity = f"“{name}”: {outcome.sentence}", Severity.ERROR
        notice = Notice(
            sentence=sentence, topic=Topic.EVALUATION, severity=severity, details=outcome.details
        )
        self._board.post(notice)

    def _name(self, target: EvaluationTarget) -> str:
        """Name of a target; with its dataset if only that differs from the shown target."""
        name = targets.name(target, self._run_manager.runs.summaries, self._networks.entries)
        shown = self._evaluator.state.target
        same = shown is not None and shown.path == target.path
        return f"{name} on {targets.data_title(target, '')}" if same else name

    @Slot(object)
    def _show(self, state: EvaluationState) -> None:
        summary, evaluating = state.summary, state.step is not None
        self._show_step(state)
        self._show_button(state)
        self.views.show_report(summary)
        if summary is not None and state.report is None:
            self.views.missing.show_message(
                *report_text.without_images(summary), evaluate="Eva&luate", browse=True
            )
        self.facts.show_figures(report_text.facts(summary) if summary else ())
        self.facts.setVisible(summary is not None)
        self._show_hint()
        self.pages.setCurrentWidget(self.message if summary is None else self.views)
        if summary is None:
            self._show_message(state, evaluating=evaluating)
        elif state.error is not None:
            self._board.post(Notice.of(state.error, Topic.EVALUATION))

    def _show_hint(self) -> None:
        state = self._evaluator.state
        report = state.summary
        # That these are not the test images must always be visible, and what is odd about them.
        important = report is not None and (report.split == "validation" or bool(report.notes))
        self.hint.setVisible(important)
        if report is not None:
            data = targets.data_title(state.target, report.data)
            text = report_text.hint(report, data)
            # In a low window, the rest goes into the tooltip.
            shown = text.partition(". ")[0] + "." if self._low else text
            self.hint.show_text(shown, text)
            self.facts.explain(text)

    def _show_step(self, state: EvaluationState) -> None:
        step = state.step or state.other_step
        if step is not None:
            text = report_text.progress(step)
            if state.other is not None:
                text = report_text.other_progress(self._name(state.other), step)
            self.progress.show_progress(text, step.fraction)
        had_focus = self.progress.cancel.hasFocus()
        began = step is not None and self.progress.isHidden()
        pressed = self.header.evaluate.hasFocus() or self.message.evaluate.hasFocus()
        self.progress.setVisible(step is not None)
        # Hiding the focused widget would send the focus anywhere.
        if began and pressed:
            self.progress.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        elif had_focus and step is None:
            self.header.network.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_button(self, state: EvaluationState) -> None:
        report, target = state.report, state.target
        own = target is not None and not target.data
        final = own and report is not None and report.split == "test"
        label = "Eva&luate"
        if report is not None:
            label = "Up&date" if own else "Eva&luate again"
        # Without any figures the button is in the message.
        shown = state.summary is not None and not final
        self.header.show_buttons(
            evaluate=label if shown else "", first=report is None, save=state.summary is not None
        )
        tip = "Evaluate the network of the last checkpoint" if own else "Repeat the evaluation"
        if state.other is not None:
            tip = f"“{self._name(state.other)}” is being evaluated; wait, or stop that first"
        free = state.step is None and state.other is None
        self.header.evaluate.setToolTip(tip)
        self.header.evaluate.setEnabled(free and not state.loading)
        for button in (self.message.evaluate, self.views.missing.evaluate):
            button.setToolTip(tip if state.other is not None else "")
            button.setEnabled(free)

    def _show_message(self, state: EvaluationState, *, evaluating: bool) -> None:
        message, target, error = self.message, state.target, state.error
        if target is None:
            message.show_message("Nothing to evaluate", "Train a network or open one first.")
        elif evaluating:
            message.show_message("Evaluating…", "The results appear here when it is finished.")
        elif error is not None:
            message.show_message(
                "The evaluation failed",
                error.message,
                evaluate="&Try again",
                find=targets.data_are_gone(target),
                browse=bool(target.data),
            )
        elif state.loading:
            message.show_message("")
        else:
            run = self._run_manager.runs.summary(target.path)
            over = run is None or run.has_model
            heading, text = report_text.invitation(target, over=over)
            message.show_message(heading, text, evaluate="Eva&luate")
