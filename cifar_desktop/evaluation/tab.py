"""The Evaluation tab: what networks confuse. Made by `app`; its page is made when first shown."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from cifar_desktop.common.file_dialogs import FileDialogs
from cifar_desktop.common.lazy_tab import LazyTab
from cifar_desktop.common.notices import NoticeBoard
from cifar_desktop.common.settings import Settings
from cifar_desktop.evaluation.services.evaluator import Evaluator
from cifar_desktop.networks.chooser import NetworkChooser
from cifar_desktop.runs.services.run_manager import RunManager

if TYPE_CHECKING:
    from cifar_desktop.evaluation.page import EvaluationPage

_MODULES = "cifar_desktop.evaluation.page", "trainer.evaluation.report"


def evaluation_tab(
    evaluator: Evaluator,
    run_manager: RunManager,
    networks: NetworkChooser,
    board: NoticeBoard,
    dialogs: FileDialogs,
    settings: Settings,
    classify: Callable[[QImage], None],
) -> "LazyTab[EvaluationPage]":
    """The tab.

    Args:
        evaluator: As of `EvaluationPage`, like the next five.
        run_manager: See there.
        networks: See there.
        board: See there.
        dialogs: See there.
        settings: See there.
        classify: Shows a picture in the Classify tab.
    """

    def make() -> "EvaluationPage":
        from cifar_desktop.evaluation.page import EvaluationPage

        page = EvaluationPage(evaluator, run_manager, networks, board, dialogs, settings)
        page.views.classify_requested.connect(classify)
        return page

    return LazyTab(make, *_MODULES)
