"""The Training tab: form, live curves, runs. Made by `app`; its page is made when first shown."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from cifar_desktop.common.file_dialogs import FileDialogs
from cifar_desktop.common.lazy_tab import LazyTab
from cifar_desktop.common.notices import NoticeBoard
from cifar_desktop.common.settings import Settings
from cifar_desktop.networks.chooser import NetworkChooser
from cifar_desktop.runs.actions import RunActions
from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.trainer_process.command_queue import CommandQueue

if TYPE_CHECKING:
    from cifar_desktop.training.page import TrainingPage


def training_tab(
    run_manager: RunManager,
    actions: Callable[[], RunActions],
    commands: CommandQueue,
    board: NoticeBoard,
    dialogs: FileDialogs,
    settings: Settings,
    networks: NetworkChooser,
) -> "LazyTab[TrainingPage]":
    """The tab; the arguments are those of `TrainingPage`, with `actions` evaluated late."""

    def make() -> "TrainingPage":
        from cifar_desktop.training.page import TrainingPage

        return TrainingPage(run_manager, actions(), commands, board, dialogs, settings, networks)

    return LazyTab(make, "cifar_desktop.training.page")
